// updatePhone and deletePhone, over a network that loses answers.
//
// Both say what is to be there afterwards, so what became of one is found out by looking. Before a change is sent a
// second time it was looked whether that is still the same change: where the caller said how the phone was, another
// writer's change in between is not overwritten; where not, nothing is known of before, and it is not sent again.
// A DELETE is: whoever deletes wants nothing to be there.
import type { JsonObject } from '../graph/answer.ts';
import { GraphFailure } from '../graph/failure.ts';
import { type GraphQuery, graphQuery, NO_QUERY } from '../graph/paths.ts';
import type { GraphSession } from '../graph/session.ts';
import { phoneIn } from './once.ts';
import { shows } from './recognise.ts';
import { changedSince, noSuchPhone, outcomeUnknown } from './refusal.ts';
import {
  asUnseen,
  mayHaveHappened,
  readPhoneOrNull,
  readTwice,
  sendPatiently,
  type Target,
  type Timing,
  waitToLook,
} from './sending.ts';
import { phonePath } from './source.ts';
import { type Phone, readPhone } from './wire.ts';
import { beforehand, done, refuse, type Written } from './written.ts';

export interface Change {
  readonly session: GraphSession;
  readonly timing: Timing;
  readonly phone: Target;
  /** `lastModifiedDateTime` as the caller last saw it; null for however it is. */
  readonly expected: string | null;
}

/** Milliseconds before each look at what became of a change. */
const LOOKS: readonly number[] = [0, 300, 1_000];

/**
 * Changes a phone. A repeat that finds it as it was asked to be has nothing to do, also when `expected` was before that.
 */
export async function change(at: Change, body: JsonObject): Promise<Written<Phone>> {
  const seen = at.expected === null ? null : await lookBefore(at, NO_QUERY);
  if (seen !== null && seen.lastModifiedDateTime !== at.expected)
    return shows(seen, body) ? done(seen) : refuse(changedSince());
  const first = await patch(at, body, seen, 'first');
  if (first.kind === 'known') return first.written;
  const second = first.now === null || at.session.ended ? first : await patch(at, body, first.now, 'second');
  return second.kind === 'known' ? second.written : refuse(outcomeUnknown());
}

type Patched =
  | { readonly kind: 'known'; readonly written: Written<Phone> }
  /** It has not shown. `now` is the phone, when it is as it was before: then the change can be sent again. */
  | { readonly kind: 'open'; readonly now: Phone | null };

/** @param seen the phone as it has to be; null for however it is */
async function patch(
  at: Change,
  body: JsonObject,
  seen: Phone | null,
  time: 'first' | 'second',
): Promise<Patched> {
  const { session, timing, phone } = at;
  const path = phonePath(phone.user, phone.id);
  try {
    const answer = await sendPatiently(session, timing, { method: 'PATCH', path, body, ...ifMatch(seen) });
    const changed = phoneIn(answer) ?? (await readPhoneOrNull(session, phone).catch(asUnseen));
    return known(changed === null || changed === 'unseen' ? refuse(outcomeUnknown()) : done(changed));
  } catch (error) {
    // The first may have arrived late, and then it is what the second stumbles over.
    const isLate = time === 'second' && error instanceof GraphFailure && error.kind === 'precondition';
    if (!(error instanceof GraphFailure) || !(isLate || mayHaveHappened(error))) throw error;
    return found(await lookAfter(at, (now) => shows(now, body)), body, seen);
  }
}

function found(now: Phone | 'gone' | 'unseen', body: JsonObject, seen: Phone | null): Patched {
  if (now === 'gone') return known(refuse(noSuchPhone()));
  if (now === 'unseen') return { kind: 'open', now: null };
  if (shows(now, body)) return known(done(now));
  if (seen === null) return { kind: 'open', now: null };
  if (now.lastModifiedDateTime !== seen.lastModifiedDateTime) return known(refuse(changedSince()));
  return { kind: 'open', now };
}

function known(written: Written<Phone>): Patched {
  return { kind: 'known', written };
}

const SEEN = graphQuery([['$select', 'id,lastModifiedDateTime']]);

/** Deletes a phone, and gives its id. One that is gone when it is looked for afterwards is deleted. */
export async function remove(at: Change): Promise<Written<string>> {
  const seen = at.expected === null ? null : await lookBefore(at, SEEN);
  if (seen !== null && seen.lastModifiedDateTime !== at.expected) return refuse(changedSince());
  const first = await deleteOnce(at, seen, 'first');
  if (first !== null) return first;
  const second = at.session.ended ? null : await deleteOnce(at, seen, 'second');
  return second ?? refuse(outcomeUnknown());
}

/** Null when the phone is still there and can be deleted again. */
async function deleteOnce(
  at: Change,
  seen: Phone | null,
  time: 'first' | 'second',
): Promise<Written<string> | null> {
  const { session, timing, phone } = at;
  try {
    const path = phonePath(phone.user, phone.id);
    await sendPatiently(session, timing, { method: 'DELETE', path, ...ifMatch(seen) });
    return done(phone.id);
  } catch (error) {
    if (!(error instanceof GraphFailure)) throw error;
    if (time === 'second' && error.kind === 'not-found') return done(phone.id);
    if (!mayHaveHappened(error)) throw error;
    const now = await lookAfter(at, () => true);
    if (now === 'gone') return done(phone.id);
    if (now === 'unseen') return refuse(outcomeUnknown());
    const isOther = seen !== null && now.lastModifiedDateTime !== seen.lastModifiedDateTime;
    return isOther ? refuse(changedSince()) : null;
  }
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
