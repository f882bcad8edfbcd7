// Update and delete of one item, over a network that loses responses.
//
// Both say what is to be there afterwards, so the outcome is found out by reading. Before a change is sent a second time,
// the item is read again. Where the caller said how the item was, another writer's change in between is not overwritten.
// Where not, nothing is known of before, and an update is not sent again. A DELETE is: its caller wants nothing to be there.
import { GraphFailure } from '../../graph/failure.ts';
import { type GraphQuery, graphQuery, NO_QUERY } from '../../graph/paths.ts';
import type { GraphSession } from '../../graph/session.ts';
import { GatewayError } from '../../runtime/errors.ts';
import type { JsonObject } from '../../runtime/json.ts';
import { type Facet, itemPath, readItem } from '../facet.ts';
import type { ItemFacet } from '../item-facet.ts';
import { notFound, outcomeUnknown, preconditionFailed } from '../user-error.ts';
import { itemIn } from './idempotent-add.ts';
import { matches } from './reconcile.ts';
import { beforeWrite, fail, type Result, succeed } from './result.ts';
import {
  asUnread,
  mayHaveHappened,
  readTarget,
  readTwice,
  sendAndReconcile,
  type Target,
  type Timing,
  waitIfTime,
} from './send.ts';
import type { Turn, WriteLimit } from './write-limit.ts';

export interface Change<Item extends ItemFacet> {
  readonly facet: Facet<Item>;
  readonly session: GraphSession;
  readonly timing: Timing;
  readonly limit: WriteLimit;
  readonly target: Target;
  /** `lastModifiedDateTime` as the caller last saw it; null for any. */
  readonly expected: string | null;
  /** The item as it was just read; absent where it was not. */
  readonly seen?: Item;
}

/** Milliseconds before each read that looks at what became of a change. */
const READ_DELAYS_MS: readonly number[] = [0, 300, 1_000];

/** How a change went, as far as its response tells. */
type Sent<T, Item> =
  | { readonly kind: 'known'; readonly result: Result<T> }
  /** Its response was lost. `seen` is the item as it was before; null where it was not read. */
  | { readonly kind: 'lost'; readonly seen: Item | null };

/** How a change went, after a read where that was needed. */
type Ended<T, Item> =
  | { readonly kind: 'known'; readonly result: Result<T> }
  /** It has not shown. `now` is the item, when it is as it was before: then the change can be sent again. */
  | { readonly kind: 'open'; readonly now: Item | null };

function known<T>(result: Result<T>): { readonly kind: 'known'; readonly result: Result<T> } {
  return { kind: 'known', result };
}

type Attempt = 'first' | 'second';

/**
 * Updates an item. A repeat that finds it as it was asked to be has nothing to do, also when `expected` was before that.
 */
export async function update<Item extends ItemFacet>(
  change: Change<Item>,
  body: JsonObject,
): Promise<Result<Item>> {
  return inTwoAttempts(change, (now, attempt) => patch(now, body, attempt));
}

async function inTwoAttempts<T, Item extends ItemFacet>(
  change: Change<Item>,
  attempt: (change: Change<Item>, attempt: Attempt) => Promise<Ended<T, Item>>,
): Promise<Result<T>> {
  const first = await attempt(change, 'first');
  if (first.kind === 'known') return first.result;
  if (first.now === null || change.session.ended) return fail(outcomeUnknown(change.facet, 'change'));
  const second = await unlessNotBegun(change.facet, attempt({ ...change, seen: first.now }, 'second'));
  return second.kind === 'known' ? second.result : fail(outcomeUnknown(change.facet, 'change'));
}

async function patch<Item extends ItemFacet>(
  change: Change<Item>,
  body: JsonObject,
  attempt: Attempt,
): Promise<Ended<Item, Item>> {
  const { facet } = change;
  const sent = await change.limit.begin(change.session, async (turn): Promise<Sent<Item, Item>> => {
    const seen = await seenBefore(change, NO_QUERY, turn);
    if (isUnexpected(change, seen))
      return known(matches(facet, seen, body) ? succeed(seen) : fail(preconditionFailed(facet)));
    return sendPatch(change, body, { seen, attempt, leastMs: turn.leastMs });
  });
  if (sent.kind === 'known') return sent;
  const now = await readAfter(change, (item) => matches(facet, item, body));
  return endOfPatch(facet, now, body, sent.seen);
}

interface Sending<Item> {
  /** The item as it has to be; null for any. */
  readonly seen: Item | null;
  readonly attempt: Attempt;
  readonly leastMs: number;
}

async function sendPatch<Item extends ItemFacet>(
  { facet, session, timing, target }: Change<Item>,
  body: JsonObject,
  { seen, attempt, leastMs }: Sending<Item>,
): Promise<Sent<Item, Item>> {
  const path = itemPath(facet, target.user, target.id);
  try {
    const write = { method: 'PATCH', path, body, leastMs, ...ifMatch(seen) } as const;
    const response = await sendAndReconcile(session, timing, write);
    const changed = itemIn(facet, response) ?? (await readTarget(session, facet, target).catch(asUnread));
    const isKnown = changed !== null && changed !== 'unread';
    return known(isKnown ? succeed(changed) : fail(outcomeUnknown(facet, 'change')));
  } catch (error) {
    // The first may have arrived late, and then it is what makes the second fail.
    const isLate = attempt === 'second' && error instanceof GraphFailure && error.kind === 'precondition';
    if (!(error instanceof GraphFailure) || !(isLate || mayHaveHappened(error))) throw error;
    return { kind: 'lost', seen };
  }
}

function endOfPatch<Item extends ItemFacet>(
  facet: Facet<Item>,
  now: Item | 'gone' | 'unread',
  body: JsonObject,
  seen: Item | null,
): Ended<Item, Item> {
  if (now === 'gone') return known(fail(notFound(facet)));
  if (now === 'unread') return { kind: 'open', now: null };
  if (matches(facet, now, body)) return known(succeed(now));
  if (seen === null) return { kind: 'open', now: null };
  if (now.lastModifiedDateTime !== seen.lastModifiedDateTime) return known(fail(preconditionFailed(facet)));
  return { kind: 'open', now };
}

/** A second attempt that was not begun leaves the outcome of the first unknown. */
async function unlessNotBegun<T, Item>(
  facet: Facet,
  second: Promise<Ended<T, Item>>,
): Promise<Ended<T, Item>> {
  try {
    return await second;
  } catch (error) {
    if (!(error instanceof GatewayError) || error instanceof GraphFailure) throw error;
    return known(fail(outcomeUnknown(facet, 'change')));
  }
}

/** What a delete needs to know of an item. */
export const ID_AND_DATE = graphQuery([['$select', 'id,lastModifiedDateTime']]);

/** Deletes an item, and gives its id. One that is gone when it is read afterwards is deleted. */
export async function remove<Item extends ItemFacet>(change: Change<Item>): Promise<Result<string>> {
  return inTwoAttempts(change, attemptDelete);
}

async function attemptDelete<Item extends ItemFacet>(
  change: Change<Item>,
  attempt: Attempt,
): Promise<Ended<string, Item>> {
  const { facet } = change;
  const sent = await change.limit.begin(change.session, async (turn): Promise<Sent<string, Item>> => {
    const seen = await seenBefore(change, ID_AND_DATE, turn);
    if (isUnexpected(change, seen)) return known(fail(preconditionFailed(facet)));
    return sendDelete(change, { seen, attempt, leastMs: turn.leastMs });
  });
  if (sent.kind === 'known') return sent;
  const now = await readAfter(change, () => true);
  if (now === 'gone') return known(succeed(change.target.id));
  if (now === 'unread') return known(fail(outcomeUnknown(facet, 'change')));
  return isUnexpected(change, now) ? known(fail(preconditionFailed(facet))) : { kind: 'open', now };
}

async function sendDelete<Item extends ItemFacet>(
  { facet, session, timing, target }: Change<Item>,
  { seen, attempt, leastMs }: Sending<Item>,
): Promise<Sent<string, Item>> {
  try {
    const path = itemPath(facet, target.user, target.id);
    await sendAndReconcile(session, timing, { method: 'DELETE', path, leastMs, ...ifMatch(seen) });
    return known(succeed(target.id));
  } catch (error) {
    if (!(error instanceof GraphFailure)) throw error;
    if (attempt === 'second' && error.kind === 'not-found') return known(succeed(target.id));
    if (!mayHaveHappened(error)) throw error;
    return { kind: 'lost', seen };
  }
}

/** Whether the item is not as the caller expects it to be. */
function isUnexpected<Item extends ItemFacet>({ expected }: Change<Item>, seen: Item | null): seen is Item {
  return expected !== null && seen !== null && seen.lastModifiedDateTime !== expected;
}

/** The item as it is right before the change; null where nothing is expected of it. */
async function seenBefore<Item extends ItemFacet>(
  change: Change<Item>,
  query: GraphQuery,
  { waited }: Turn,
): Promise<Item | null> {
  if (change.expected === null) return null;
  return change.seen === undefined || waited ? readBefore(change, query) : change.seen;
}

/**
 * The item before the change. Graph documents no lock for items of a profile. Where it gives an ETag, the write carries it,
 * and then no other change can come in between.
 */
async function readBefore<Item extends ItemFacet>(
  { facet, session, timing, target }: Change<Item>,
  query: GraphQuery,
): Promise<Item> {
  const path = itemPath(facet, target.user, target.id, query);
  const json = await beforeWrite(() => readTwice(session, timing, () => session.read(path)));
  const current = readItem(facet, json);
  if (current !== null) return current;
  return beforeWrite(() => Promise.reject(new GraphFailure('bad-response')));
}

function ifMatch(seen: ItemFacet | null): { readonly ifMatch?: string } {
  return seen === null || seen.etag === null ? {} : { ifMatch: seen.etag };
}

/** Reads until the item is as `isWanted` says, and gives what was read last. */
async function readAfter<Item extends ItemFacet>(
  { facet, session, timing, target }: Change<Item>,
  isWanted: (now: Item) => boolean,
): Promise<Item | 'gone' | 'unread'> {
  let last: Item | 'gone' | 'unread' = 'unread';
  for (const delay of READ_DELAYS_MS) {
    if (!(await waitIfTime(session, timing, delay))) break;
    const now = await readTarget(session, facet, target).catch(asUnread);
    if (now === 'unread') continue;
    last = now ?? 'gone';
    if (now === null || isWanted(now)) break;
  }
  return last;
}
