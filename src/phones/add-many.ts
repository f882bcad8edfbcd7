// addPhones: as many people at a time as may be, one phone after the other for one person.
//
// First everything that the memory of keys can say is asked, for all at once. What it holds for done costs nothing more
// upstream; if more is wanted of it than its id, it is read at the end, when all that was still to be done has been. So a
// call that is repeated until all is done gets further each time, however slow answers are.
import type { AddPhoneInput, AddPhonesInput } from '../__generated__/schema-types.ts';
import type { GraphSession } from '../graph/session.ts';
import { type Addition, additionOf, addUnkeyed, type By, type Keyed, keyedAdd } from './add.ts';
import { addInTurn } from './add-in-turn.ts';
import { isEarlier, isKnown, readEarlier } from './earlier.ts';
import { type Many, manyOf, outcomeOf, type ReadAfter, spareFor, type Todo, workOff } from './many.ts';
import { checkKey } from './meant.ts';
import { addOnceOfMany, type Once, standing } from './once.ts';
import { type Refusal, refusal } from './refusal.ts';
import type { Phone } from './wire.ts';
import { guarded, refuse } from './written.ts';

/** An addition that there is something to do for. */
type Ready =
  | { readonly kind: 'unkeyed'; readonly owner: string; readonly addition: Addition }
  /** With a key: one that was not sent before, or may have been. */
  | { readonly kind: 'new' | 'sent'; readonly owner: string; readonly add: Keyed['add'] };

export async function addMany(
  session: GraphSession,
  by: By,
  { phones, idempotencyKey: key }: AddPhonesInput,
  { fields, owners }: ReadAfter,
): Promise<Many<Phone>> {
  const additions = phones.map((input, place) => itemOf(session, input, key ?? null, place));
  const steps = await Promise.all(additions.map((one) => outcomeOf(() => prepare(session, by, one))));
  const spareMs = spareFor(owners || (steps.some(isEarlier) && !isKnown(fields)), session);
  const outcomes = new Array<Once | Error>(steps.length);
  const ready: Placed[] = [];
  for (const [place, step] of steps.entries()) {
    if ('kind' in step) ready.push({ ...step, place, session: session.isolated({ gathers: true, spareMs }) });
    else outcomes[place] = step;
  }
  await workOff(todosOf(ready, by), outcomes);
  const results = await readEarlier(session, by.deps, { additions, outcomes, fields });
  const sessions = new Array<GraphSession | undefined>(steps.length);
  for (const { place, session: own } of ready) sessions[place] = own;
  return manyOf(results, sessions, ABOUT_KEYS);
}

type Placed = Ready & { readonly place: number; readonly session: GraphSession };

const ABOUT_KEYS = new Set<Refusal['code']>(['IDEMPOTENCY_KEY_REUSED', 'IDEMPOTENCY_IN_PROGRESS']);

/** Each item has a key of its own, made of the key of the call and its place; no caller can give such a key. */
function itemOf(
  session: GraphSession,
  input: AddPhoneInput,
  key: string | null,
  place: number,
): Addition | Refusal[] {
  const own = input.idempotencyKey ?? null;
  if (key === null) return additionOf(session, input, own, checkKey(own));
  return additionOf(session, input, `${key}/${place}`, own === null ? null : twoKeys());
}

function twoKeys(): Refusal {
  const message = 'The whole call has a key, from which that of each phone is made. Give one or the other.';
  return refusal('INVALID_INPUT', message, 'idempotencyKey');
}

/** How an addition ended before, or that there is something to do for it. */
async function prepare(session: GraphSession, by: By, addition: Addition | Refusal[]): Promise<Once | Ready> {
  if (Array.isArray(addition)) return refuse(...addition);
  const { user, key } = addition;
  if (key === null) {
    const owner = by.deps.whose.knownTarget(session, by.caller, user) ?? user;
    return { kind: 'unkeyed', owner, addition };
  }
  return guarded('person', async () => {
    const { add, owner } = await keyedAdd(session, by, addition, key);
    const known = await standing(add);
    return typeof known === 'string' ? { kind: known, owner, add } : known;
  });
}

/** What may have been sent before comes last: looking for it takes time, and is not likely to find more than last time. */
function todosOf(ready: readonly Placed[], by: By): Todo<Once>[] {
  const todos: Todo<Once>[] = [];
  const begin = ({ place, owner, kind }: Placed, work: () => Promise<Once>): void => {
    todos.push({ place, owner, isLast: kind === 'sent', work: () => guarded('person', work) });
  };
  for (const own of Map.groupBy(ready, ({ owner }) => owner).values()) {
    const fresh = own.flatMap((one) =>
      one.kind === 'new' ? [{ one, add: { ...one.add, session: one.session } }] : [],
    );
    const works = addInTurn(fresh.map(({ add }) => add));
    for (const [at, { one }] of fresh.entries()) begin(one, works[at] as () => Promise<Once>);
    for (const one of own) {
      if (one.kind === 'sent') begin(one, () => addOnceOfMany({ ...one.add, session: one.session }));
      if (one.kind === 'unkeyed') begin(one, () => addUnkeyed(one.session, by, one.addition));
    }
  }
  return todos;
}
