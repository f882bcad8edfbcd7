// The time that a request takes on its way: every request over HTTP waits a number of milliseconds before it is carried
// out, a `$batch` as long as a single one. The same source of chance gives the same latencies for the same requests.
import type { Clock } from '../runtime/clock.ts';
import type { Random } from '../runtime/random.ts';

export interface LatencyOptions {
  /** Whole milliseconds from 0 to 60,000, and no more than `mostMs`. */
  readonly leastMs: number;
  readonly mostMs: number;
  /** What each request draws from when the two differ. */
  readonly random: Random;
}

/** The longest latency, in milliseconds. */
const LONGEST_MS = 60_000;

/**
 * Reads `250`, or `200-300` for a spread.
 *
 * @throws TypeError for anything else
 */
export function readLatency(text: string): Pick<LatencyOptions, 'leastMs' | 'mostMs'> {
  const [, least, most = least] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text.trim()) ?? [];
  const range = { leastMs: Number(least), mostMs: Number(most) };
  if (isRange(range)) return range;
  throw new TypeError(
    `--latency must be milliseconds from 0 to ${LONGEST_MS}, or two with a hyphen, not ${text}`,
  );
}

/** Waits as long as one request takes. Rejects when the emulator closes. */
export type Latency = () => Promise<void>;

/** @throws TypeError for a range that is none */
export function createLatency(
  { leastMs, mostMs, random }: LatencyOptions,
  { clock, closing }: { readonly clock: Clock; readonly closing: AbortSignal },
): Latency {
  if (!isRange({ leastMs, mostMs }))
    throw new TypeError(`latency must be from 0 to ${LONGEST_MS} milliseconds, not ${leastMs} to ${mostMs}`);
  return () => clock.sleep(leastMs + Math.floor(random.fraction() * (mostMs - leastMs + 1)), closing);
}

function isRange({ leastMs, mostMs }: Pick<LatencyOptions, 'leastMs' | 'mostMs'>): boolean {
  return leastMs >= 0 && leastMs <= mostMs && mostMs <= LONGEST_MS;
}
