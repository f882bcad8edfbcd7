// Random values, as an injected dependency, so that tests get repeatable ids and jitter.
import { randomBytes, randomUUID } from 'node:crypto';

export interface Random {
  /** Returns a version 4 UUID in lower case with hyphens. */
  uuid(): string;
  /** Returns a number from 0 (inclusive) to 1 (exclusive). */
  fraction(): number;
  /** Returns `size` random bytes (1 or more). They are suitable for keys, unless the source is seeded. */
  bytes(size: number): Uint8Array;
}

export const systemRandom: Random = {
  uuid: () => randomUUID(),
  fraction: () => Math.random(),
  bytes: (size) => new Uint8Array(randomBytes(size)),
};

/**
 * Creates a source that gives the same sequence for the same seed on every machine. The algorithm is mulberry32: fast, evenly
 * distributed, and predictable.
 *
 * @param seed any 32-bit integer
 */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  const bytes = (size: number): Uint8Array => Uint8Array.from({ length: size }, () => next() >>> 24);
  return { uuid: () => uuidFrom(bytes(16)), fraction: () => next() / 2 ** 32, bytes };
}

function uuidFrom(bytes: Uint8Array): string {
  const hex = Array.from(bytes, (byte, at) => {
    const marked = at === 6 ? (byte & 0x0f) | 0x40 : at === 8 ? (byte & 0x3f) | 0x80 : byte;
    return marked.toString(16).padStart(2, '0');
  }).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
