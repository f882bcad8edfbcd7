// Latency: every HTTP request waits for a number of milliseconds before it is executed. A `$batch` waits as long as a
// single request. The same random source produces the same latencies for the same requests.
import type { Clock } from '../runtime/clock.ts';
import type { Random } from '../runtime/random.ts';

export interface LatencyOptions {
  /** A whole number of milliseconds, 0 to 60,000, and at most `mostMs`. */
  readonly leastMs: number;
  readonly mostMs: number;
  /** Chooses the latency of each request between the two. */
  readonly random: Random;
}

const LONGEST_MS = 60_000;

/**
 * Parses `250`, or `200-300` for a range.
 *
 * @throws TypeError for anything else
 */
export function readLatency(text: string): Pick<LatencyOptions, 'leastMs' | 'mostMs'> {
  const [, least, most = least] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text.trim()) ?? [];
  const range = { leastMs: Number(least), mostMs: Number(most) };
  if (isRange(range)) return range;
  throw new TypeError(
    `--latency must be 0 to ${LONGEST_MS} milliseconds, or a range such as 200-300, not ${text}`,
  );
}

/** Waits for the latency of one request. Rejects when the emulator closes. */
export type Latency = () => Promise<void>;

/** @throws TypeError for an invalid range */
export function createLatency(
  { leastMs, mostMs, random }: LatencyOptions,
  { clock, closing }: { readonly clock: Clock; readonly closing: AbortSignal },
): Latency {
  if (!isRange({ leastMs, mostMs }))
    throw new TypeError(`latency must be 0 to ${LONGEST_MS} milliseconds, not ${leastMs} to ${mostMs}`);
  return () => clock.sleep(leastMs + Math.floor(random.fraction() * (mostMs - leastMs + 1)), closing);
}

function isRange({ leastMs, mostMs }: Pick<LatencyOptions, 'leastMs' | 'mostMs'>): boolean {
  return leastMs >= 0 && leastMs <= mostMs && mostMs <= LONGEST_MS;
}
