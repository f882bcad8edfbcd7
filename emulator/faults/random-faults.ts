// Trouble that comes by chance: of the requests that it can draw, a rate is struck, each by one of the scenarios
// that fit it. The same source of chance gives the same trouble for the same requests.
import type { Random } from '../runtime/random.ts';
import type { FaultAction, FaultSubject } from './rules.ts';
import { matches } from './rules.ts';
import type { Scenario } from './scenario.ts';

export interface RandomFaultsOptions {
  /** One or more. */
  readonly scenarios: readonly Scenario[];
  /** The rate of requests that is struck, from 0 to 1. A request within a batch counts as one. */
  readonly rate: number;
  readonly random: Random;
}

export interface RandomFaults {
  /** What becomes of a request, whose path is readable; empty for nothing. */
  draw(request: FaultSubject): readonly FaultAction[];
}

/** @throws TypeError when the rate is none */
export function createRandomFaults({ scenarios, rate, random }: RandomFaultsOptions): RandomFaults {
  if (!(rate >= 0 && rate <= 1)) throw new TypeError(`a rate is a number from 0 to 1, not ${rate}`);
  return {
    draw(request) {
      const fitting = scenarios.filter(({ on }) => matches(on, request));
      if (fitting.length === 0 || random.fraction() >= rate) return [];
      const drawn = fitting[Math.floor(random.fraction() * fitting.length)];
      return drawn === undefined ? [] : [drawn.do];
    },
  };
}
