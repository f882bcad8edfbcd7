// updatePhone and deletePhone, over a network that loses answers.
//
// Both say what is to be there afterwards, so what became of one is found out by looking. Before a change is sent a
// second time it was looked whether that is still the same change: where the caller said how the phone was, another
// writer's change in between is not overwritten; where not, nothing is known of before, and it is not sent again.
// A DELETE is: whoever deletes wants nothing to be there.

import { GraphFailure } from '../../graph/failure.ts';
import { type GraphQuery, graphQuery, NO_QUERY } from '../../graph/paths.ts';
import type { JsonObject } from '../../graph/response.ts';
import type { GraphSession } from '../../graph/session.ts';
import { GatewayError } from '../../runtime/errors.ts';
import { type Phone, readPhone } from '../item-facet.ts';
import { phonePath } from '../loader.ts';
import { changedSince, noSuchPhone, outcomeUnknown } from '../user-error.ts';
import { phoneIn } from './idempotent-add.ts';
import { shows } from './reconcile.ts';
import { beforehand, done, refuse, type Written } from './result.ts';
import {
  asUnseen,
  mayHaveHappened,
  readPhoneOrNull,
  readTwice,
  sendPatiently,
  type Target,
  type Timing,
  waitToLook,
} from './send.ts';
import type { Turn, WriteLimit } from './write-limit.ts';

export interface Change {
  readonly session: GraphSession;
  readonly timing: Timing;
  readonly limit: WriteLimit;
  readonly phone: Target;
  /** `lastModifiedDateTime` as the caller last saw it; null for however it is. */
  readonly expected: string | null;
  /** The phone as it was just read; absent where it was not. */
  readonly seen?: Phone;
}

/** Milliseconds before each look at what became of a change. */
const LOOKS: readonly number[] = [0, 300, 1_000];

/** How a change went, as far as its answer tells. */
type Sent<T> =
  | { readonly kind: 'known'; readonly written: Written<T> }
  /** Its answer was lost. `seen` is the phone as it was before; null where nobody looked. */
  | { readonly kind: 'lost'; readonly seen: Phone | null };

/** How a change went, after a look where that was needed. */
type Ended<T> =
  | { readonly kind: 'known'; readonly written: Written<T> }
  /** It has not shown. `now` is the phone, when it is as it was before: then the change can be sent again. */
  | { readonly kind: 'open'; readonly now: Phone | null };

function known<T>(written: Written<T>): { readonly kind: 'known'; readonly written: Written<T> } {
  return { kind: 'known', written };
}

type Time = 'first' | 'second';

/**
 * Changes a phone. A repeat that finds it as it was asked to be has nothing to do, also when `expected` was before that.
 */
export async function change(at: Change, body: JsonObject): Promise<Written<Phone>> {
  const first = await patch(at, body, 'first');
  if (first.kind === 'known') return first.written;
  if (first.now === null || at.session.ended) return refuse(outcomeUnknown('change'));
  const second = await unlessHeld(patch({ ...at, seen: first.now }, body, 'second'));
  return second.kind === 'known' ? second.written : refuse(outcomeUnknown('change'));
}

async function patch(at: Change, body: JsonObject, time: Time): Promise<Ended<Phone>> {
  const sent = await at.limit.begin(at.session, async (turn): Promise<Sent<Phone>> => {
    const seen = await seenBefore(at, NO_QUERY, turn);
    if (isOther(at, seen)) return known(shows(seen, body) ? done(seen) : refuse(changedSince()));
    return sendPatch(at, body, { seen, time, leastMs: turn.leastMs });
  });
  if (sent.kind === 'known') return sent;
  return found(await lookAfter(at, (now) => shows(now, body)), body, sent.seen);
}

interface Sending {
  /** The phone as it has to be; null for however it is. */
  readonly seen: Phone | null;
  readonly time: Time;
  readonly leastMs: number;
}

async function sendPatch(
  { session, timing, phone }: Change,
  body: JsonObject,
  { seen, time, leastMs }: Sending,
): Promise<Sent<Phone>> {
  const path = phonePath(phone.user, phone.id);
  try {
    const write = { method: 'PATCH', path, body, leastMs, ...ifMatch(seen) } as const;
    const answer = await sendPatiently(session, timing, write);
    const changed = phoneIn(answer) ?? (await readPhoneOrNull(session, phone).catch(asUnseen));
    return known(changed === null || changed === 'unseen' ? refuse(outcomeUnknown('change')) : done(changed));
  } catch (error) {
    // The first may have arrived late, and then it is what the second stumbles over.
    const isLate = time === 'second' && error instanceof GraphFailure && error.kind === 'precondition';
    if (!(error instanceof GraphFailure) || !(isLate || mayHaveHappened(error))) throw error;
    return { kind: 'lost', seen };
  }
}

function found(now: Phone | 'gone' | 'unseen', body: JsonObject, seen: Phone | null): Ended<Phone> {
  if (now === 'gone') return known(refuse(noSuchPhone()));
  if (now === 'unseen') return { kind: 'open', now: null };
  if (shows(now, body)) return known(done(now));
  if (seen === null) return { kind: 'open', now: null };
  if (now.lastModifiedDateTime !== seen.lastModifiedDateTime) return known(refuse(changedSince()));
  return { kind: 'open', now };
}

/** A second try that was not begun leaves it at what is known of the first. */
async function unlessHeld<T>(second: Promise<Ended<T>>): Promise<Ended<T>> {
  try {
    return await second;
  } catch (error) {
    if (!(error instanceof GatewayError) || error instanceof GraphFailure) throw error;
    return known(refuse(outcomeUnknown('change')));
  }
}

/** What a deletion needs to know of a phone. */
export const SEEN = graphQuery([['$select', 'id,lastModifiedDateTime']]);

/** Deletes a phone, and gives its id. One that is gone when it is looked for afterwards is deleted. */
export async function remove(at: Change): Promise<Written<string>> {
  const first = await deleteOnce(at, 'first');
  if (first.kind === 'known') return first.written;
  if (first.now === null || at.session.ended) return refuse(outcomeUnknown('change'));
  const second = await unlessHeld(deleteOnce({ ...at, seen: first.now }, 'second'));
  return second.kind === 'known' ? second.written : refuse(outcomeUnknown('change'));
}

async function deleteOnce(at: Change, time: Time): Promise<Ended<string>> {
  const sent = await at.limit.begin(at.session, async (turn): Promise<Sent<string>> => {
    const seen = await seenBefore(at, SEEN, turn);
    if (isOther(at, seen)) return known(refuse(changedSince()));
    return sendDelete(at, { seen, time, leastMs: turn.leastMs });
  });
  if (sent.kind === 'known') return sent;
  const now = await lookAfter(at, () => true);
  if (now === 'gone') return known(done(at.phone.id));
  if (now === 'unseen') return known(refuse(outcomeUnknown('change')));
  return isOther(at, now) ? known(refuse(changedSince())) : { kind: 'open', now };
}

async function sendDelete(
  { session, timing, phone }: Change,
  { seen, time, leastMs }: Sending,
): Promise<Sent<string>> {
  try {
    const path = phonePath(phone.user, phone.id);
    await sendPatiently(session, timing, { method: 'DELETE', path, leastMs, ...ifMatch(seen) });
    return known(done(phone.id));
  } catch (error) {
    if (!(error instanceof GraphFailure)) throw error;
    if (time === 'second' && error.kind === 'not-found') return known(done(phone.id));
    if (!mayHaveHappened(error)) throw error;
    return { kind: 'lost', seen };
  }
}

/** Whether the caller expects the phone to be as it is not. */
function isOther({ expected }: Change, seen: Phone | null): seen is Phone {
  return expected !== null && seen !== null && seen.lastModifiedDateTime !== expected;
}

/** The phone as it is right before the change; null where nothing is expected of it. */
async function seenBefore(at: Change, query: GraphQuery, { waited }: Turn): Promise<Phone | null> {
  if (at.expected === null) return null;
  return at.seen === undefined || waited ? lookBefore(at, query) : at.seen;
}

/**
 * The phone as the caller expects it to be. Graph documents no lock for phones; where it gives an ETag all the same, the
 * write carries it, and then nobody can come in between.
 */
async function lookBefore({ session, timing, phone }: Change, query: GraphQuery): Promise<Phone> {
  const path = phonePath(phone.user, phone.id, query);
  const seen = await beforehand(() => readTwice(session, timing, () => session.read(path)));
  const current = readPhone(seen);
  if (current !== null) return current;
  return beforehand(() => Promise.reject(new GraphFailure('bad-response')));
}

function ifMatch(seen: Phone | null): { readonly ifMatch?: string } {
  return seen === null || seen.etag === null ? {} : { ifMatch: seen.etag };
}

/** Looks until the phone is as `isIt` wants it, and gives what it saw last. */
async function lookAfter(
  { session, timing, phone }: Change,
  isIt: (now: Phone) => boolean,
): Promise<Phone | 'gone' | 'unseen'> {
  let last: Phone | 'gone' | 'unseen' = 'unseen';
  for (const wait of LOOKS) {
    if (!(await waitToLook(session, timing, wait))) break;
    const now = await readPhoneOrNull(session, phone).catch(asUnseen);
    if (now === 'unseen') continue;
    last = now ?? 'gone';
    if (now === null || isIt(now)) break;
  }
  return last;
}
