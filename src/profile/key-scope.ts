// The scope of an idempotency key: who is calling, and whose profile is meant. It is the same when the caller's token was
// renewed, and the same however the caller named the person. Otherwise a new token would make a key new, and its item would
// be added a second time.
//
// Where the gateway may read the caller's token, the token says who is calling. Otherwise Microsoft Graph is asked, and its
// response is remembered for some minutes for callers with the same token.
import { LRUCache } from 'lru-cache';
import { GraphFailure } from '../graph/failure.ts';
import {
  graphPath,
  graphQuery,
  isObjectId,
  ME,
  type UserKey,
  userKey,
  userSegments,
} from '../graph/paths.ts';
import type { GraphSession } from '../graph/session.ts';
import type { Clock } from '../runtime/clock.ts';
import type { JsonObject } from '../runtime/json.ts';

/** Who is calling, where the caller's token says so. */
export interface KnownCaller {
  /** The object id of the person; null for an application by itself. */
  readonly userId: string | null;
}

/** A caller and a person, by names that outlive tokens. */
export interface ScopeNames {
  readonly scope: string;
  readonly target: string;
}

export interface KeyScope {
  /** Asks Microsoft Graph where that is needed. Throws a GraphFailure; of kind not-found when there is no such person. */
  resolve(session: GraphSession, caller: KnownCaller | null, user: UserKey): Promise<ScopeNames>;
  /** The object id of `me` or a principal name; null where Graph does not say. Throws as `resolve` does. */
  idOf(session: GraphSession, user: UserKey): Promise<UserKey | null>;
  /** The name of the person; null where Graph has to be asked. */
  knownTarget(session: GraphSession, caller: KnownCaller | null, user: UserKey): string | null;
}

const REMEMBER_MS = 10 * 60 * 1000;
const MOST_REMEMBERED = 20_000;
const ONLY_ID = graphQuery([['$select', 'id']]);

interface Remembered {
  /** Null where Graph does not say. */
  readonly id: UserKey | null;
  /** In the clock's elapsed milliseconds. */
  readonly until: number;
}

export function createKeyScope(clock: Clock): KeyScope {
  const remembered = new LRUCache<string, Remembered>({ max: MOST_REMEMBERED });
  const nameOf = ({ principal }: GraphSession, user: UserKey): string => `${principal} ${user}`;

  /** Undefined where Graph has to be asked. */
  function recall(session: GraphSession, user: UserKey): UserKey | null | undefined {
    const known = remembered.get(nameOf(session, user));
    return known === undefined || known.until <= clock.elapsed() ? undefined : known.id;
  }

  async function idOf(session: GraphSession, user: UserKey): Promise<UserKey | null> {
    const known = recall(session, user);
    if (known !== undefined) return known;
    const id = await askId(session, user);
    remembered.set(nameOf(session, user), { id, until: clock.elapsed() + REMEMBER_MS });
    return id;
  }

  return {
    idOf,
    async resolve(session, caller, user) {
      const self = caller === null ? await idOf(session, ME) : selfOf(caller);
      const scope = caller === null && self !== null ? `person ${self}` : `principal ${session.principal}`;
      if (user === ME) return { scope, target: self ?? `self of ${session.principal}` };
      return { scope, target: isObjectId(user) ? user : ((await idOf(session, user)) ?? user) };
    },
    knownTarget(session, caller, user) {
      if (isObjectId(user)) return user;
      if (user === ME && caller !== null) return selfOf(caller);
      return recall(session, user) ?? null;
    },
  };
}

/** Null where Graph does not say: to an application that has no self, or a caller who may not look people up. */
async function askId(session: GraphSession, user: UserKey): Promise<UserKey | null> {
  try {
    return readId(await session.read(graphPath(userSegments(user), ONLY_ID)));
  } catch (error) {
    const kind = error instanceof GraphFailure ? error.kind : null;
    const isSilent = kind === 'forbidden' || kind === 'rejected' || (kind === 'not-found' && user === ME);
    if (isSilent) return null;
    throw error;
  }
}

function readId({ id }: JsonObject): UserKey {
  const key = typeof id === 'string' ? userKey(id) : null;
  if (key === null || !isObjectId(key)) throw new GraphFailure('bad-response');
  return key;
}

/** The caller's object id, where the token says it; null for an application by itself, too. */
export function selfOf(caller: KnownCaller | null): UserKey | null {
  return userKey(caller?.userId ?? '');
}
