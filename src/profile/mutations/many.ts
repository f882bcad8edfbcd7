// Many changes in one call: one after the other for one person, at once for several, each with a result of its own in its
// own place. Nothing that happens to one hides what became of another.
//
// The services behind profiles take some four requests at a time of one application for one mailbox, and no limit is known
// for several mailboxes together. How many writes are under way in all is decided in `write-limit.ts`.
import type { GraphSession } from '../../graph/session.ts';
import type { Facet } from '../facet.ts';
import { type UserError, userError } from '../user-error.ts';
import { fail, type Result } from './result.ts';

/** Changes of one call at most. */
export const MOST_ITEMS = 100;

/** What became of many changes. */
export interface Many<T> {
  /** One for each change, in its place; an error where the service was in trouble, and nothing was changed. */
  readonly results: readonly (Result<T> | Error)[];
  /** What was wrong with the call as a whole; then nothing was begun, and there are no results. */
  readonly userErrors: readonly UserError[];
}

/** What is read once all changes have been made. */
export interface ReadAfter {
  /** The fields that are selected of each item. */
  readonly fields: readonly string[];
  /** Whether the owners are selected. */
  readonly owners: boolean;
}

/** Milliseconds kept for reading after the changes; less where the whole request has little time. */
const READING_MS = 1_000;
const READING_SHARE = 1 / 5;

/** Milliseconds that the changes must leave. */
export function spareFor(isRead: boolean, { remainingMs }: GraphSession): number {
  return isRead ? Math.min(READING_MS, remainingMs * READING_SHARE) : 0;
}

export function failAll<T>(...userErrors: readonly UserError[]): Many<T> {
  return { results: [], userErrors };
}

/**
 * What became of each, with the fields of user errors named from the whole input.
 *
 * @param ofTheCall codes of what is about the whole call, and has its field named from there already
 */
export function manyOf<T>(
  facet: Facet,
  results: readonly (Result<T> | Error)[],
  ofTheCall: ReadonlySet<UserError['code']> = NONE,
): Many<T> {
  const placed = results.map((one, place) =>
    one instanceof Error ? one : placedIn(one, [facet.segment, String(place)], ofTheCall),
  );
  return { results: placed, userErrors: [] };
}

/** Why a list cannot be a call; null when it can. */
export function checkLength({ segment, words }: Facet, items: readonly unknown[]): UserError | null {
  if (items.length >= 1 && items.length <= MOST_ITEMS) return null;
  return userError('INVALID_INPUT', `Give 1 to ${MOST_ITEMS} ${words.many}.`, segment);
}

/** An item that there is something to do for. */
export interface Todo<R> {
  readonly place: number;
  /** Whose item: a name of the person. */
  readonly owner: string;
  /** Whether the others of the same person come first. */
  readonly isLast: boolean;
  work(): Promise<R>;
}

/** Works on all of them, and puts the result of each in its place. */
export async function workOff<R>(todos: readonly Todo<R>[], results: (R | Error)[]): Promise<void> {
  const byOwner = Map.groupBy(todos, ({ owner }) => owner);
  const workFor = async (own: readonly Todo<R>[]): Promise<void> => {
    for (const { place, work } of own.toSorted(lastLast)) results[place] = await resultOrError(work);
  };
  await Promise.all([...byOwner.values()].map(workFor));
}

function lastLast(one: { readonly isLast: boolean }, other: { readonly isLast: boolean }): number {
  return Number(one.isLast) - Number(other.isLast);
}

/** The result, or what was thrown. */
export async function resultOrError<R>(work: () => Promise<R>): Promise<R | Error> {
  try {
    return await work();
  } catch (error) {
    return error instanceof Error ? error : new TypeError('something that is no error was thrown');
  }
}

const NONE: ReadonlySet<UserError['code']> = new Set();

function placedIn<T>(
  result: Result<T>,
  place: readonly string[],
  ofTheCall: ReadonlySet<UserError['code']>,
): Result<T> {
  if (result.userErrors === null) return result;
  return fail(
    ...result.userErrors.map((one) =>
      ofTheCall.has(one.code) ? one : { ...one, field: fieldIn(one, place) },
    ),
  );
}

function fieldIn({ field }: UserError, place: readonly string[]): string[] | null {
  if (field === null) return null;
  const [input = 'input', ...rest] = field;
  return [input, ...place, ...rest];
}
