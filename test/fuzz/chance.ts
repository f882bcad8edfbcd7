// Chance that is the same in every run: a generator from a seed, and a seed from a text.
import { seededRandom } from '../../bench/random.ts';

export interface Chance {
  /** True in a share `odds` of the cases, from 0 to 1. */
  odds(odds: number): boolean;
  /** An integer from 0 up to but not including `limit`. */
  below(limit: number): number;
  pick<T>(list: readonly T[]): T;
}

export function createChance(seed: number): Chance {
  const next = seededRandom(seed);
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    odds: (odds) => next() < odds,
    below,
    pick: <T>(list: readonly T[]): T => list[below(list.length)] as T,
  };
}

/** A 32-bit seed (FNV-1a) from a number and a text. */
export function seedOf(seed: number, text: string): number {
  let hash = 0x811c_9dc5 ^ seed;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x0100_0193);
  }
  return hash >>> 0;
}
