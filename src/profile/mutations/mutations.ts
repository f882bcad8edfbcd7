// Changing the items of a facet at Microsoft Graph, for one caller: what the resolvers of mutations call. A caller who may
// not write is told so here, before anything else is looked at.
import type { UserKey } from '../../graph/paths.ts';
import type { GraphSession } from '../../graph/session.ts';
import { lazy } from '../../runtime/lazy.ts';
import type { Facet } from '../facet.ts';
import { checkChange } from '../inputs.ts';
import type { ItemFacet } from '../item-facet.ts';
import { type KnownCaller, selfOf } from '../key-scope.ts';
import type { UserError } from '../user-error.ts';
import { type AddInput, addUnkeyed, newItemOf, prepareKeyedAdd, type WriteDeps, type Writer } from './add.ts';
import { type AddManyInput, addMany } from './add-many.ts';
import { type Change, remove, update } from './change.ts';
import { type ChangeInput, deleteMany, updateMany } from './change-many.ts';
import { addKeyed } from './idempotent-add.ts';
import { checkLength, failAll, type Many, type ReadAfter } from './many.ts';
import { fail, type Result, withUserErrors } from './result.ts';
import { checkKey, readOnlyCaller, targetOf, targetUser } from './targets.ts';
import { createWriteLimit } from './write-limit.ts';

/** The inputs are those of the schema: they have the settable fields of the facet beside what is named here. */
export interface ItemMutations<Item extends ItemFacet> {
  /** Adds an item. Throws a GraphFailure only where nothing was added. */
  add(input: AddInput): Promise<Result<Item>>;
  /** Updates an item. Throws a GraphFailure only where nothing was changed. */
  update(input: ChangeInput): Promise<Result<Item>>;
  /** Deletes an item, and gives its id. Throws a GraphFailure only where nothing was deleted. */
  delete(input: ChangeInput): Promise<Result<string>>;
  /** Adds many; never rejects for what happens to one. */
  addMany(input: AddManyInput, after: ReadAfter): Promise<Many<Item>>;
  /** Updates many; never rejects for what happens to one. */
  updateMany(inputs: readonly ChangeInput[], after: ReadAfter): Promise<Many<Item>>;
  /** Deletes many; never rejects for what happens to one. */
  deleteMany(inputs: readonly ChangeInput[], after: ReadAfter): Promise<Many<string>>;
  /** Whose profile an input names; null where it names nobody's. */
  ownerOf(input: AddInput | ChangeInput): UserKey | null;
}

export interface MutationOptions<Item extends ItemFacet> {
  readonly facet: Facet<Item>;
  readonly session: GraphSession;
  /** Null where the caller's token does not say who is calling. */
  readonly caller: KnownCaller | null;
  readonly deps: WriteDeps;
  /** Called whenever something may have been changed. */
  changed(): void;
}

export function createItemMutations<Item extends ItemFacet>(
  options: MutationOptions<Item>,
): ItemMutations<Item> {
  const { facet, session, caller, deps, changed } = options;
  const isReadOnly = session.accessLevel === 'app-read';
  const totalMs = session.remainingMs;
  const { clock, concurrency } = deps;
  const writer = lazy((): Writer<Item> => {
    return { facet, caller, deps, limit: createWriteLimit({ clock, concurrency, totalMs }) };
  });
  const errorsOf = (inputs: readonly unknown[], key: string | null): UserError[] =>
    [checkLength(facet, inputs), checkKey(key), isReadOnly ? readOnlyCaller() : null].filter(
      (error) => error !== null,
    );
  async function one<T>(work: () => Promise<Result<T>>): Promise<Result<T>> {
    return isReadOnly ? fail(readOnlyCaller()) : work().finally(changed);
  }
  async function many<T>(errors: UserError[], work: () => Promise<Many<T>>): Promise<Many<T>> {
    return errors.length > 0 ? failAll(...errors) : work().finally(changed);
  }
  return {
    add: (input) => one(() => addOne(session.isolated(), writer(), input)),
    update: (input) => one(() => updateOne(session.isolated(), writer(), input)),
    delete: (input) => one(() => deleteOne(session.isolated(), writer(), input)),
    addMany: (input, after) =>
      many(errorsOf(input.inputs, input.key), () => addMany(session, writer(), input, after)),
    updateMany: (inputs, after) =>
      many(errorsOf(inputs, null), () => updateMany(session, writer(), inputs, after)),
    deleteMany: (inputs, after) =>
      many(errorsOf(inputs, null), () => deleteMany(session, writer(), inputs, after)),
    ownerOf(input) {
      if (!('id' in input)) return targetUser(session, input.userId);
      const target = targetOf(session, facet, selfOf(caller), input.id);
      return Array.isArray(target) ? null : target.user;
    },
  };
}

async function addOne<Item extends ItemFacet>(
  session: GraphSession,
  writer: Writer<Item>,
  input: AddInput,
): Promise<Result<Item>> {
  const given = input.idempotencyKey ?? null;
  const newItem = newItemOf(session, writer.facet, input, { key: given, keyError: checkKey(given) });
  if (Array.isArray(newItem)) return fail(...newItem);
  const { key } = newItem;
  return withUserErrors(writer.facet, 'profile', async () => {
    if (key === null) return addUnkeyed(session, writer, newItem);
    const { add } = await prepareKeyedAdd(session, writer, newItem, key);
    return addKeyed({ ...add, session });
  });
}

async function updateOne<Item extends ItemFacet>(
  session: GraphSession,
  writer: Writer<Item>,
  input: ChangeInput,
): Promise<Result<Item>> {
  const { body, userErrors } = checkChange(writer.facet, input, session.sourceForm);
  const change = changeOf(session, writer, input);
  if (userErrors !== null || Array.isArray(change))
    return fail(...(Array.isArray(change) ? change : []), ...(userErrors ?? []));
  return withUserErrors(writer.facet, 'item', () => update(change, body));
}

async function deleteOne<Item extends ItemFacet>(
  session: GraphSession,
  writer: Writer<Item>,
  input: ChangeInput,
): Promise<Result<string>> {
  const change = changeOf(session, writer, input);
  if (Array.isArray(change)) return fail(...change);
  return withUserErrors(writer.facet, 'item', () => remove(change));
}

/** The change of the item that the input names, or why it names none. */
function changeOf<Item extends ItemFacet>(
  session: GraphSession,
  { facet, caller, deps, limit }: Writer<Item>,
  input: ChangeInput,
): Change<Item> | UserError[] {
  const target = targetOf(session, facet, selfOf(caller), input.id);
  if (Array.isArray(target)) return target;
  const expected = input.expectedLastModifiedDateTime ?? null;
  return { facet, session, timing: deps, limit, target, expected };
}
