// What an earlier call has added under a key, for a bulk call that is repeated: its id is known. If more of it is selected,
// it is read together with all others.
import { GraphFailure } from '../../graph/failure.ts';
import { itemId } from '../../graph/paths.ts';
import type { GraphSession } from '../../graph/session.ts';
import { GatewayError } from '../../runtime/errors.ts';
import { type Facet, readItem, selectQuery } from '../facet.ts';
import type { ItemFacet } from '../item-facet.ts';
import { deletedSince, type UserError } from '../user-error.ts';
import type { NewItem, Writer } from './add.ts';
import type { AddResult, Earlier } from './idempotent-add.ts';
import { type ReadOutcome, readTargets } from './read-targets.ts';
import { fail, type Result, retold, succeed } from './result.ts';
import type { Target } from './send.ts';

export function isEarlier(result: object): result is Earlier {
  return 'earlierId' in result;
}

/** Whether the idempotency record has all that is selected of an item. */
export function isKnown(fields: readonly string[]): boolean {
  return fields.every((name) => name === 'id' || name === 'graphId');
}

interface Added<Item extends ItemFacet> {
  readonly newItems: readonly (NewItem | UserError[])[];
  readonly results: readonly (AddResult<Item> | Error)[];
  readonly fields: readonly string[];
}

/** The same results, with the items that were added before in their places. */
export async function readEarlier<Item extends ItemFacet>(
  session: GraphSession,
  { facet, deps }: Writer<Item>,
  { newItems, results, fields }: Added<Item>,
): Promise<(Result<Item> | Error)[]> {
  const targets = results.map((one, place) => (isEarlier(one) ? targetOf(newItems[place], one) : null));
  const wanted = targets.filter((target) => target !== null);
  const outcomes = isKnown(fields)
    ? wanted.map(({ id }) => readItem(facet, { id }))
    : await readTargets(session.isolated({ gathers: true }), facet, {
        timing: deps,
        targets: wanted,
        query: selectQuery(facet, fields, session.lacks),
      });
  const found = new Map(wanted.map((target, at) => [target, outcomes[at] ?? null]));
  return results.map((one, place) => {
    if (!isEarlier(one)) return one;
    const target = targets[place];
    return resultOf(facet, target ? (found.get(target) ?? null) : null);
  });
}

/** Null where the record holds an id that cannot be one. */
function targetOf(newItem: NewItem | UserError[] | undefined, { earlierId }: Earlier): Target | null {
  const id = itemId(earlierId);
  return id === null || newItem === undefined || Array.isArray(newItem) ? null : { user: newItem.user, id };
}

function resultOf<Item extends ItemFacet>(
  facet: Facet<Item>,
  outcome: ReadOutcome<Item>,
): Result<Item> | Error {
  const isGone = outcome === null || (outcome instanceof GraphFailure && outcome.kind === 'not-found');
  if (isGone) return fail(deletedSince(facet));
  return outcome instanceof Error ? unread(facet, outcome) : succeed(outcome);
}

function unread({ words }: Facet, failure: Error): Error {
  if (!(failure instanceof GatewayError)) return failure;
  const message = `The ${words.one} was added under this key before, and could not be read now. Repeat the call, or ask for its id alone.`;
  return retold(failure, message);
}
