// Finds the operation of a path and a method. Other paths are errors: 404 for an unknown version, 501 for a segment that
// Microsoft Graph may have, 400 for a segment that it cannot have, and 405 for a known path with another method.

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
import { countUsers, getMe, getUser, listUsers } from './users.ts';

type Operation = (state: GraphState, request: GraphRequest) => EmulatorResponse;
type Methods = Readonly<Record<string, Operation>>;

/** @throws GraphError for an unknown path or method */
export function findOperation(state: GraphState, method: string, target: Target): Operation {
  const methods = methodsOf(target, state.drafts);
  const operation = Object.hasOwn(methods, method) ? methods[method] : undefined;
  if (operation === undefined) throw graphErrors.method(Object.keys(methods));
  return operation;
}

function methodsOf({ version, segments }: Target, drafts: boolean): Methods {
  if (version !== 'beta' && version !== 'v1.0') throw graphErrors.noVersion(version);
  // Only beta has profiles. This is the error of v1.0 (msgraph-beta-sdk-dotnet#284).
  if (version === 'v1.0' && segments.includes('profile')) throw graphErrors.noResource('profile');
  const [root = '', ...rest] = segments;
  if (root === 'me') return rest.length === 0 ? { GET: getMe } : profile({ me: true }, rest, drafts);
  if (root === 'users') return users(rest);
  const key = quotedKey('users', root);
  if (key !== undefined) return user(key, rest);
  if (root === '$batch' && rest.length === 0) return batch(version);
  if (root === 'user' && drafts) return draftMethods(rest);
  throw segmentError(root);
}

/** Never called for a POST to beta: the service handles a batch before it looks for an operation. */
function batch(version: string): Methods {
  if (version === 'v1.0') throw graphErrors.notEmulated('batches on v1.0');
  throw graphErrors.method(['POST']);
}

/**
 * The error for an unknown segment. Microsoft Graph has many segments that the emulator lacks, so a segment that is a
 * plain word is reported as not emulated. Graph's own error is only certain for the others.
 */
function segmentError(segment: string): Error {
  return /^[a-z][\w.]*$/i.test(segment) && segment !== 'user'
    ? graphErrors.notEmulated(`the segment '${segment}'`)
    : graphErrors.unknownSegment(segment);
}

function users([key, ...rest]: readonly string[]): Methods {
  if (key === undefined) return { GET: listUsers };
  if (key === '$count' && rest.length === 0) return { GET: countUsers };
  // Such a name must be written as users('$...'), since OData reserves the `$` (Microsoft Graph docs, "Get a user").
  if (key.startsWith('$')) throw graphErrors.unknownSegment(key);
  return user(key, rest);
}

function user(key: string, rest: readonly string[]): Methods {
  if (rest.length > 0) return profile({ me: false, key }, rest, false);
  return { GET: (state, request) => getUser(state, request, key) };
}

/** The key in `users('key')`. A quote in it is doubled (OData ABNF, parenthesised key). */
function quotedKey(name: string, segment: string): string | undefined {
  if (!segment.startsWith(`${name}('`)) return undefined;
  return /^\('((?:[^']|'')+)'\)$/.exec(segment.slice(name.length))?.[1]?.replaceAll("''", "'");
}

function profile(owner: Owner, [segment, ...rest]: readonly string[], drafts: boolean): Methods {
  const quoted = quotedKey('phones', rest[0] ?? '');
  const [facet, id, ...more] = quoted === undefined ? rest : ['phones', quoted, ...rest.slice(1)];
  if (segment !== 'profile') throw segmentError(segment ?? '');
  if (facet === undefined) return withOwner(owner, { GET: getProfile, DELETE: deleteProfile });
  if (facet !== 'phones') throw segmentError(facet);
  if (more.length > 0) throw graphErrors.unknownSegment(more[0] ?? '');
  if (id === undefined) return withOwner(owner, { GET: listPhones, POST: createPhone });
  if (id === '$count') return withOwner(owner, { GET: countPhones });
  if (id === '$ref' && drafts) return withOwner(owner, { POST: createFromDraft });
  if (id.startsWith('$')) throw graphErrors.unknownSegment(id);
  return withOwner(owner, {
    GET: (state, request) => getPhone(state, request, owner, id),
    PATCH: (state, request) => updatePhone(state, request, owner, id),
    DELETE: (state, request) => deletePhone(state, request, owner, id),
  });
}

function draftMethods([key, segment, facet, id, ...more]: readonly string[]): Methods {
  if (key === undefined || segment !== 'profile' || facet !== 'phones' || more.length > 0)
    throw graphErrors.unknownSegment('user');
  const owner: Owner = { me: false, key };
  if (id === undefined) return withOwner(owner, { POST: createFromDraft });
  return { PATCH: (state, request) => updateFromDraft(state, request, owner, id) };
}

function withOwner(
  owner: Owner,
  operations: Readonly<
    Record<string, (state: GraphState, request: GraphRequest, owner: Owner) => EmulatorResponse>
  >,
): Methods {
  const bound = Object.entries(operations).map(([method, operation]) => [
    method,
    (state: GraphState, request: GraphRequest) => operation(state, request, owner),
  ]);
  return Object.fromEntries(bound) as Methods;
}
