// Which path leads to which operation. Whatever is not here is refused: an unknown version with 404, a segment that Graph
// may have with 501, one that it cannot have with 400, as Graph's OData front does, and a known path with a method it
// lacks with 405.

import type { Target } from '../server/target.ts';
import { createFromDraft, updateFromDraft } from './drafts.ts';
import { graphErrors } from './errors.ts';
import { createPhone, deletePhone, updatePhone } from './phone-writes.ts';
import { countPhones, getPhone, listPhones } from './phones.ts';
import type { Owner } from './profile.ts';
import { deleteProfile, getProfile } from './profile.ts';
import type { GraphRequest } from './request.ts';
import type { EmulatorResponse } from './responses.ts';
import type { GraphState } from './state.ts';
import { countPeople, getMe, getPerson, listPeople } from './users.ts';

type Operation = (world: GraphState, ask: GraphRequest) => EmulatorResponse;
type Methods = Readonly<Record<string, Operation>>;

/** @throws a refusal where there is no such path, or not with this method */
export function findOperation(world: GraphState, method: string, target: Target): Operation {
  const methods = methodsOf(target, world.drafts);
  const operation = Object.hasOwn(methods, method) ? methods[method] : undefined;
  if (operation === undefined) throw graphErrors.method(Object.keys(methods));
  return operation;
}

function methodsOf({ version, segments }: Target, drafts: boolean): Methods {
  if (version !== 'beta' && version !== 'v1.0') throw graphErrors.noVersion(version);
  // The profile is on beta only; v1.0 says that it has no such thing (msgraph-beta-sdk-dotnet#284).
  if (version === 'v1.0' && segments.includes('profile')) throw graphErrors.noResource('profile');
  const [root = '', ...rest] = segments;
  if (root === 'me') return rest.length === 0 ? { GET: getMe } : profile({ me: true }, rest, drafts);
  if (root === 'users') return users(rest);
  const key = quotedKey('users', root);
  if (key !== undefined) return user(key, rest);
  if (root === '$batch' && rest.length === 0) return batch(version);
  if (root === 'user' && drafts) return draftOfUser(rest);
  throw absent(root);
}

/** A POST to beta never comes this far: the service takes batches apart before it looks for paths. */
function batch(version: string): Methods {
  if (version === 'v1.0') throw graphErrors.notEmulated('batches on v1.0');
  throw graphErrors.method(['POST']);
}

/**
 * A segment that is none here. Microsoft Graph has many more whose name is a plain word, so that only for the others is it
 * known what it says of them.
 */
function absent(segment: string): Error {
  return /^[a-z][\w.]*$/i.test(segment) && segment !== 'user'
    ? graphErrors.notEmulated(`the segment '${segment}'`)
    : graphErrors.unknownSegment(segment);
}

function users([key, ...rest]: readonly string[]): Methods {
  if (key === undefined) return { GET: listPeople };
  if (key === '$count' && rest.length === 0) return { GET: countPeople };
  // OData takes it for a word of its own (Microsoft Graph docs, "Get a user"); users('$...') is the way.
  if (key.startsWith('$')) throw graphErrors.unknownSegment(key);
  return user(key, rest);
}

function user(key: string, rest: readonly string[]): Methods {
  if (rest.length > 0) return profile({ me: false, key }, rest, false);
  return { GET: (world, ask) => getPerson(world, ask, key) };
}

/** The key in `users('key')`, where a quote is written twice (OData ABNF, parenthesised key). */
function quotedKey(name: string, segment: string): string | undefined {
  if (!segment.startsWith(`${name}('`)) return undefined;
  return /^\('((?:[^']|'')+)'\)$/.exec(segment.slice(name.length))?.[1]?.replaceAll("''", "'");
}

function profile(owner: Owner, [room, ...rest]: readonly string[], drafts: boolean): Methods {
  const quoted = quotedKey('phones', rest[0] ?? '');
  const [facet, id, ...more] = quoted === undefined ? rest : ['phones', quoted, ...rest.slice(1)];
  if (room !== 'profile') throw absent(room ?? '');
  if (facet === undefined) return on(owner, { GET: getProfile, DELETE: deleteProfile });
  if (facet !== 'phones') throw absent(facet);
  if (more.length > 0) throw graphErrors.unknownSegment(more[0] ?? '');
  if (id === undefined) return on(owner, { GET: listPhones, POST: createPhone });
  if (id === '$count') return on(owner, { GET: countPhones });
  if (id === '$ref' && drafts) return on(owner, { POST: createFromDraft });
  if (id.startsWith('$')) throw graphErrors.unknownSegment(id);
  return on(owner, {
    GET: (world, ask) => getPhone(world, ask, owner, id),
    PATCH: (world, ask) => updatePhone(world, ask, owner, id),
    DELETE: (world, ask) => deletePhone(world, ask, owner, id),
  });
}

function draftOfUser([key, room, facet, id, ...more]: readonly string[]): Methods {
  if (key === undefined || room !== 'profile' || facet !== 'phones' || more.length > 0)
    throw graphErrors.unknownSegment('user');
  const owner: Owner = { me: false, key };
  if (id === undefined) return on(owner, { POST: createFromDraft });
  return { PATCH: (world, ask) => updateFromDraft(world, ask, owner, id) };
}

function on(
  owner: Owner,
  operations: Readonly<
    Record<string, (world: GraphState, ask: GraphRequest, owner: Owner) => EmulatorResponse>
  >,
): Methods {
  const bound = Object.entries(operations).map(([method, operation]) => [
    method,
    (world: GraphState, ask: GraphRequest) => operation(world, ask, owner),
  ]);
  return Object.fromEntries(bound) as Methods;
}
