// An add under an idempotency key: one item for a key, whatever the network does.
//
// A POST whose response is lost may have been carried out, and Microsoft Graph has no way to ask. So the ids of what is
// there are stored before the POST, and when the response is lost the list is read and the item looked for. It is sent
// again only when it was looked for and not found so long after that it can no longer be on its way.
//
//   no record ── read the list, store `sent` ── POST ── response: store `added`
//                                                  ├── rejected, or never sent: forget
//                                                  ├── throttled: keep `sent`, as if long ago
//                                                  └── no response: reconcile ── there: store `added`
//                                                                            └── not there: OUTCOME_UNKNOWN, keep `sent`
//   sent ── reconcile ── there: store `added`
//                     └── not there: OUTCOME_UNKNOWN; after a quiet period as with no record
//   added ── read that item
//
// All of it but the last happens under a lease. A process that loses it loses time and nothing else: it takes each step
// only from the record that it has read, and sends nothing after its deadline, which is before the end of the lease.
import { GraphFailure } from '../../graph/failure.ts';
import { graphPath, itemId } from '../../graph/paths.ts';
import type { GraphResponse } from '../../graph/response.ts';
import type { Clock } from '../../runtime/clock.ts';
import { StoreFailure } from '../../store/store.ts';
import { type Facet, listSegments, readItem } from '../facet.ts';
import type { ItemFacet } from '../item-facet.ts';
import { addInProgress, deletedSince, duplicateSuspected, keyReused, outcomeUnknown } from '../user-error.ts';
import {
  isSentRecord,
  type Kept,
  type KeySlot,
  leniently,
  orKeysUnavailable,
  type Sent,
} from './idempotency.ts';
import { type Found, listIds, reconcile, type Search } from './reconcile.ts';
import { beforeWrite, fail, type Result, succeed } from './result.ts';
import {
  mayHaveHappened,
  RECONCILE_DELAYS_MS,
  readTarget,
  readTwice,
  sendAndReconcile,
  waitIfTime,
} from './send.ts';
import type { WriteLimit } from './write-limit.ts';

/** An add under a key. */
export interface KeyedAdd<Item extends ItemFacet> extends Search<Item> {
  readonly quietMs: number;
  readonly limit: WriteLimit;
  /** Gives the ids of what is there, as read under this call's lease or later; read for this one where absent. */
  readonly listed?: () => Promise<readonly string[]>;
}

/** The item that an earlier call added under the key, by its id: nothing of it was read. */
export interface Earlier {
  readonly earlierId: string;
}

/** How an add under a key ended. */
export type AddResult<Item> = Result<Item> | Earlier;

/** Milliseconds between two reads of the record while another call is at work, at first and at most. */
const FIRST_POLL_MS = 25;
const LONGEST_POLL_MS = 250;
/** Milliseconds before an item that was added and is not there is taken to be deleted: reads may lag behind writes. */
const SECOND_READ_MS = 300;
/** Milliseconds before each further try to store what was added, where the store failed. */
const KEEP_AGAIN_MS: readonly number[] = [100, 400, 1_600, 6_400, 25_600, 60_000];

/** Throws a GraphFailure or GatewayError only where nothing was added by this call. */
export async function addKeyed<Item extends ItemFacet>(add: KeyedAdd<Item>): Promise<Result<Item>> {
  const result = await orKeysUnavailable(takeTurns(add, RECONCILE_DELAYS_MS));
  return 'earlierId' in result ? replay(add, result.earlierId) : result;
}

/**
 * The same for one of many: an item that was added before is not read, and one that was sent before is looked for once,
 * since the others wait meanwhile and the call can be repeated.
 */
export async function addKeyedOfMany<Item extends ItemFacet>(add: KeyedAdd<Item>): Promise<AddResult<Item>> {
  add.limit.check(add.session);
  return orKeysUnavailable(takeTurns(add, ONE_READ));
}

/** The same where this call has the lease already. */
export function addUnderLease<Item extends ItemFacet>(add: KeyedAdd<Item>): Promise<AddResult<Item>> {
  return orKeysUnavailable(underLease(add, ONE_READ));
}

const ONE_READ: readonly number[] = [0];

/** What is known of an add before anything is done: how it ended; or whether it may have been sent before. */
export async function stateOf<Item extends ItemFacet>(
  add: Pick<KeyedAdd<Item>, 'slot' | 'facet'>,
): Promise<AddResult<Item> | 'new' | 'sent'> {
  const kept = await orKeysUnavailable(add.slot.read());
  return settledBefore(add, kept) ?? (kept === null ? 'new' : 'sent');
}

/** A call that finds another at work waits for it, as long as there is time. */
async function takeTurns<Item extends ItemFacet>(
  add: KeyedAdd<Item>,
  delays: readonly number[],
): Promise<AddResult<Item>> {
  const { session, slot, timing } = add;
  for (let wait = FIRST_POLL_MS; ; wait = Math.min(2 * wait, LONGEST_POLL_MS)) {
    const settled = settledBefore(add, await slot.read());
    if (settled !== null) return settled;
    const giveBack = await slot.lease(session.remainingMs);
    if (giveBack !== null) {
      try {
        return await underLease(add, delays);
      } finally {
        await leniently(giveBack());
      }
    }
    if (session.ended || !(await waitIfTime(session, timing, wait))) return fail(addInProgress(add.facet));
  }
}

/** What an earlier call has settled for this one; null when there is something to do. */
function settledBefore<Item extends ItemFacet>(
  { slot, facet }: Pick<KeyedAdd<Item>, 'slot' | 'facet'>,
  kept: Kept | null,
): AddResult<Item> | null {
  if (kept === null) return null;
  if (kept.record.fingerprint !== slot.fingerprint) return fail(keyReused(facet));
  return kept.record.state === 'added' ? { earlierId: kept.record.itemId } : null;
}

async function underLease<Item extends ItemFacet>(
  add: KeyedAdd<Item>,
  delays: readonly number[],
): Promise<AddResult<Item>> {
  const kept = await add.slot.read();
  const settled = settledBefore(add, kept);
  if (settled !== null) return settled;
  return isSentRecord(kept) ? resume(add, kept, delays) : begin(add);
}

async function begin<Item extends ItemFacet>(add: KeyedAdd<Item>): Promise<Result<Item>> {
  const { session, timing, limit } = add;
  const read = add.listed ?? (() => limit.timed(() => listIds(add)));
  const before = await beforeWrite(() => readTwice(session, timing, read));
  return send(add, null, before);
}

/** It was sent, by a call that did not see the outcome, or whose process ended. */
async function resume<Item extends ItemFacet>(
  add: KeyedAdd<Item>,
  kept: Kept<Sent>,
  delays: readonly number[],
): Promise<Result<Item>> {
  const age = add.timing.clock.now() - kept.record.at;
  const found = await reconcile(add, kept.record, age < add.quietMs / 10 ? delays : ONE_READ);
  const isQuiet = add.timing.clock.now() - kept.record.at >= add.quietMs;
  return found.kind === 'none' && isQuiet ? send(add, kept, found.ids) : conclude(add, kept, found);
}

async function send<Item extends ItemFacet>(
  add: KeyedAdd<Item>,
  from: Kept<Sent> | null,
  before: readonly string[],
): Promise<Result<Item>> {
  const posted = await add.limit.begin(add.session, ({ leastMs }) => post(add, from, before, leastMs));
  if (posted === null) return overtaken(add);
  const { sent, response } = posted;
  const item = response === null ? null : itemIn(add.facet, response);
  if (item === null)
    return conclude(add, sent, await reconcile(add, sent.record, RECONCILE_DELAYS_MS).catch(asUnreadStore));
  await keepAdded(add, sent, item);
  return succeed(item);
}

interface Posted {
  /** The record of it. */
  readonly sent: Kept<Sent>;
  /** Null when it was lost. */
  readonly response: GraphResponse | null;
}

/** Null when another call has the key by now, and nothing was sent. */
async function post<Item extends ItemFacet>(
  { facet, session, user, body, slot, timing }: KeyedAdd<Item>,
  from: Kept<Sent> | null,
  before: readonly string[],
  leastMs: number,
): Promise<Posted | null> {
  const sent = await slot.change(from, slot.sending(timing.clock.now(), before));
  if (sent === null) return null;
  const write = { method: 'POST', path: graphPath(listSegments(facet, user)), body, leastMs } as const;
  try {
    return { sent, response: await sendAndReconcile(session, timing, write) };
  } catch (error) {
    if (!mayHaveHappened(error)) {
      await leniently(isThrottled(error) ? keepThrottled(slot, sent) : takeBack(slot, sent, from));
      throw error;
    }
    if (!(error instanceof GraphFailure)) throw error;
    return { sent, response: null };
  }
}

/** Null for a 201 without an item in it: one was added, and has to be looked for. */
export function itemIn<Item extends ItemFacet>(facet: Facet<Item>, { body }: GraphResponse): Item | null {
  return body === null ? null : readItem(facet, body);
}

/** Another call has the key by now: with another input, or with the same after this call's lease was over. */
async function overtaken<Item extends ItemFacet>({ slot, facet }: KeyedAdd<Item>): Promise<Result<Item>> {
  const kept = await slot.read();
  const isSame = kept === null || kept.record.fingerprint === slot.fingerprint;
  return fail(isSame ? addInProgress(facet) : keyReused(facet));
}

function isThrottled(error: unknown): boolean {
  return error instanceof GraphFailure && error.kind === 'throttled';
}

/**
 * Services behind Graph were seen to respond 429 to what they had done. So a repeat looks first; when it finds nothing, it
 * need not wait.
 */
async function keepThrottled(slot: KeySlot, sent: Kept<Sent>): Promise<void> {
  await slot.change(sent, { ...sent.record, at: 0 });
}

/** Nothing was added: the key is as it was before. */
async function takeBack(slot: KeySlot, sent: Kept<Sent>, from: Kept<Sent> | null): Promise<void> {
  if (from === null) await slot.forget(sent);
  else await slot.change(sent, from.record);
}

/** Once something was sent, a store that fails means that the outcome is unknown, and nothing worse. */
function asUnreadStore(error: unknown): { readonly kind: 'unread' } {
  if (error instanceof StoreFailure) return { kind: 'unread' };
  throw error;
}

async function conclude<Item extends ItemFacet>(
  add: KeyedAdd<Item>,
  kept: Kept<Sent>,
  found: Found<Item>,
): Promise<Result<Item>> {
  switch (found.kind) {
    case 'found':
      await keepAdded(add, kept, found.item);
      return succeed(found.item);
    case 'several':
      return fail(duplicateSuspected(add.facet));
    case 'none':
    case 'unread':
      return fail(outcomeUnknown(add.facet, 'keyed'));
  }
}

/**
 * If this fails, a repeat finds the item by looking for it; but not one that is deleted before that, which is then added
 * again. So it is tried for some time longer, after the response.
 */
async function keepAdded<Item extends ItemFacet>(
  { slot, timing }: KeyedAdd<Item>,
  kept: Kept<Sent>,
  { graphId }: Item,
): Promise<void> {
  const added = { state: 'added', fingerprint: slot.fingerprint, itemId: graphId } as const;
  const keep = async (): Promise<void> => {
    const steps = await Promise.allSettled([slot.claim(graphId), slot.change(kept, added)]);
    for (const step of steps) if (step.status === 'rejected') throw step.reason;
  };
  try {
    await keep();
  } catch (error) {
    if (!(error instanceof StoreFailure)) throw error;
    keepLater(timing.clock, keep, KEEP_AGAIN_MS);
  }
}

function keepLater(clock: Clock, keep: () => Promise<void>, waits: readonly number[]): void {
  const [wait, ...others] = waits;
  if (wait !== undefined) clock.schedule(wait, () => void keep().catch(() => keepLater(clock, keep, others)));
}

/** The item that an earlier call added, as it is now. It may have been deleted since. */
async function replay<Item extends ItemFacet>(add: KeyedAdd<Item>, earlierId: string): Promise<Result<Item>> {
  const { facet, session, timing } = add;
  const read = () => beforeWrite(() => readTwice(session, timing, () => readAdded(add, earlierId)));
  let item = await read();
  if (item === null && (await waitIfTime(session, timing, SECOND_READ_MS))) item = await read();
  return item === null ? fail(deletedSince(facet)) : succeed(item);
}

async function readAdded<Item extends ItemFacet>(
  { facet, session, user }: KeyedAdd<Item>,
  earlierId: string,
): Promise<Item | null> {
  const id = itemId(earlierId);
  return id === null ? null : readTarget(session, facet, { user, id });
}
