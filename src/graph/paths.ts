// The only place that builds paths of Microsoft Graph. Each segment is encoded separately. The finished path is then parsed
// as a URL, and its segments are compared with the input.
//
// Encoding alone is not enough: `encodeURIComponent('..')` is `..`, and `DELETE /users/x/profile/phones/..` is a
// documented call that deletes the whole profile. Therefore no other module may create a GraphPath.

import { isUserId } from '../runtime/text.ts';

declare const checked: unique symbol;

/** A path with its query, below the version: `/users/{id}/profile/phones?$select=id`. Safe to send. */
export type GraphPath = string & { readonly [checked]: 'path' };

/**
 * Identifies a user in a path: `me`, an object id (a GUID or 16 hexadecimal digits) or a user principal name, in lower
 * case. Each object id has one form, so keys can be compared and be part of other ids.
 * Safe in the segments from `userSegments`.
 */
export type UserKey = string & { readonly [checked]: 'user' };

/** The id of an item within a profile. Safe as a segment. */
export type ItemId = string & { readonly [checked]: 'item' };

export const ME = 'me' as UserKey;

/** The characters that Entra ID allows in a user principal name. Names of guests contain `#EXT#`. */
const PRINCIPAL_NAME = /^[a-z0-9!#$&'*+=^_`{|}~.-]{1,64}@(?:[a-z0-9-]{1,63}\.)*[a-z0-9-]{1,63}$/i;
/** Documented ids are GUIDs. The alphabet of other ids is not documented, so every harmless character is allowed. */
const ITEM_ID = /^[A-Za-z0-9_=-][A-Za-z0-9._=-]{0,127}$/;
const LONGEST_USER = 320;
/**
 * Tokens write the id of a personal account as a GUID: zeros, then the 16 digits that Microsoft Graph uses.
 * Source: Microsoft identity platform, "ID token claims reference", the documented sample token.
 */
const PERSONAL_GUID = /^0{8}-0{4}-0{4}-([\da-f]{4})-([\da-f]{12})$/;

/** Reads an object id or a user principal name. Null for any other text, `me` included. */
export function userKey(text: string): UserKey | null {
  if (text.length > LONGEST_USER) return null;
  if (!isUserId(text) && !PRINCIPAL_NAME.test(text)) return null;
  const key = text.toLowerCase();
  return (key.startsWith('00000000-') ? key.replace(PERSONAL_GUID, '$1$2') : key) as UserKey;
}

/** Whether the key is an object id. Every principal name has an `@`. */
export function isObjectId(key: UserKey): boolean {
  return key !== ME && !key.includes('@');
}

/** Reads the id of an item. Null for a malformed one. */
export function itemId(text: string): ItemId | null {
  return ITEM_ID.test(text) ? (text as ItemId) : null;
}

/**
 * The path segments of a user: `/me`, `/users/{id}`, or `/users('{id}')` for a principal name that begins with `$`.
 * OData reserves segments that begin with `$`. In the quoted form a quote is doubled.
 * Source: Microsoft Graph docs, "Get a user", users or members with special characters.
 */
export function userSegments(key: UserKey): readonly string[] {
  if (key === ME) return ['me'];
  return key.startsWith('$') ? [`users('${key.replaceAll("'", "''")}')`] : ['users', key];
}

/** Encoded query options with the question mark. Empty for no options. */
export type GraphQuery = string & { readonly [checked]: 'query' };

export const NO_QUERY = '' as GraphQuery;

/** Encodes query options. `$` and `,` are not encoded: OData uses them, and URLs allow them. */
export function graphQuery(options: Iterable<readonly [string, string]>): GraphQuery {
  const parts = Array.from(options, ([name, value]) => `${readable(name)}=${readable(value)}`);
  return (parts.length === 0 ? '' : `?${parts.join('&')}`) as GraphQuery;
}

/**
 * The query of one of Graph's links, unchanged.
 *
 * @throws TypeError when the text is not just a query. Callers have to validate it first.
 */
export function rawQuery(search: string): GraphQuery {
  if (search !== '' && !/^\?[\x21\x22\x24-\x7e]*$/.test(search))
    throw new TypeError('the text is not a query of a Graph path');
  return search as GraphQuery;
}

/**
 * Builds a path from segments that are not encoded.
 *
 * @throws TypeError when the finished URL would not have exactly these segments. Callers have to validate ids first.
 */
export function graphPath(segments: readonly string[], query: GraphQuery = NO_QUERY): GraphPath {
  if (segments.every(isPlain)) return plainPath(segments, query);
  const path = `/${segments.map(encoded).join('/')}`;
  assertSegments(path, segments);
  return (path + query) as GraphPath;
}

/** The same resource with another query, such as the next page. */
export function withQuery(path: GraphPath, query: GraphQuery): GraphPath {
  return (pathname(path) + query) as GraphPath;
}

/** The path without its query. */
export function pathname(path: GraphPath): string {
  const end = path.indexOf('?');
  return end === -1 ? path : path.slice(0, end);
}

/** Concatenates instead of joining, since this runs once for each user of a query. */
function plainPath(segments: readonly string[], query: GraphQuery): GraphPath {
  let path = '';
  for (const segment of segments) path += `/${segment}`;
  return (path + query) as GraphPath;
}

/** Whether a segment has only unreserved characters and no dot. Encoding and URL parsing do not change it (RFC 3986, 6.2.2). */
function isPlain(segment: string): boolean {
  return /^[\w-]+$/.test(segment);
}

function assertSegments(path: string, segments: readonly string[]): void {
  const seen = new URL(path, 'http://graph.invalid').pathname.slice(1).split('/');
  const same = seen.length === segments.length && seen.every((part, at) => decode(part) === segments[at]);
  if (!same || segments.includes(''))
    throw new TypeError('a segment of a Graph path is empty or changes the path');
}

function decode(part: string): string | null {
  try {
    return decodeURIComponent(part);
  } catch {
    return null;
  }
}

function encoded(segment: string): string {
  return encodeURIComponent(segment).replaceAll('%24', '$');
}

function readable(text: string): string {
  return encoded(text).replaceAll('%2C', ',');
}
