// Trouble that comes by chance: of the requests that it can strike, a share is struck, each by one of the scenarios
// that fit it. The same source of chance gives the same trouble for the same requests.
import type { Random } from '../runtime/random.ts';
import type { FaultAction, Subject } from './rules.ts';
import { matches } from './rules.ts';
import type { Scenario } from './scenario.ts';

export interface WeatherOptions {
  /** One or more. */
  readonly scenarios: readonly Scenario[];
  /** The share of requests that is struck, from 0 to 1. A request within a batch counts as one. */
  readonly share: number;
  readonly random: Random;
}

export interface Weather {
  /** What becomes of a request, whose path is readable; empty for nothing. */
  strike(subject: Subject): readonly FaultAction[];
}

/** @throws TypeError when the share is none */
export function createWeather({ scenarios, share, random }: WeatherOptions): Weather {
  if (!(share >= 0 && share <= 1)) throw new TypeError(`a share is a number from 0 to 1, not ${share}`);
  return {
    strike(subject) {
      const fitting = scenarios.filter(({ on }) => matches(on, subject));
      if (fitting.length === 0 || random.fraction() >= share) return [];
      const drawn = fitting[Math.floor(random.fraction() * fitting.length)];
      return drawn === undefined ? [] : [drawn.do];
    },
  };
}
