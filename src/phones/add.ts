// One new phone: what is asked is looked at before anything is sent, and what can never be right is not sent. How an
// addition with a key gets through a bad network is in `once.ts`.
import type { AddPhoneInput } from '../__generated__/schema-types.ts';
import { graphPath, isObjectId, ME, type UserKey, userKey } from '../graph/paths.ts';
import type { JsonObject } from '../graph/response.ts';
import type { GraphSession } from '../graph/session.ts';
import type { Idempotency } from './idempotency.ts';
import { checkNewPhone } from './input.ts';
import { nobody, personMeant } from './meant.ts';
import { type KeyedAdd, phoneIn } from './once.ts';
import { phoneId } from './phone-id.ts';
import { outcomeUnknown, type Refusal } from './refusal.ts';
import { readTwice, sendBlindly, type Timing } from './sending.ts';
import { phonesOf } from './source.ts';
import type { KnownCaller, Whose } from './whose.ts';
import type { Phone } from './wire.ts';
import type { WriteLimit } from './write-limit.ts';
import { beforehand, done, refuse, type Written } from './written.ts';

/** The same for all requests. */
export interface WriteDeps extends Timing {
  readonly idempotency: Idempotency;
  readonly whose: Whose;
  /** The application that phones are created by; null where that is not known. */
  readonly clientId: string | null;
  /** Writes of one request that are under way at a time. */
  readonly concurrency: number;
}

/** Who writes, and with what. */
export interface By {
  readonly caller: KnownCaller | null;
  readonly deps: WriteDeps;
  readonly limit: WriteLimit;
}

/** A new phone that can be sent. */
export interface Addition {
  readonly user: UserKey;
  readonly body: JsonObject;
  /** Null for none. */
  readonly key: string | null;
}

/** What is to be added, or why it cannot be. */
export function additionOf(
  session: GraphSession,
  input: AddPhoneInput,
  key: string | null,
  badKey: Refusal | null,
): Addition | Refusal[] {
  const user = personMeant(session, input.userId);
  const { body, refusals } = checkNewPhone(input, session.sourceForm);
  if (user !== null && refusals === null && badKey === null) return { user, body, key };
  return [...nobody(session, user), ...(refusals ?? []), ...(badKey === null ? [] : [badKey])];
}

/** A 201 without a phone in it has added one that cannot be named: as far as the caller goes, unknown. */
export async function addUnkeyed(
  session: GraphSession,
  { caller, deps, limit }: By,
  { user, body }: Addition,
): Promise<Written<Phone>> {
  const path = graphPath(phonesOf(user));
  const answer = await limit.begin(session, ({ leastMs }) =>
    sendBlindly(session, deps, { method: 'POST', path, body, leastMs }),
  );
  const phone = phoneIn(answer);
  if (phone === null) return refuse(outcomeUnknown('unkeyed'));
  const owner = deps.whose.knownTarget(session, caller, user) ?? (user === ME ? authorOf(phone) : null);
  if (owner === null) return done(phone);
  await deps.idempotency.mark(owner, phone.graphId);
  return done({ ...phone, id: phoneId(owner, phone.graphId) });
}

/** Who adds a phone of their own is whose phone it is. */
function authorOf({ createdBy }: Phone): string | null {
  const author = userKey(createdBy?.user?.objectId ?? '');
  return author !== null && isObjectId(author) ? author : null;
}

/** An addition with a key, before it has a session to be sent in. */
export interface Keyed {
  readonly add: Omit<KeyedAdd, 'session'>;
  /** Whose phones, by a name that is the same however the person was named. */
  readonly owner: string;
}

/** Finds out who is calling and who is meant, which can take requests of `session`. */
export async function keyedAdd(
  session: GraphSession,
  { caller, deps, limit }: By,
  { user, body }: Addition,
  key: string,
): Promise<Keyed> {
  const { idempotency, whose, clientId } = deps;
  const names = await beforehand(() => readTwice(session, deps, () => whose.names(session, caller, user)));
  const slot = await idempotency.slot({ ...names, key, body });
  const { quietMs } = idempotency;
  return { add: { user, body, slot, timing: deps, clientId, quietMs, limit }, owner: names.target };
}
