// Changing phones at Microsoft Graph, for one caller: what the resolvers of mutations are given. Whoever may not write is
// told so here, before anything else is looked at.
import type {
  AddPhoneInput,
  AddPhonesInput,
  DeletePhoneInput,
  DeletePhonesInput,
  UpdatePhoneInput,
  UpdatePhonesInput,
} from '../__generated__/schema-types.ts';
import type { UserKey } from '../graph/paths.ts';
import type { GraphSession } from '../graph/session.ts';
import { lazy } from '../runtime/lazy.ts';
import { additionOf, addUnkeyed, type By, keyedAdd, type WriteDeps } from './add.ts';
import { addMany } from './add-many.ts';
import { type Change, change, remove } from './change.ts';
import { deleteMany, updateMany } from './change-many.ts';
import { checkChange } from './input.ts';
import { checkLength, type Many, type ReadAfter, refuseAll } from './many.ts';
import { checkKey, mayNotWrite, personMeant, targetOf } from './meant.ts';
import { addOnce } from './once.ts';
import type { Refusal } from './refusal.ts';
import { type KnownCaller, selfOf } from './whose.ts';
import type { Phone } from './wire.ts';
import { createWriteLimit } from './write-limit.ts';
import { guarded, refuse, type Written } from './written.ts';

export interface PhoneWrites {
  /** Adds a phone. Throws a GraphFailure only where nothing was added. */
  add(input: AddPhoneInput): Promise<Written<Phone>>;
  /** Changes a phone. Throws a GraphFailure only where nothing was changed. */
  update(input: UpdatePhoneInput): Promise<Written<Phone>>;
  /** Deletes a phone, and gives its id. Throws a GraphFailure only where nothing was deleted. */
  delete(input: DeletePhoneInput): Promise<Written<string>>;
  /** Adds many; never rejects for what happens to one. */
  addMany(input: AddPhonesInput, after: ReadAfter): Promise<Many<Phone>>;
  /** Changes many; never rejects for what happens to one. */
  updateMany(input: UpdatePhonesInput, after: ReadAfter): Promise<Many<Phone>>;
  /** Deletes many; never rejects for what happens to one. */
  deleteMany(input: DeletePhonesInput, after: ReadAfter): Promise<Many<string>>;
  /** Whose profile an input means; null where it can be nobody's. */
  personOf(input: AddPhoneInput | { readonly id: string }): UserKey | null;
}

/** @param changed called whenever something was perhaps changed */
export function createPhoneWrites(
  session: GraphSession,
  caller: KnownCaller | null,
  deps: WriteDeps,
  changed: () => void,
): PhoneWrites {
  const readsOnly = session.accessLevel === 'app-read';
  const totalMs = session.remainingMs;
  const { clock, concurrency } = deps;
  const by = lazy((): By => ({ caller, deps, limit: createWriteLimit({ clock, concurrency, totalMs }) }));
  const flawsOf = (phones: readonly unknown[], key?: string | null): Refusal[] =>
    [checkLength(phones), checkKey(key), readsOnly ? mayNotWrite() : null].filter((flaw) => flaw !== null);
  const self = selfOf(caller);
  async function one<T>(work: () => Promise<Written<T>>): Promise<Written<T>> {
    return readsOnly ? refuse(mayNotWrite()) : work().finally(changed);
  }
  async function many<T>(flaws: Refusal[], work: () => Promise<Many<T>>): Promise<Many<T>> {
    return flaws.length > 0 ? refuseAll(...flaws) : work().finally(changed);
  }
  return {
    add: (input) => one(() => addOne(session.isolated(), by(), input)),
    update: (input) => one(() => updateOne(session.isolated(), by(), input)),
    delete: (input) => one(() => deleteOne(session.isolated(), by(), input)),
    addMany: (input, after) =>
      many(flawsOf(input.phones, input.idempotencyKey), () => addMany(session, by(), input, after)),
    updateMany: ({ phones }, after) => many(flawsOf(phones), () => updateMany(session, by(), phones, after)),
    deleteMany: ({ phones }, after) => many(flawsOf(phones), () => deleteMany(session, by(), phones, after)),
    personOf(input) {
      if (!('id' in input)) return personMeant(session, input.userId);
      const phone = targetOf(session, self, input.id);
      return Array.isArray(phone) ? null : phone.user;
    },
  };
}

async function addOne(session: GraphSession, by: By, input: AddPhoneInput): Promise<Written<Phone>> {
  const { idempotencyKey } = input;
  const addition = additionOf(session, input, idempotencyKey ?? null, checkKey(idempotencyKey));
  if (Array.isArray(addition)) return refuse(...addition);
  const { key } = addition;
  return guarded('person', async () => {
    if (key === null) return addUnkeyed(session, by, addition);
    const { add } = await keyedAdd(session, by, addition, key);
    return addOnce({ ...add, session });
  });
}

async function updateOne(session: GraphSession, by: By, input: UpdatePhoneInput): Promise<Written<Phone>> {
  const { body, refusals } = checkChange(input, session.sourceForm);
  const at = changeOf(session, by, input);
  if (refusals !== null || Array.isArray(at))
    return refuse(...(Array.isArray(at) ? at : []), ...(refusals ?? []));
  return guarded('phone', () => change(at, body));
}

async function deleteOne(session: GraphSession, by: By, input: DeletePhoneInput): Promise<Written<string>> {
  const at = changeOf(session, by, input);
  return Array.isArray(at) ? refuse(...at) : guarded('phone', () => remove(at));
}

/** Which phone is meant, or why it cannot be any. */
function changeOf(
  session: GraphSession,
  { caller, deps, limit }: By,
  input: UpdatePhoneInput | DeletePhoneInput,
): Change | Refusal[] {
  const phone = targetOf(session, selfOf(caller), input.id);
  if (Array.isArray(phone)) return phone;
  const expected = input.expectedLastModifiedDateTime ?? null;
  return { session, timing: deps, limit, phone, expected };
}
