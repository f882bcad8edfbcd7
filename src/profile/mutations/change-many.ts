// Updates and deletes of many items: as many people at a time as may be, one item after the other for one person.
//
// First the items are read, all at once. What is as it was asked to be is done, and what is not there is not sent: so a
// call that is repeated until all is done gets further each time, however slow responses are.
import { type GraphQuery, NO_QUERY } from '../../graph/paths.ts';
import type { GraphSession } from '../../graph/session.ts';
import { checkChange } from '../inputs.ts';
import type { ItemFacet } from '../item-facet.ts';
import { selfOf } from '../key-scope.ts';
import { notFound, preconditionFailed, type UserError, userError } from '../user-error.ts';
import type { Writer } from './add.ts';
import { type Change, ID_AND_DATE, remove, update } from './change.ts';
import { type Many, manyOf, type ReadAfter, spareFor, type Todo, workOff } from './many.ts';
import { type ReadOutcome, readTargets } from './read-targets.ts';
import { matches } from './reconcile.ts';
import { beforeWrite, fail, type Result, succeed, withUserErrors } from './result.ts';
import type { Target } from './send.ts';
import { targetOf } from './targets.ts';

/** Of the input of an update or delete, what all facets have. The facet reads the rest. */
export interface ChangeInput {
  readonly id: string;
  readonly expectedLastModifiedDateTime?: string | null | undefined;
}

/** One change that can be sent. */
interface Planned<T, Item extends ItemFacet> {
  readonly target: Target;
  readonly expected: string | null;
  /** The result where the item is already as it is to be; null where there is something to do. */
  settled(now: Item): Result<T> | null;
  work(change: Change<Item>): Promise<Result<T>>;
}

export function updateMany<Item extends ItemFacet>(
  session: GraphSession,
  writer: Writer<Item>,
  inputs: readonly ChangeInput[],
  after: ReadAfter,
): Promise<Many<Item>> {
  const planned = inputs.map((input) => planUpdate(session, writer, input));
  return changeAll(session, writer, { query: NO_QUERY, after }, planned);
}

export function deleteMany<Item extends ItemFacet>(
  session: GraphSession,
  writer: Writer<Item>,
  inputs: readonly ChangeInput[],
  after: ReadAfter,
): Promise<Many<string>> {
  const planned = inputs.map((input) => planDelete(session, writer, input));
  return changeAll(session, writer, { query: ID_AND_DATE, after }, planned);
}

function planUpdate<Item extends ItemFacet>(
  session: GraphSession,
  { facet, caller }: Writer<Item>,
  input: ChangeInput,
): Planned<Item, Item> | UserError[] {
  const { body, userErrors } = checkChange(facet, input, session.sourceForm);
  const target = targetOf(session, facet, selfOf(caller), input.id);
  if (userErrors !== null || Array.isArray(target))
    return [...(Array.isArray(target) ? target : []), ...(userErrors ?? [])];
  return {
    target,
    expected: input.expectedLastModifiedDateTime ?? null,
    settled: (now) => (matches(facet, now, body) ? succeed(now) : null),
    work: (change) => update(change, body),
  };
}

function planDelete<Item extends ItemFacet>(
  session: GraphSession,
  { facet, caller }: Writer<Item>,
  input: ChangeInput,
): Planned<string, Item> | UserError[] {
  const target = targetOf(session, facet, selfOf(caller), input.id);
  if (Array.isArray(target)) return target;
  const expected = input.expectedLastModifiedDateTime ?? null;
  return { target, expected, settled: () => null, work: remove };
}

/** What is read of an item before it is changed, and what is read after all changes. */
interface Reading {
  readonly query: GraphQuery;
  readonly after: ReadAfter;
}

async function changeAll<T, Item extends ItemFacet>(
  session: GraphSession,
  writer: Writer<Item>,
  { query, after }: Reading,
  planned: readonly (Planned<T, Item> | UserError[])[],
): Promise<Many<T>> {
  const { facet, deps } = writer;
  const results = new Array<Result<T> | Error>(planned.length);
  const ready = placeAll(session, writer, { planned, spareMs: spareFor(after.owners, session) }, results);
  const targets = ready.map(({ change }) => change.target);
  const reads = await readTargets(session.isolated({ gathers: true }), facet, {
    timing: deps,
    targets,
    query,
  });
  await workOff(
    ready.map((one, at) => todoOf(one, writer, reads[at] ?? null)),
    results,
  );
  return manyOf(facet, results);
}

interface Placed<T, Item extends ItemFacet> {
  readonly place: number;
  readonly change: Planned<T, Item>;
  readonly owner: string;
  readonly session: GraphSession;
}

interface Plan<T, Item extends ItemFacet> {
  readonly planned: readonly (Planned<T, Item> | UserError[])[];
  readonly spareMs: number;
}

/** Those that there is something to do for. The results of the others are put in their places. */
function placeAll<T, Item extends ItemFacet>(
  session: GraphSession,
  { deps, caller, facet }: Writer<Item>,
  { planned, spareMs }: Plan<T, Item>,
  results: (Result<T> | Error)[],
): Placed<T, Item>[] {
  const ready: Placed<T, Item>[] = [];
  const named = new Set<string>();
  for (const [place, change] of planned.entries()) {
    if (Array.isArray(change)) {
      results[place] = fail(...change);
      continue;
    }
    const { user, id } = change.target;
    const owner = deps.keyScope.knownTarget(session, caller, user) ?? user;
    if (isRepeated(named, `${owner} ${id}`)) results[place] = fail(namedTwice(facet.words.one));
    else
      ready.push({
        place,
        change,
        owner,
        session: session.isolated({ gathers: true, spareMs, item: place }),
      });
  }
  return ready;
}

function todoOf<T, Item extends ItemFacet>(
  { place, change, owner, session }: Placed<T, Item>,
  writer: Writer<Item>,
  seen: ReadOutcome<Item>,
): Todo<Result<T>> {
  const work = () => carryOut(change, session, writer, seen);
  return { place, owner, isLast: false, work: () => withUserErrors(writer.facet, 'item', work) };
}

async function carryOut<T, Item extends ItemFacet>(
  { target, expected, settled, work }: Planned<T, Item>,
  session: GraphSession,
  { facet, deps, limit }: Writer<Item>,
  seen: ReadOutcome<Item>,
): Promise<Result<T>> {
  if (seen instanceof Error) return beforeWrite(() => Promise.reject(seen));
  if (seen === null) return fail(notFound(facet));
  const result = settled(seen);
  if (result !== null) return result;
  if (expected !== null && seen.lastModifiedDateTime !== expected) return fail(preconditionFailed(facet));
  limit.check(session);
  return work({ facet, session, timing: deps, limit, target, expected, seen });
}

function isRepeated(named: Set<string>, name: string): boolean {
  if (named.has(name)) return true;
  named.add(name);
  return false;
}

function namedTwice(word: string): UserError {
  const message = `An earlier change of this call is to the same ${word}. Make one change of the two.`;
  return userError('INVALID_INPUT', message, 'id');
}
