// Many changes in one call: a few at a time, each with an outcome of its own in its own place. Nothing that happens to
// one is allowed to hide what became of another.
import type { Clock } from '../base/clock.ts';
import { GatewayError, type UpstreamTrace } from '../base/errors.ts';
import type { GraphSession } from '../graph/session.ts';
import { type Refusal, refusal } from './refusal.ts';
import { refuse, type Written } from './written.ts';

/** Changes of one call at most. */
export const MOST_ITEMS = 100;
/** Changes under way at a time: the services behind profiles are said to take four of one application. */
const AT_A_TIME = 4;
/** Milliseconds that have to be left to begin another change; less where the whole call has little time. */
const LEAST_MS = 1_000;
/** Seconds of a pause, when Graph asks for one without saying how long. */
const PAUSE_SECONDS = 1;

/** What became of many changes. */
export interface Many<T> {
  /** One for each change, in its place; an error where the service was in trouble, and nothing was changed. */
  readonly results: readonly (Written<T> | Error)[];
  /** What was wrong with the call as a whole; then nothing was begun, and there are no results. */
  readonly refused: readonly Refusal[];
  /** The writes that were sent for each. */
  readonly writes: readonly (readonly UpstreamTrace[])[];
}

export function refuseAll<T>(...refused: readonly Refusal[]): Many<T> {
  return { results: [], refused, writes: [] };
}

/** Why a list cannot be a call; null when it can. */
export function checkLength(items: readonly unknown[]): Refusal | null {
  if (items.length >= 1 && items.length <= MOST_ITEMS) return null;
  return refusal('INVALID_INPUT', `Give 1 to ${MOST_ITEMS} phones.`, 'phones');
}

/**
 * Works on all items, in their order as far as it can be told.
 *
 * @param work makes one change, in a session of its own, and names fields from the whole input
 */
export async function each<I, T>(
  session: GraphSession,
  clock: Clock,
  items: readonly I[],
  work: (session: GraphSession, item: I, place: number) => Promise<Written<T>>,
): Promise<Many<T>> {
  const least = Math.min(LEAST_MS, session.remainingMs / 5);
  const sessions = items.map(() => session.apart());
  const results = new Array<Written<T> | Error>(items.length);
  let next = 0;
  /** In the clock's elapsed milliseconds. */
  let pausedUntil = 0;

  async function outcomeOf(item: I, place: number, own: GraphSession): Promise<Written<T> | Error> {
    const pause = Math.max(0, pausedUntil - clock.elapsed());
    if (session.ended || session.remainingMs < least) return notBegun();
    if (session.remainingMs - pause < least) return notBegunInPause(pause);
    if (pause > 0) await clock.sleep(pause);
    try {
      return await work(own, item, place);
    } catch (error) {
      if (!(error instanceof Error)) return new TypeError('something that is no error was thrown');
      const isPause = error instanceof GatewayError && error.code === 'THROTTLED';
      if (isPause) pausedUntil = clock.elapsed() + (error.retryAfterSeconds ?? PAUSE_SECONDS) * 1000;
      return error;
    }
  }

  async function workOff(): Promise<void> {
    while (next < items.length) {
      const place = next;
      next += 1;
      results[place] = await outcomeOf(items[place] as I, place, sessions[place] as GraphSession);
    }
  }

  await Promise.all(Array.from({ length: Math.min(AT_A_TIME, items.length) }, workOff));
  return { results, refused: [], writes: sessions.map(({ writes }) => writes) };
}

function notBegun(): GatewayError {
  const message =
    'The request ran out of time before this phone was begun, so nothing was sent for it. Repeat the call.';
  return new GatewayError('TIMEOUT', message, { retryable: true });
}

function notBegunInPause(ms: number): GatewayError {
  const message =
    'Microsoft Graph asked to slow down before this phone was begun, so nothing was sent for it. Repeat the call later.';
  return new GatewayError('THROTTLED', message, { retryable: true, retryAfterSeconds: Math.ceil(ms / 1000) });
}

/** The same outcome, with its fields named from the whole input; those of `whole` are the call's own already. */
export function within<T>(
  written: Written<T>,
  place: number,
  whole: ReadonlySet<Refusal['code']> = NONE,
): Written<T> {
  if (written.refused === null) return written;
  return refuse(
    ...written.refused.map((one) => (whole.has(one.code) ? one : { ...one, field: fieldWithin(one, place) })),
  );
}

const NONE: ReadonlySet<Refusal['code']> = new Set();

function fieldWithin({ field }: Refusal, place: number): string[] | null {
  if (field === null) return null;
  const [input = 'input', ...rest] = field;
  return [input, 'phones', String(place), ...rest];
}
