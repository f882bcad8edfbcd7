// Adding many items: as many people at a time as may be, one item after the other for one person.
//
// First the idempotency records of all are read at once. What they hold as added costs nothing more upstream; if more of
// it is selected than its id, it is read at the end, when all that was still to be done has been. So a call that is
// repeated until all is done gets further each time, however slow responses are.
import type { GraphSession } from '../../graph/session.ts';
import type { Facet } from '../facet.ts';
import type { ItemFacet } from '../item-facet.ts';
import { type UserError, userError } from '../user-error.ts';
import {
  type AddInput,
  addUnkeyed,
  type NewItem,
  newItemOf,
  type PreparedAdd,
  prepareKeyedAdd,
  type Writer,
} from './add.ts';
import { addInTurn } from './add-in-turn.ts';
import { isEarlier, isKnown, readEarlier } from './earlier.ts';
import { type AddResult, addKeyedOfMany, stateOf } from './idempotent-add.ts';
import { type Many, manyOf, type ReadAfter, resultOrError, spareFor, type Todo, workOff } from './many.ts';
import { fail, withUserErrors } from './result.ts';
import { checkKey } from './targets.ts';

/** An add that there is something to do for. */
type Ready<Item extends ItemFacet> =
  | { readonly kind: 'unkeyed'; readonly owner: string; readonly newItem: NewItem }
  /** With a key: one that was not sent before, or may have been. */
  | { readonly kind: 'new' | 'sent'; readonly owner: string; readonly add: PreparedAdd<Item>['add'] };

export interface AddManyInput {
  readonly inputs: readonly AddInput[];
  /** Of the whole call; null for none. */
  readonly key: string | null;
}

export async function addMany<Item extends ItemFacet>(
  session: GraphSession,
  writer: Writer<Item>,
  { inputs, key }: AddManyInput,
  { fields, owners }: ReadAfter,
): Promise<Many<Item>> {
  const { facet } = writer;
  const newItems = inputs.map((input, place) => itemOf(session, facet, input, { key, place }));
  const steps = await Promise.all(newItems.map((one) => resultOrError(() => prepare(session, writer, one))));
  const spareMs = spareFor(owners || (steps.some(isEarlier) && !isKnown(fields)), session);
  const results = new Array<AddResult<Item> | Error>(steps.length);
  const ready: Placed<Item>[] = [];
  for (const [place, step] of steps.entries()) {
    if ('kind' in step)
      ready.push({ ...step, place, session: session.isolated({ gathers: true, spareMs, item: place }) });
    else results[place] = step;
  }
  await workOff(todosOf(ready, writer), results);
  return manyOf(facet, await readEarlier(session, writer, { newItems, results, fields }), ABOUT_KEYS);
}

type Placed<Item extends ItemFacet> = Ready<Item> & {
  readonly place: number;
  readonly session: GraphSession;
};

const ABOUT_KEYS = new Set<UserError['code']>(['IDEMPOTENCY_KEY_REUSED', 'IDEMPOTENCY_IN_PROGRESS']);

/** Each item has a key of its own, made of the key of the call and its place; no caller can give such a key. */
function itemOf(
  session: GraphSession,
  facet: Facet,
  input: AddInput,
  { key, place }: { readonly key: string | null; readonly place: number },
): NewItem | UserError[] {
  const own = input.idempotencyKey ?? null;
  if (key === null) return newItemOf(session, facet, input, { key: own, keyError: checkKey(own) });
  const keyError = own === null ? null : twoKeys(facet);
  return newItemOf(session, facet, input, { key: `${key}/${place}`, keyError });
}

function twoKeys({ words }: Facet): UserError {
  const message = `The whole call has a key, from which that of each ${words.one} is made. Give one or the other.`;
  return userError('INVALID_INPUT', message, 'idempotencyKey');
}

/** How an add ended before, or that there is something to do for it. */
async function prepare<Item extends ItemFacet>(
  session: GraphSession,
  writer: Writer<Item>,
  newItem: NewItem | UserError[],
): Promise<AddResult<Item> | Ready<Item>> {
  if (Array.isArray(newItem)) return fail(...newItem);
  const { user, key } = newItem;
  if (key === null) {
    const owner = writer.deps.keyScope.knownTarget(session, writer.caller, user) ?? user;
    return { kind: 'unkeyed', owner, newItem };
  }
  return withUserErrors(writer.facet, 'profile', async () => {
    const { add, owner } = await prepareKeyedAdd(session, writer, newItem, key);
    const state = await stateOf(add);
    return typeof state === 'string' ? { kind: state, owner, add } : state;
  });
}

/** What may have been sent before comes last: looking for it takes time, and rarely finds more than the last call did. */
function todosOf<Item extends ItemFacet>(
  ready: readonly Placed<Item>[],
  writer: Writer<Item>,
): Todo<AddResult<Item>>[] {
  return [...Map.groupBy(ready, ({ owner }) => owner).values()].flatMap((own) => todosOfOwner(own, writer));
}

function todosOfOwner<Item extends ItemFacet>(
  own: readonly Placed<Item>[],
  writer: Writer<Item>,
): Todo<AddResult<Item>>[] {
  const todoOf = ({ place, owner, kind }: Placed<Item>, work: () => Promise<AddResult<Item>>) => ({
    place,
    owner,
    isLast: kind === 'sent',
    work: () => withUserErrors(writer.facet, 'profile', work),
  });
  const fresh = own.flatMap((one) =>
    one.kind === 'new' ? [{ one, add: { ...one.add, session: one.session } }] : [],
  );
  const works = addInTurn(fresh.map(({ add }) => add));
  const todos = fresh.flatMap(({ one }, at) => (works[at] === undefined ? [] : [todoOf(one, works[at])]));
  for (const one of own) {
    if (one.kind === 'sent')
      todos.push(todoOf(one, () => addKeyedOfMany({ ...one.add, session: one.session })));
    if (one.kind === 'unkeyed') todos.push(todoOf(one, () => addUnkeyed(one.session, writer, one.newItem)));
  }
  return todos;
}
