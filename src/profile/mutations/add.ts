// One new item. The input is checked before anything is sent, and what can never be right is not sent. How an add with a
// key gets through a bad network is in `idempotent-add.ts`.
import { graphPath, isObjectId, ME, type UserKey, userKey } from '../../graph/paths.ts';
import type { GraphSession } from '../../graph/session.ts';
import type { JsonObject } from '../../runtime/json.ts';
import { type Facet, listSegments } from '../facet.ts';
import { checkNewItem } from '../inputs.ts';
import type { ItemFacet } from '../item-facet.ts';
import { globalId } from '../item-id.ts';
import type { KeyScope, KnownCaller } from '../key-scope.ts';
import { outcomeUnknown, type UserError } from '../user-error.ts';
import type { Idempotency } from './idempotency.ts';
import { itemIn, type KeyedAdd } from './idempotent-add.ts';
import { beforeWrite, fail, type Result, succeed } from './result.ts';
import { readTwice, sendOnce, type Timing } from './send.ts';
import { invalidUser, targetUser } from './targets.ts';
import type { WriteLimit } from './write-limit.ts';

/** The same for all requests. */
export interface WriteDeps extends Timing {
  readonly idempotency: Idempotency;
  readonly keyScope: KeyScope;
  /** The application that items are created by; null where that is not known. */
  readonly clientId: string | null;
  /** Writes of one request that are under way at a time. */
  readonly concurrency: number;
}

/** What is written, for whom, and with what. */
export interface Writer<Item extends ItemFacet> {
  readonly facet: Facet<Item>;
  readonly caller: KnownCaller | null;
  readonly deps: WriteDeps;
  readonly limit: WriteLimit;
}

/** Of the input of an add, what all facets have. The facet reads the rest. */
export interface AddInput {
  readonly userId?: string | null | undefined;
  readonly idempotencyKey?: string | null | undefined;
}

/** A new item that can be sent. */
export interface NewItem {
  readonly user: UserKey;
  readonly body: JsonObject;
  /** Null for none. */
  readonly key: string | null;
}

/** What is to be added, or why it cannot be. */
export function newItemOf(
  session: GraphSession,
  facet: Facet,
  input: AddInput,
  { key, keyError }: { readonly key: string | null; readonly keyError: UserError | null },
): NewItem | UserError[] {
  const user = targetUser(session, input.userId);
  const { body, userErrors } = checkNewItem(facet, input, session.sourceForm);
  if (user !== null && userErrors === null && keyError === null) return { user, body, key };
  return [
    ...(user === null ? [invalidUser(session, facet)] : []),
    ...(userErrors ?? []),
    ...(keyError === null ? [] : [keyError]),
  ];
}

/** A 201 without an item in it has added one that cannot be named: for the caller, the outcome is unknown. */
export async function addUnkeyed<Item extends ItemFacet>(
  session: GraphSession,
  { facet, caller, deps, limit }: Writer<Item>,
  { user, body }: NewItem,
): Promise<Result<Item>> {
  const path = graphPath(listSegments(facet, user));
  const response = await limit.begin(session, ({ leastMs }) =>
    sendOnce(session, deps, { method: 'POST', path, body, leastMs }),
  );
  const item = itemIn(facet, response);
  if (item === null) return fail(outcomeUnknown(facet, 'unkeyed'));
  const owner = deps.keyScope.knownTarget(session, caller, user) ?? (user === ME ? authorOf(item) : null);
  if (owner === null) return succeed(item);
  await deps.idempotency.mark(facet, owner, item.graphId);
  return succeed({ ...item, id: globalId(facet, owner, item.graphId) });
}

/** Whoever adds an item to the own profile is its owner. */
function authorOf({ createdBy }: ItemFacet): string | null {
  const author = userKey(createdBy?.user?.objectId ?? '');
  return author !== null && isObjectId(author) ? author : null;
}

/** An add with a key, before it has a session to be sent in. */
export interface PreparedAdd<Item extends ItemFacet> {
  readonly add: Omit<KeyedAdd<Item>, 'session'>;
  /** Whose items, by a name that is the same however the person was named. */
  readonly owner: string;
}

/** Finds out who is calling and whose profile is meant, which can take requests of `session`. */
export async function prepareKeyedAdd<Item extends ItemFacet>(
  session: GraphSession,
  { facet, caller, deps, limit }: Writer<Item>,
  { user, body }: NewItem,
  key: string,
): Promise<PreparedAdd<Item>> {
  const { idempotency, keyScope, clientId } = deps;
  const names = await beforeWrite(() =>
    readTwice(session, deps, () => keyScope.resolve(session, caller, user)),
  );
  const slot = await idempotency.slot({ ...names, facet, key, body });
  const { quietMs } = idempotency;
  return { add: { facet, user, body, slot, timing: deps, clientId, quietMs, limit }, owner: names.target };
}
