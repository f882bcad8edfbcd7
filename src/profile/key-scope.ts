// By what names the memory of idempotency keys knows people: the same for a caller whose token was renewed, and the same
// for a person however the caller named them. A key that a new token made new would add its phone a second time.
//
// Where the caller's token is this gateway's to read, it says who is calling. Where it is not, Microsoft Graph does. What
// Graph said is remembered for some minutes for those who hold the same token.
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
import type { JsonObject } from '../graph/response.ts';
import type { GraphSession } from '../graph/session.ts';
import type { Clock } from '../runtime/clock.ts';

/** Who is calling, where the caller's token says so. */
export interface KnownCaller {
  /** The object id of the person; null for an application by itself. */
  readonly userId: string | null;
}

/** A caller and a person, by names that outlive tokens. */
export interface Names {
  readonly scope: string;
  readonly target: string;
}

export interface Whose {
  /** Asks Microsoft Graph where it has to. Throws a GraphFailure; of kind not-found when there is no such person. */
  names(session: GraphSession, caller: KnownCaller | null, user: UserKey): Promise<Names>;
  /** The object id of `me` or a principal name; null where Graph will not say. Throws as `names` does. */
  idOf(session: GraphSession, user: UserKey): Promise<UserKey | null>;
  /** The name of the person, if nobody has to be asked; else null. */
  knownTarget(session: GraphSession, caller: KnownCaller | null, user: UserKey): string | null;
}

const REMEMBER_MS = 10 * 60 * 1000;
const MOST_REMEMBERED = 20_000;
const ONLY_ID = graphQuery([['$select', 'id']]);

interface Remembered {
  /** Null for somebody whom Graph does not name. */
  readonly id: UserKey | null;
  /** In the clock's elapsed milliseconds. */
  readonly until: number;
}

export function createWhose(clock: Clock): Whose {
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
    async names(session, caller, user) {
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

/** Null where Graph will not say: to an application that has no self, or a caller who may not look people up. */
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
