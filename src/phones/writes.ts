// Changing phones at Microsoft Graph. Every write is sent at most once, by itself; its outcome is known, or the caller
// is told that it is not. Nothing is sent that can never be right.
import type { AddPhoneInput, DeletePhoneInput, UpdatePhoneInput } from '../__generated__/resolvers-types.ts';
import type { GraphAnswer, JsonObject } from '../graph/answer.ts';
import { GraphFailure } from '../graph/failure.ts';
import { graphPath, graphQuery, type ItemId, itemId, ME, type UserKey, userKey } from '../graph/paths.ts';
import type { GraphSession } from '../graph/session.ts';
import type { Idempotency, Outcome } from './idempotency.ts';
import { checkChange, checkNewPhone, sameValue } from './input.ts';
import { changedSince, outcomeUnknown, type Refusal, refusal, refusalOf } from './refusal.ts';
import { phonePath, phonesOf } from './source.ts';
import { type Phone, readPhone } from './wire.ts';

/** How a change ended: with a result, or with what stood in the way. */
export type Written<T> =
  | { readonly done: T; readonly refused: null }
  | { readonly done: null; readonly refused: Refusal[] };

export interface PhoneWrites {
  /** Adds a phone. Throws a GraphFailure only where nothing was added. */
  add(input: AddPhoneInput): Promise<Written<Phone>>;
  /** Changes a phone. Throws a GraphFailure only where nothing was changed. */
  update(input: UpdatePhoneInput): Promise<Written<Phone>>;
  /** Deletes a phone, and gives its id. Throws a GraphFailure only where nothing was deleted. */
  delete(input: DeletePhoneInput): Promise<Written<string>>;
}

export function createPhoneWrites(session: GraphSession, idempotency: Idempotency): PhoneWrites {
  return {
    async add(input) {
      if (session.standing === 'app-reads') return refuse(readsOnly());
      const user = target(session, input.userId);
      const { body, refusals } = checkNewPhone(input);
      const badKey = checkKey(input.idempotencyKey);
      if (user === null || refusals !== null || badKey !== null) {
        return refuse(...nobody(session, user), ...(refusals ?? []), ...(badKey === null ? [] : [badKey]));
      }
      const key = input.idempotencyKey ?? null;
      return key === null
        ? create(session, user, body)
        : createOnce(session, idempotency, { user, body, key });
    },
    async update(input) {
      if (session.standing === 'app-reads') return refuse(readsOnly());
      const user = target(session, input.userId);
      const id = itemId(input.id);
      const { body, refusals } = checkChange(input);
      if (user === null || id === null || refusals !== null) {
        return refuse(...nobody(session, user), ...noPhone(id), ...(refusals ?? []));
      }
      return guarded('phone', () =>
        change(session, { user, id }, body, input.expectedLastModifiedDateTime ?? null),
      );
    },
    async delete(input) {
      if (session.standing === 'app-reads') return refuse(readsOnly());
      const user = target(session, input.userId);
      const id = itemId(input.id);
      if (user === null || id === null) return refuse(...nobody(session, user), ...noPhone(id));
      return guarded('phone', () =>
        remove(session, { user, id }, input.expectedLastModifiedDateTime ?? null),
      );
    },
  };
}

function done<T>(result: T): Written<T> {
  return { done: result, refused: null };
}

function refuse<T>(...refused: Refusal[]): Written<T> {
  return { done: null, refused };
}

/** Whose phones are meant: without a name the caller's, who has to be a person for that. */
function target({ standing }: GraphSession, userId: string | null | undefined): UserKey | null {
  if (userId !== null && userId !== undefined) return userKey(userId);
  return standing === 'person' ? ME : null;
}

function nobody({ standing }: GraphSession, user: UserKey | null): Refusal[] {
  if (user !== null) return [];
  const what = 'Give an object id (a GUID) or a user principal name.';
  const why = standing === 'person' ? '' : ' An application by itself has no phones of its own.';
  return [refusal('INVALID_INPUT', `${what}${why}`, 'userId')];
}

function readsOnly(): Refusal {
  return refusal(
    'FORBIDDEN',
    'The roles of this application let it read and nothing else. Nothing was sent.',
  );
}

function noPhone(id: ItemId | null): Refusal[] {
  if (id !== null) return [];
  return [refusal('INVALID_INPUT', 'Give the id of a phone as it was read from ItemPhone.id.', 'id')];
}

function checkKey(key: string | null | undefined): Refusal | null {
  if (key === null || key === undefined || /^[\w-]{1,255}$/.test(key)) return null;
  return refusal('INVALID_INPUT', 'Give 1 to 255 characters out of A-Z a-z 0-9 - _.', 'idempotencyKey');
}

/** Turns what a caller can act on into data; the rest goes on as it is. */
async function guarded<T>(subject: 'person' | 'phone', work: () => Promise<Written<T>>): Promise<Written<T>> {
  try {
    return await work();
  } catch (error) {
    const refused = refusalOf(error, subject);
    if (refused === null) throw error;
    return refuse(refused);
  }
}

/** A 201 without a phone in it has added one that cannot be named: as far as the caller goes, unknown. */
function create(session: GraphSession, user: UserKey, body: JsonObject): Promise<Written<Phone>> {
  return guarded('person', async () => {
    const answer = await session.write({ method: 'POST', path: graphPath(phonesOf(user)), body });
    const phone = phoneIn(answer);
    return phone === null ? refuse(outcomeUnknown()) : done(phone);
  });
}

function phoneIn(answer: GraphAnswer): Phone | null {
  return answer.body === null ? null : readPhone(answer.body);
}

interface KeyedPhone {
  readonly user: UserKey;
  readonly body: JsonObject;
  readonly key: string;
}

async function createOnce(
  session: GraphSession,
  idempotency: Idempotency,
  { user, body, key }: KeyedPhone,
): Promise<Written<Phone>> {
  const claim = idempotency.claim([session.principal, user], key, JSON.stringify(body));
  switch (claim.kind) {
    case 'reused': {
      const message = 'This key was used before, with another input. Take a new key for a new phone.';
      return refuse(refusal('IDEMPOTENCY_KEY_REUSED', message, 'idempotencyKey'));
    }
    case 'repeat':
      return replay(session, user, await claim.outcome);
    case 'owner': {
      let outcome: Outcome = { state: 'nothing' };
      try {
        const written = await create(session, user, body);
        outcome = outcomeOf(written);
        return written;
      } finally {
        claim.end(outcome);
      }
    }
  }
}

function outcomeOf(written: Written<Phone>): Outcome {
  if (written.done !== null) return { state: 'added', phoneId: written.done.id };
  return { state: written.refused.some(({ code }) => code === 'OUTCOME_UNKNOWN') ? 'unknown' : 'nothing' };
}

/** The outcome of an earlier call, as it stands now. The phone may have been deleted since. */
async function replay(session: GraphSession, user: UserKey, outcome: Outcome): Promise<Written<Phone>> {
  switch (outcome.state) {
    case 'unknown':
      return refuse(outcomeUnknown());
    case 'nothing': {
      const message = 'The call that this one repeats came to nothing. Try again with the same key.';
      return refuse(refusal('IDEMPOTENCY_IN_PROGRESS', message, 'idempotencyKey'));
    }
    case 'added': {
      const id = itemId(outcome.phoneId);
      const phone = id === null ? null : await readBack(session, { user, id });
      if (phone !== null) return done(phone);
      return refuse(
        refusal('NOT_FOUND', 'The phone was added under this key and has been deleted since.', null),
      );
    }
  }
}

interface Target {
  readonly user: UserKey;
  readonly id: ItemId;
}

async function change(
  session: GraphSession,
  phone: Target,
  body: JsonObject,
  expected: string | null,
): Promise<Written<Phone>> {
  const seen = await look(session, phone, expected);
  if (seen === 'changed') return refuse(changedSince());
  const path = phonePath(phone.user, phone.id);
  const answer = await session.write({ method: 'PATCH', path, body, ...seen }).catch((error: unknown) => {
    if (!isAmbiguous(error)) throw error;
    return null;
  });
  if (answer === null) return ifChanged(await readAgain(session, phone), body);
  const changed = phoneIn(answer) ?? (await readAgain(session, phone));
  return changed === null ? refuse(outcomeUnknown()) : done(changed);
}

/** After a change whose outcome was not seen: done, if the phone now is as it was asked to be. */
function ifChanged(now: Phone | null, body: JsonObject): Written<Phone> {
  const wanted = now === null ? null : readPhone({ ...body, id: now.id });
  if (now === null || wanted === null) return refuse(outcomeUnknown());
  const names = Object.keys(body) as (keyof Phone)[];
  return names.every((name) => sameValue(now[name], wanted[name])) ? done(now) : refuse(outcomeUnknown());
}

async function remove(
  session: GraphSession,
  phone: Target,
  expected: string | null,
): Promise<Written<string>> {
  const seen = await look(session, phone, expected);
  if (seen === 'changed') return refuse(changedSince());
  try {
    await session.write({ method: 'DELETE', path: phonePath(phone.user, phone.id), ...seen });
    return done(phone.id);
  } catch (error) {
    if (!isAmbiguous(error) || (await readBack(session, phone).catch(() => 'unseen')) !== null) throw error;
    return done(phone.id);
  }
}

const SEEN = graphQuery([['$select', 'id,lastModifiedDateTime']]);

/**
 * Looks at the phone when the caller expects it to be as it was. Graph documents no lock for phones; where it gives an
 * ETag all the same, the write carries it, and then nobody can come in between.
 */
async function look(
  session: GraphSession,
  phone: Target,
  expected: string | null,
): Promise<{ ifMatch?: string } | 'changed'> {
  if (expected === null) return {};
  const path = phonePath(phone.user, phone.id, SEEN);
  const current = readPhone(await session.read(path));
  if (current?.lastModifiedDateTime !== expected) return 'changed';
  return current.etag === null ? {} : { ifMatch: current.etag };
}

/** The phone as it is now; null when it is not there. */
async function readBack(session: GraphSession, { user, id }: Target): Promise<Phone | null> {
  try {
    return readPhone(await session.read(phonePath(user, id)));
  } catch (error) {
    if (error instanceof GraphFailure && error.kind === 'not-found') return null;
    throw error;
  }
}

function isAmbiguous(error: unknown): boolean {
  return error instanceof GraphFailure && error.mayHaveHappened;
}

/** The same, where a read that fails leaves things as unknown as they were. */
function readAgain(session: GraphSession, phone: Target): Promise<Phone | null> {
  return readBack(session, phone).catch(() => null);
}
