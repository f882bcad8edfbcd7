// Looking at many phones at once, with one read for each person, all of which travel together: a phone by itself where
// one of a person is wanted, the person's list where several are. The services behind profiles take few requests at a
// time for one mailbox, and those of a batch count one by one.
import { GraphFailure } from '../../graph/failure.ts';
import type { GraphQuery, UserKey } from '../../graph/paths.ts';
import type { GraphSession } from '../../graph/session.ts';
import type { Phone } from '../item-facet.ts';
import { phonePath, readEach, readLists } from '../loader.ts';
import { type Target, type Timing, waitToLook } from './send.ts';

/** A phone; null when it is not there; or why it could not be read. */
export type Look = Phone | null | Error;

/** How long before a phone that is not there is held to be gone: reads may lag behind writes. */
const SECOND_LOOK_MS = 300;

/** Looks, and once more for what is not there or could not be read, where that can help and there is time. */
export async function lookAtAll(
  session: GraphSession,
  timing: Timing,
  targets: readonly Target[],
  query: GraphQuery,
): Promise<Look[]> {
  const looks = await lookOnce(session, targets, query);
  const again = targets.map((_, at) => at).filter((at) => isWorthAnother(looks[at]));
  if (again.length === 0 || !(await waitToLook(session, timing, SECOND_LOOK_MS))) return looks;
  const others = await lookOnce(
    session,
    again.map((at) => targets[at] as Target),
    query,
  );
  for (const [index, at] of again.entries()) looks[at] = better(looks[at], others[index]);
  return looks;
}

function isWorthAnother(look: Look | undefined): boolean {
  return look === null || (look instanceof GraphFailure && look.retryable === true);
}

/** A second look that failed takes nothing away from a first that did not. */
function better(first: Look | undefined, second: Look | undefined): Look {
  return (second instanceof Error && first === null ? first : second) ?? null;
}

async function lookOnce(
  session: GraphSession,
  targets: readonly Target[],
  query: GraphQuery,
): Promise<Look[]> {
  const looks = new Array<Look>(targets.length);
  const byUser = Map.groupBy(
    targets.map(({ user, id }, at) => ({ user, id, at })),
    ({ user }) => user,
  );
  const [single, several] = [[...byUser].filter(isOne), [...byUser].filter((group) => !isOne(group))];
  const ones = single.flatMap(([, phones]) => phones);
  const [each, lists] = await Promise.all([
    readEach(
      session,
      ones.map(({ user, id }) => phonePath(user, id, query)),
    ),
    readLists(
      session,
      several.map(([user]) => user),
      query,
    ),
  ]);
  for (const [index, { at }] of ones.entries()) looks[at] = each[index] ?? null;
  for (const [index, [, wanted]] of several.entries())
    for (const { id, at } of wanted) looks[at] = phoneIn(lists[index], id);
  return looks;
}

function isOne([, phones]: readonly [UserKey, readonly unknown[]]): boolean {
  return phones.length === 1;
}

function phoneIn(list: readonly Phone[] | Error | undefined, id: string): Look {
  if (list instanceof Error) return list;
  return list?.find((phone) => phone.graphId === id) ?? null;
}
