// addPhone under an idempotency key: one phone for a key, whatever the network does.
//
// A POST whose answer is lost may have been carried out, and Microsoft Graph has no way to ask. So what is there is
// written down before, and when the answer is lost the list is read and the phone looked for. It is sent again only when
// it was looked for and not found so long after that it can no longer be on its way.
//
//   nothing known ── read the list, write `sent` ── POST ── answered: write `added`
//                                                    ├── refused, or never sent: forget
//                                                    ├── throttled: keep `sent`, as if long ago
//                                                    └── not answered: look ── there: write `added`
//                                                                          └── not there: OUTCOME_UNKNOWN, keep `sent`
//   sent ── look ── there: write `added`
//                └── not there: OUTCOME_UNKNOWN; after a quiet period as if nothing were known
//   added ── read that phone
//
// All of it but the last happens under a lease. A process that loses it cannot lose more than time: it takes each step
// only from the record that it knows, and sends nothing after its deadline, which is before the end of the lease.

import { GraphFailure } from '../graph/failure.ts';
import { graphPath, itemId } from '../graph/paths.ts';
import type { GraphResponse } from '../graph/response.ts';
import type { Clock } from '../runtime/clock.ts';
import { StoreFailure } from '../store/store.ts';
import { type Kept, type KeySlot, keysUnavailable, leniently, type Sent } from './idempotency.ts';
import { type Found, listIds, recognise, type Search } from './recognise.ts';
import {
  duplicateSuspected,
  inProgress,
  keyReused,
  outcomeUnknown,
  type Refusal,
  refusal,
} from './refusal.ts';
import { LOOKS, mayHaveHappened, readPhoneOrNull, readTwice, sendPatiently, waitToLook } from './sending.ts';
import { phonesOf } from './source.ts';
import { type Phone, readPhone } from './wire.ts';
import type { WriteLimit } from './write-limit.ts';
import { beforehand, done, refuse, type Written } from './written.ts';

/** An addition under a key. */
export interface KeyedAdd extends Search {
  readonly quietMs: number;
  readonly limit: WriteLimit;
  /** Gives the ids of what is there, as read under this call's lease or later; read for this one where absent. */
  readonly listed?: () => Promise<readonly string[]>;
}

/** The phone that an earlier call added under the key, by its id: nothing of it was read. */
export interface Earlier {
  readonly earlier: string;
}

/** How an addition under a key ended. */
export type Once = Written<Phone> | Earlier;

/** Milliseconds between two looks at whether somebody else is done, at first and at most. */
const FIRST_POLL_MS = 25;
const LONGEST_POLL_MS = 250;
/** How long before a phone that was added and is not there is held to be deleted: reads may lag behind writes. */
const SECOND_LOOK_MS = 300;

/** Milliseconds before each further try to write down what was added, where the store failed. */
const KEEP_AGAIN_MS: readonly number[] = [100, 400, 1_600, 6_400, 25_600, 60_000];

/** Throws a GraphFailure or GatewayError only where nothing was added by this call. */
export async function addOnce(add: KeyedAdd): Promise<Written<Phone>> {
  const ended = await orUnavailable(takeTurns(add, LOOKS));
  return 'earlier' in ended ? replay(add, ended.earlier) : ended;
}

/**
 * The same for one of many: a phone that was added before is not read, and one that was sent before is looked for once,
 * since the others wait meanwhile and the call can be repeated.
 */
export async function addOnceOfMany(add: KeyedAdd): Promise<Once> {
  add.limit.check(add.session);
  return orUnavailable(takeTurns(add, ONE_LOOK));
}

/** The same where this call has the lease already. */
export function addLeased(add: KeyedAdd): Promise<Once> {
  return orUnavailable(underLease(add, ONE_LOOK));
}

const ONE_LOOK: readonly number[] = [0];

/** What is known of an addition before anything is done: how it ended; or whether it may have been sent before. */
export async function standing(add: Pick<KeyedAdd, 'slot'>): Promise<Once | 'new' | 'sent'> {
  const kept = await orUnavailable(add.slot.read());
  return settledBefore(add, kept) ?? (kept === null ? 'new' : 'sent');
}

async function orUnavailable<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw error instanceof StoreFailure ? keysUnavailable(error) : error;
  }
}

/** Whoever finds somebody at work waits for them, as long as there is time. */
async function takeTurns(add: KeyedAdd, looks: readonly number[]): Promise<Once> {
  const { session, slot, timing } = add;
  for (let wait = FIRST_POLL_MS; ; wait = Math.min(2 * wait, LONGEST_POLL_MS)) {
    const settled = settledBefore(add, await slot.read());
    if (settled !== null) return settled;
    const giveBack = await slot.lease(session.remainingMs);
    if (giveBack !== null) {
      try {
        return await underLease(add, looks);
      } finally {
        await leniently(giveBack());
      }
    }
    if (session.ended || !(await waitToLook(session, timing, wait))) return refuse(inProgress());
  }
}

/** What an earlier call has settled for this one; null when there is something to do. */
function settledBefore({ slot }: Pick<KeyedAdd, 'slot'>, kept: Kept | null): Once | null {
  if (kept === null) return null;
  if (kept.record.fingerprint !== slot.fingerprint) return refuse(keyReused());
  return kept.record.state === 'added' ? { earlier: kept.record.phoneId } : null;
}

async function underLease(add: KeyedAdd, looks: readonly number[]): Promise<Once> {
  const kept = await add.slot.read();
  const settled = settledBefore(add, kept);
  if (settled !== null) return settled;
  return kept === null ? begin(add) : resume(add, kept as Kept<Sent>, looks);
}

async function begin(add: KeyedAdd): Promise<Written<Phone>> {
  const { session, user, timing, limit } = add;
  const read = add.listed ?? (() => limit.timed(() => listIds(session, user)));
  const before = await beforehand(() => readTwice(session, timing, read));
  return send(add, null, before);
}

/** It was sent, by somebody who did not see what came of it, or is no more. */
async function resume(add: KeyedAdd, kept: Kept<Sent>, looks: readonly number[]): Promise<Written<Phone>> {
  const age = add.timing.clock.now() - kept.record.at;
  const found = await recognise(add, kept.record, age < add.quietMs / 10 ? looks : ONE_LOOK);
  const isQuiet = add.timing.clock.now() - kept.record.at >= add.quietMs;
  return found.kind === 'none' && isQuiet ? send(add, kept, found.ids) : conclude(add, kept, found);
}

async function send(
  add: KeyedAdd,
  from: Kept<Sent> | null,
  before: readonly string[],
): Promise<Written<Phone>> {
  const posted = await add.limit.begin(add.session, ({ leastMs }) => post(add, from, before, leastMs));
  if (posted === null) return overtaken(add);
  const { sent, answer } = posted;
  const phone = answer === null ? null : phoneIn(answer);
  if (phone === null) return conclude(add, sent, await recognise(add, sent.record, LOOKS).catch(unseen));
  await keepAdded(add, sent, phone);
  return done(phone);
}

interface Posted {
  /** What is kept of it. */
  readonly sent: Kept<Sent>;
  /** Null when it was lost. */
  readonly answer: GraphResponse | null;
}

/** Null when somebody else has the key by now, and nothing was sent. */
async function post(
  { session, user, body, slot, timing }: KeyedAdd,
  from: Kept<Sent> | null,
  before: readonly string[],
  leastMs: number,
): Promise<Posted | null> {
  const sent = await slot.change(from, slot.sending(timing.clock.now(), before));
  if (sent === null) return null;
  const path = graphPath(phonesOf(user));
  try {
    return { sent, answer: await sendPatiently(session, timing, { method: 'POST', path, body, leastMs }) };
  } catch (error) {
    if (!mayHaveHappened(error)) {
      await leniently(isThrottled(error) ? keepThrottled(slot, sent) : takeBack(slot, sent, from));
      throw error;
    }
    if (!(error instanceof GraphFailure)) throw error;
    return { sent, answer: null };
  }
}

/** A 201 without a phone in it has added one that has to be looked for. */
export function phoneIn(answer: GraphResponse): Phone | null {
  return answer.body === null ? null : readPhone(answer.body);
}

/** Somebody else has the key by now: another input, or the same, for whom this call's lease was over. */
async function overtaken({ slot }: KeyedAdd): Promise<Written<Phone>> {
  const kept = await slot.read();
  return refuse(kept === null || kept.record.fingerprint === slot.fingerprint ? inProgress() : keyReused());
}

function isThrottled(error: unknown): boolean {
  return error instanceof GraphFailure && error.kind === 'throttled';
}

/**
 * Services behind Graph were seen to answer 429 to what they had done. So a repeat looks first; when it finds nothing, it
 * need not wait.
 */
async function keepThrottled(slot: KeySlot, sent: Kept<Sent>): Promise<void> {
  await slot.change(sent, { ...sent.record, at: 0 });
}

/** Nothing came of it: the key is as it was before. */
async function takeBack(slot: KeySlot, sent: Kept<Sent>, from: Kept<Sent> | null): Promise<void> {
  if (from === null) await slot.forget(sent);
  else await slot.change(sent, from.record);
}

/** Once something was sent, a store that fails makes nothing worse than not knowing. */
function unseen(error: unknown): Found {
  if (error instanceof StoreFailure) return { kind: 'unseen' };
  throw error;
}

async function conclude(add: KeyedAdd, kept: Kept<Sent>, found: Found): Promise<Written<Phone>> {
  switch (found.kind) {
    case 'found':
      await keepAdded(add, kept, found.phone);
      return done(found.phone);
    case 'several':
      return refuse(duplicateSuspected());
    case 'none':
    case 'unseen':
      return refuse(outcomeUnknown('keyed'));
  }
}

/**
 * If this fails, a repeat finds the phone by looking for it; but not one that is deleted before that, and would be added
 * again. So it is tried for some time longer, while nobody waits.
 */
async function keepAdded({ slot, timing }: KeyedAdd, kept: Kept<Sent>, { graphId }: Phone): Promise<void> {
  const added = { state: 'added', fingerprint: slot.fingerprint, phoneId: graphId } as const;
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

/** The phone that an earlier call added, as it is now. It may have been deleted since. */
async function replay(add: KeyedAdd, phoneId: string): Promise<Written<Phone>> {
  const { session, timing } = add;
  const look = () => beforehand(() => readTwice(session, timing, () => readAdded(add, phoneId)));
  let phone = await look();
  if (phone === null && (await waitToLook(session, timing, SECOND_LOOK_MS))) phone = await look();
  if (phone !== null) return done(phone);
  return refuse(deletedSince());
}

export function deletedSince(): Refusal {
  return refusal('NOT_FOUND', 'The phone was added under this key and has been deleted since.');
}

async function readAdded({ session, user }: KeyedAdd, phoneId: string): Promise<Phone | null> {
  const id = itemId(phoneId);
  return id === null ? null : readPhoneOrNull(session, { user, id });
}
