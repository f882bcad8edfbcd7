// Many changes in one call: one after the other for one person, at once for several, each with an outcome of its own in
// its own place. Nothing that happens to one is allowed to hide what became of another.
//
// The services behind profiles take some four requests at a time of one application for one mailbox, and know nothing of
// a limit for several mailboxes together. How many writes are under way in all is for `write-limit.ts` to say.

import type { GraphSession } from '../../graph/session.ts';
import type { UpstreamTrace } from '../../runtime/errors.ts';
import { type Refusal, refusal } from '../user-error.ts';
import { refuse, type Written } from './result.ts';

/** Changes of one call at most. */
export const MOST_ITEMS = 100;

/** What became of many changes. */
export interface Many<T> {
  /** One for each change, in its place; an error where the service was in trouble, and nothing was changed. */
  readonly results: readonly (Written<T> | Error)[];
  /** What was wrong with the call as a whole; then nothing was begun, and there are no results. */
  readonly refused: readonly Refusal[];
  /** The writes that were sent for each. */
  readonly writes: readonly (readonly UpstreamTrace[])[];
}

/** What is read once all changes have been made. */
export interface ReadAfter {
  /** The fields of ItemPhone that are wanted of each. */
  readonly fields: readonly string[];
  /** Whether the owners are wanted as they are then. */
  readonly owners: boolean;
}

/** Milliseconds kept for reading after the changes; less where the whole request has little time. */
const READING_MS = 1_000;
const READING_SHARE = 1 / 5;

/** Milliseconds that the changes must leave. */
export function spareFor(isRead: boolean, { remainingMs }: GraphSession): number {
  return isRead ? Math.min(READING_MS, remainingMs * READING_SHARE) : 0;
}

export function refuseAll<T>(...refused: readonly Refusal[]): Many<T> {
  return { results: [], refused, writes: [] };
}

/**
 * What became of each, with its fields named from the whole input.
 *
 * @param ofTheCall what is about the whole call, and has its field named from there already
 */
export function manyOf<T>(
  outcomes: readonly (Written<T> | Error)[],
  sessions: readonly (GraphSession | undefined)[],
  ofTheCall: ReadonlySet<Refusal['code']> = NONE,
): Many<T> {
  const results = outcomes.map((one, place) => (one instanceof Error ? one : within(one, place, ofTheCall)));
  return { results, refused: [], writes: outcomes.map((_, place) => sessions[place]?.writes ?? []) };
}

/** Why a list cannot be a call; null when it can. */
export function checkLength(items: readonly unknown[]): Refusal | null {
  if (items.length >= 1 && items.length <= MOST_ITEMS) return null;
  return refusal('INVALID_INPUT', `Give 1 to ${MOST_ITEMS} phones.`, 'phones');
}

/** An item that there is something to do for. */
export interface Todo<R> {
  readonly place: number;
  /** Whose phone: a name of the person. */
  readonly owner: string;
  /** Whether the others of the same person come first. */
  readonly isLast: boolean;
  work(): Promise<R>;
}

/** Works on all of them, and puts what came of each in its place. */
export async function workOff<R>(todos: readonly Todo<R>[], outcomes: (R | Error)[]): Promise<void> {
  const byOwner = Map.groupBy(todos, ({ owner }) => owner);
  const workFor = async (own: readonly Todo<R>[]): Promise<void> => {
    for (const { place, work } of own.toSorted(lastLast)) outcomes[place] = await outcomeOf(work);
  };
  await Promise.all([...byOwner.values()].map(workFor));
}

function lastLast(one: { readonly isLast: boolean }, other: { readonly isLast: boolean }): number {
  return Number(one.isLast) - Number(other.isLast);
}

/** What came of it, or what was thrown. */
export async function outcomeOf<R>(work: () => Promise<R>): Promise<R | Error> {
  try {
    return await work();
  } catch (error) {
    return error instanceof Error ? error : new TypeError('something that is no error was thrown');
  }
}

function within<T>(written: Written<T>, place: number, ofTheCall: ReadonlySet<Refusal['code']>): Written<T> {
  if (written.refused === null) return written;
  return refuse(
    ...written.refused.map((one) =>
      ofTheCall.has(one.code) ? one : { ...one, field: fieldWithin(one, place) },
    ),
  );
}

const NONE: ReadonlySet<Refusal['code']> = new Set();

function fieldWithin({ field }: Refusal, place: number): string[] | null {
  if (field === null) return null;
  const [input = 'input', ...rest] = field;
  return [input, 'phones', String(place), ...rest];
}
