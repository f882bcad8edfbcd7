// Reading many items at once, with one read for each person, all of which travel together: an item by itself where one of
// a person is wanted, the person's list where several are. The services behind profiles take few requests at a time for
// one mailbox, and those of a batch count one by one.
import { GraphFailure } from '../../graph/failure.ts';
import type { GraphQuery, UserKey } from '../../graph/paths.ts';
import type { GraphSession } from '../../graph/session.ts';
import { type Facet, itemPath } from '../facet.ts';
import type { ItemFacet } from '../item-facet.ts';
import { readEach, readLists } from '../loader.ts';
import { type Target, type Timing, waitIfTime } from './send.ts';

/** An item; null when there is none; or why it could not be read. */
export type ReadOutcome<Item> = Item | null | Error;

export interface TargetsRead {
  readonly timing: Timing;
  readonly targets: readonly Target[];
  readonly query: GraphQuery;
}

/** Milliseconds before an item that is not there is taken to be gone: reads may lag behind writes. */
const SECOND_READ_MS = 300;

/** Reads, and once more for what is not there or could not be read, where that can help and there is time. */
export async function readTargets<Item extends ItemFacet>(
  session: GraphSession,
  facet: Facet<Item>,
  { timing, targets, query }: TargetsRead,
): Promise<ReadOutcome<Item>[]> {
  const outcomes = await readAll(session, facet, targets, query);
  const again = targets.flatMap((target, at) => (isWorthAnother(outcomes[at]) ? [{ target, at }] : []));
  if (again.length === 0 || !(await waitIfTime(session, timing, SECOND_READ_MS))) return outcomes;
  const wanted = again.map(({ target }) => target);
  const others = await readAll(session, facet, wanted, query);
  for (const [index, { at }] of again.entries()) outcomes[at] = better(outcomes[at], others[index]);
  return outcomes;
}

function isWorthAnother<Item>(outcome: ReadOutcome<Item> | undefined): boolean {
  return outcome === null || (outcome instanceof GraphFailure && outcome.retryable === true);
}

/** A second read that failed takes nothing away from a first that did not. */
function better<Item>(
  first: ReadOutcome<Item> | undefined,
  second: ReadOutcome<Item> | undefined,
): ReadOutcome<Item> {
  return (second instanceof Error && first === null ? first : second) ?? null;
}

async function readAll<Item extends ItemFacet>(
  session: GraphSession,
  facet: Facet<Item>,
  targets: readonly Target[],
  query: GraphQuery,
): Promise<ReadOutcome<Item>[]> {
  const outcomes = new Array<ReadOutcome<Item>>(targets.length);
  const byUser = Map.groupBy(
    targets.map(({ user, id }, at) => ({ user, id, at })),
    ({ user }) => user,
  );
  const [single, several] = [[...byUser].filter(isOne), [...byUser].filter((group) => !isOne(group))];
  const ones = single.flatMap(([, items]) => items);
  const [each, lists] = await Promise.all([
    readEach(
      session,
      facet,
      ones.map(({ user, id }) => itemPath(facet, user, id, query)),
    ),
    readLists(
      session,
      facet,
      several.map(([user]) => user),
      query,
    ),
  ]);
  for (const [index, { at }] of ones.entries()) outcomes[at] = each[index] ?? null;
  for (const [index, [, wanted]] of several.entries())
    for (const { id, at } of wanted) outcomes[at] = itemOf(lists[index], id);
  return outcomes;
}

function isOne([, items]: readonly [UserKey, readonly unknown[]]): boolean {
  return items.length === 1;
}

function itemOf<Item extends ItemFacet>(
  list: readonly Item[] | Error | undefined,
  id: string,
): ReadOutcome<Item> {
  if (list instanceof Error) return list;
  return list?.find(({ graphId }) => graphId === id) ?? null;
}
