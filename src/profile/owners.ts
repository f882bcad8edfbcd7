// Whose items are read or changed, by object id: the part of a global id that Graph's response does not have. It is known
// from the name that was used, or from the caller's token; otherwise Microsoft Graph is asked.
import { isObjectId, ME, type UserKey } from '../graph/paths.ts';
import type { GraphSession } from '../graph/session.ts';
import { GatewayError } from '../runtime/errors.ts';
import { type KeyScope, type KnownCaller, selfOf } from './key-scope.ts';

export interface Owners {
  /** The caller's own; null where Graph has to be asked, and for an application by itself. */
  readonly self: UserKey | null;
  /** Null where Graph has to be asked. */
  known(user: UserKey): UserKey | null;
  /** Throws a GraphFailure, of kind not-found when there is no such person, or a GatewayError where Graph does not say. */
  idOf(user: UserKey): Promise<UserKey>;
}

export function createOwners(session: GraphSession, caller: KnownCaller | null, keyScope: KeyScope): Owners {
  const self = selfOf(caller);
  const known = (user: UserKey): UserKey | null => {
    if (user === ME) return self;
    return isObjectId(user) ? user : null;
  };
  return {
    self,
    known,
    async idOf(user) {
      const id = known(user) ?? (await keyScope.idOf(session, user));
      if (id === null) throw unnamed();
      return id;
    },
  };
}

function unnamed(): GatewayError {
  const message =
    'Microsoft Graph does not say whose profile this is, so that its global id is not known. Select graphId instead.';
  return new GatewayError('FORBIDDEN', message);
}
