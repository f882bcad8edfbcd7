// Random faults: a given rate of the requests is affected, each by one of the scenarios that match it. The same random
// source produces the same faults for the same requests.
import type { Random } from '../runtime/random.ts';
import type { FaultAction, FaultSubject } from './rules.ts';
import { matches } from './rules.ts';
import type { Scenario } from './scenario.ts';

export interface RandomFaultsOptions {
  /** At least one. */
  readonly scenarios: readonly Scenario[];
  /** The probability that a matching request is affected, 0 to 1. A request within a batch counts as one request. */
  readonly rate: number;
  readonly random: Random;
}

export interface RandomFaults {
  /** The actions that apply to a request whose path is decoded; empty for none. */
  draw(request: FaultSubject): readonly FaultAction[];
}

/** @throws TypeError for a rate out of range */
export function createRandomFaults({ scenarios, rate, random }: RandomFaultsOptions): RandomFaults {
  if (!(rate >= 0 && rate <= 1)) throw new TypeError(`rate must be a number from 0 to 1, not ${rate}`);
  return {
    draw(request) {
      const matching = scenarios.filter(({ on }) => matches(on, request));
      if (matching.length === 0 || random.fraction() >= rate) return [];
      const scenario = matching[Math.floor(random.fraction() * matching.length)];
      return scenario === undefined ? [] : [scenario.do];
    },
  };
}
