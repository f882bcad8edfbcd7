// Changing phones at Microsoft Graph: what is asked is looked at before anything is sent, and what can never be right is
// not sent. How each change gets through a bad network is in `once.ts` and `change.ts`.
import type {
  AddPhoneInput,
  AddPhonesInput,
  DeletePhoneInput,
  UpdatePhoneInput,
  UpdatePhonesInput,
} from '../__generated__/resolvers-types.ts';
import type { JsonObject } from '../graph/answer.ts';
import { graphPath, type ItemId, isObjectId, itemId, ME, type UserKey, userKey } from '../graph/paths.ts';
import type { GraphSession } from '../graph/session.ts';
import { type Change, change, remove } from './change.ts';
import type { Idempotency } from './idempotency.ts';
import { checkChange, checkNewPhone } from './input.ts';
import { checkLength, each, type Many, refuseAll, within } from './many.ts';
import { addOnce, phoneIn } from './once.ts';
import { outcomeUnknown, type Refusal, refusal } from './refusal.ts';
import { readTwice, sendBlindly, type Timing } from './sending.ts';
import { phonesOf } from './source.ts';
import type { KnownCaller, Whose } from './whose.ts';
import type { Phone } from './wire.ts';
import { beforehand, done, guarded, refuse, type Written } from './written.ts';

export interface PhoneWrites {
  /** Adds a phone. Throws a GraphFailure only where nothing was added. */
  add(input: AddPhoneInput): Promise<Written<Phone>>;
  /** Changes a phone. Throws a GraphFailure only where nothing was changed. */
  update(input: UpdatePhoneInput): Promise<Written<Phone>>;
  /** Deletes a phone, and gives its id. Throws a GraphFailure only where nothing was deleted. */
  delete(input: DeletePhoneInput): Promise<Written<string>>;
  /** Adds many; never rejects for what happens to one. */
  addMany(input: AddPhonesInput): Promise<Many<Phone>>;
  /** Changes many; never rejects for what happens to one. */
  updateMany(input: UpdatePhonesInput): Promise<Many<Phone>>;
}

/** The same for all requests. */
export interface WriteDeps extends Timing {
  readonly idempotency: Idempotency;
  readonly whose: Whose;
  /** The application that phones are created by; null where that is not known. */
  readonly clientId: string | null;
}

export function createPhoneWrites(
  session: GraphSession,
  caller: KnownCaller | null,
  deps: WriteDeps,
): PhoneWrites {
  const readsOnly = session.standing === 'app-reads';
  const by: By = { caller, deps };
  return {
    async add(input) {
      if (readsOnly) return refuse(mayNotWrite());
      const badKey = checkKey(input.idempotencyKey);
      return addOne(session.apart(), by, input, input.idempotencyKey ?? null, badKey);
    },
    update: async (input) => (readsOnly ? refuse(mayNotWrite()) : updateOne(session.apart(), by, input)),
    delete: async (input) => (readsOnly ? refuse(mayNotWrite()) : deleteOne(session.apart(), by, input)),
    async addMany({ phones, idempotencyKey: key }) {
      const flaws = [checkLength(phones), checkKey(key)].filter((flaw) => flaw !== null);
      if (readsOnly) flaws.push(mayNotWrite());
      if (flaws.length > 0) return refuseAll(...flaws);
      return each(session, deps.clock, phones, (own, input, place) =>
        addItem(own, by, input, { key, place }),
      );
    },
    async updateMany({ phones }) {
      const flaw = readsOnly ? mayNotWrite() : checkLength(phones);
      if (flaw !== null) return refuseAll(flaw);
      const named = new Set<string>();
      const repeated = phones.map(({ userId, id }) =>
        isRepeated(named, `${userId?.toLowerCase() ?? ''} ${id}`),
      );
      return each(session, deps.clock, phones, async (own, input, place) =>
        within(repeated[place] === true ? refuse(namedTwice()) : await updateOne(own, by, input), place),
      );
    },
  };
}

interface By {
  readonly caller: KnownCaller | null;
  readonly deps: WriteDeps;
}

async function addOne(
  session: GraphSession,
  by: By,
  input: AddPhoneInput,
  key: string | null,
  badKey: Refusal | null = null,
): Promise<Written<Phone>> {
  const user = target(session, input.userId);
  const { body, refusals } = checkNewPhone(input, session.sourceForm);
  if (user === null || refusals !== null || badKey !== null) {
    return refuse(...nobody(session, user), ...(refusals ?? []), ...(badKey === null ? [] : [badKey]));
  }
  return guarded('person', () =>
    key === null ? addUnkeyed(session, by, user, body) : addKeyed(session, by, { user, body, key }),
  );
}

/** A 201 without a phone in it has added one that cannot be named: as far as the caller goes, unknown. */
async function addUnkeyed(
  session: GraphSession,
  { caller, deps }: By,
  user: UserKey,
  body: JsonObject,
): Promise<Written<Phone>> {
  const answer = await sendBlindly(session, deps, { method: 'POST', path: graphPath(phonesOf(user)), body });
  const phone = phoneIn(answer);
  if (phone === null) return refuse(outcomeUnknown());
  const owner = deps.whose.knownTarget(session, caller, user) ?? (user === ME ? authorOf(phone) : null);
  if (owner !== null) await deps.idempotency.mark(owner, phone.id);
  return done(phone);
}

/** Who adds a phone of their own is whose phone it is. */
function authorOf({ createdBy }: Phone): string | null {
  const author = userKey(createdBy?.user?.id ?? '');
  return author !== null && isObjectId(author) ? author : null;
}

interface Keyed {
  readonly user: UserKey;
  readonly body: JsonObject;
  readonly key: string;
}

async function addKeyed(
  session: GraphSession,
  { caller, deps }: By,
  { user, body, key }: Keyed,
): Promise<Written<Phone>> {
  const { idempotency, whose, clientId } = deps;
  const names = await beforehand(() => readTwice(session, deps, () => whose.names(session, caller, user)));
  const slot = await idempotency.slot({ ...names, key, body });
  return addOnce({ session, user, body, slot, timing: deps, clientId, quietMs: idempotency.quietMs });
}

interface Place {
  /** Of the whole call. */
  readonly key: string | null | undefined;
  readonly place: number;
}

/** Each item has a key of its own, made of the key of the call and its place; no caller can give such a key. */
async function addItem(
  session: GraphSession,
  by: By,
  input: AddPhoneInput,
  { key, place }: Place,
): Promise<Written<Phone>> {
  const own = input.idempotencyKey ?? null;
  if (key === null || key === undefined)
    return within(await addOne(session, by, input, own, checkKey(own)), place);
  const badKey = own === null ? null : twoKeys();
  return within(await addOne(session, by, input, `${key}/${place}`, badKey), place, ABOUT_KEYS);
}

const ABOUT_KEYS = new Set<Refusal['code']>(['IDEMPOTENCY_KEY_REUSED', 'IDEMPOTENCY_IN_PROGRESS']);

async function updateOne(
  session: GraphSession,
  { deps }: By,
  input: UpdatePhoneInput,
): Promise<Written<Phone>> {
  const { body, refusals } = checkChange(input, session.sourceForm);
  const at = changeOf(session, deps, input);
  if (refusals !== null || Array.isArray(at))
    return refuse(...(Array.isArray(at) ? at : []), ...(refusals ?? []));
  return guarded('phone', () => change(at, body));
}

async function deleteOne(
  session: GraphSession,
  { deps }: By,
  input: DeletePhoneInput,
): Promise<Written<string>> {
  const at = changeOf(session, deps, input);
  return Array.isArray(at) ? refuse(...at) : guarded('phone', () => remove(at));
}

/** Which phone is meant, or why it cannot be any. */
function changeOf(
  session: GraphSession,
  timing: Timing,
  input: UpdatePhoneInput | DeletePhoneInput,
): Change | Refusal[] {
  const user = target(session, input.userId);
  const id = itemId(input.id);
  if (user === null || id === null) return [...nobody(session, user), ...noPhone(id)];
  return { session, timing, phone: { user, id }, expected: input.expectedLastModifiedDateTime ?? null };
}

/** Whose phones are meant: without a name the caller's, who has to be a person for that. */
function target({ standing }: GraphSession, userId: string | null | undefined): UserKey | null {
  if (userId !== null && userId !== undefined) return userKey(userId);
  return standing === 'person' ? ME : null;
}

function nobody({ standing }: GraphSession, user: UserKey | null): Refusal[] {
  if (user !== null) return [];
  const what =
    'Give an object id (a GUID, or 16 hexadecimal digits for a personal account) or a user principal name.';
  const why = standing === 'person' ? '' : ' An application by itself has no phones of its own.';
  return [refusal('INVALID_INPUT', `${what}${why}`, 'userId')];
}

function mayNotWrite(): Refusal {
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

function twoKeys(): Refusal {
  const message = 'The whole call has a key, from which that of each phone is made. Give one or the other.';
  return refusal('INVALID_INPUT', message, 'idempotencyKey');
}

function isRepeated(named: Set<string>, name: string): boolean {
  if (named.has(name)) return true;
  named.add(name);
  return false;
}

function namedTwice(): Refusal {
  const message = 'An earlier change of this call is to the same phone. Make one change of the two.';
  return refusal('INVALID_INPUT', message, 'id');
}
