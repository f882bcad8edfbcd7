// The one place that builds a path of Microsoft Graph. A path is made of segments, each encoded by itself, and is then
// read back as a URL would be and compared with what was meant.
//
// Encoding alone is not enough: `encodeURIComponent('..')` is `..`, and `DELETE /users/x/profile/phones/..` is a
// documented call that deletes the whole profile. So nothing else in the program may make a GraphPath.

import { isUserId } from '../runtime/text.ts';

declare const checked: unique symbol;

/** A path with its query, below the version: `/users/{id}/profile/phones?$select=id`. Safe to send. */
export type GraphPath = string & { readonly [checked]: 'path' };

/**
 * Whom a path is about: `me`, an object id (a GUID, or 16 hexadecimal digits) or a user principal name, in lower case. An
 * object id has one form only, so that it can be compared and be part of other ids.
 * Safe in the segments that `userSegments` makes of it.
 */
export type UserKey = string & { readonly [checked]: 'user' };

/** The id of an item within a profile. Safe as a segment. */
export type ItemId = string & { readonly [checked]: 'item' };

export const ME = 'me' as UserKey;

/** The characters that Entra ID allows in a user principal name; `#` stands in the names of guests (`#EXT#`). */
const PRINCIPAL_NAME = /^[a-z0-9!#$&'*+=^_`{|}~.-]{1,64}@(?:[a-z0-9-]{1,63}\.)*[a-z0-9-]{1,63}$/i;
/** Documented ids are GUIDs; the alphabet of others is not documented, so this is as wide as is harmless. */
const ITEM_ID = /^[A-Za-z0-9_=-][A-Za-z0-9._=-]{0,127}$/;
const LONGEST_USER = 320;
/**
 * Tokens write the id of a personal account as a GUID, with zeros before the 16 digits that Microsoft Graph answers.
 * Source: Microsoft identity platform, "ID token claims reference", the documented sample token.
 */
const PERSONAL_GUID = /^0{8}-0{4}-0{4}-([\da-f]{4})-([\da-f]{12})$/;

/** Reads an object id or user principal name; null for anything else, `me` included. */
export function userKey(text: string): UserKey | null {
  if (text.length > LONGEST_USER) return null;
  if (!isUserId(text) && !PRINCIPAL_NAME.test(text)) return null;
  const key = text.toLowerCase();
  return (key.startsWith('00000000-') ? key.replace(PERSONAL_GUID, '$1$2') : key) as UserKey;
}

/** Whether the key is the object id itself, so that nobody needs to be asked for it: each principal name has an `@`. */
export function isObjectId(key: UserKey): boolean {
  return key !== ME && !key.includes('@');
}

/** Reads the id of an item; null when it can be none. */
export function itemId(text: string): ItemId | null {
  return ITEM_ID.test(text) ? (text as ItemId) : null;
}

/**
 * The segments of a person: `/me`, `/users/{id}`, or `/users('{id}')` for a principal name that begins with `$`, since
 * OData takes a segment that begins so for a word of its own. In the quoted form a quote is written twice.
 * Source: Microsoft Graph docs, "Get a user", users or members with special characters.
 */
export function userSegments(key: UserKey): readonly string[] {
  if (key === ME) return ['me'];
  return key.startsWith('$') ? [`users('${key.replaceAll("'", "''")}')`] : ['users', key];
}

/** Query options, encoded, with the question mark; empty for none. */
export type GraphQuery = string & { readonly [checked]: 'query' };

export const NO_QUERY = '' as GraphQuery;

/** Encodes query options. `$` and `,` stay readable: OData gives them meaning, URLs do not. */
export function graphQuery(options: Iterable<readonly [string, string]>): GraphQuery {
  const parts = Array.from(options, ([name, value]) => `${readable(name)}=${readable(value)}`);
  return (parts.length === 0 ? '' : `?${parts.join('&')}`) as GraphQuery;
}

/**
 * A query as it came in a link of Graph's, kept to the letter.
 *
 * @throws TypeError when it would not be a query alone: a fault of the caller, who has to check it first
 */
export function rawQuery(search: string): GraphQuery {
  if (search !== '' && !/^\?[\x21\x22\x24-\x7e]*$/.test(search))
    throw new TypeError('a query of Graph would be more than one');
  return search as GraphQuery;
}

/**
 * A path out of segments, none of them encoded yet.
 *
 * @throws TypeError when the finished URL would not have exactly these segments: a fault of the caller, who has to
 *   check ids first.
 */
export function graphPath(segments: readonly string[], query: GraphQuery = NO_QUERY): GraphPath {
  if (segments.every(isPlain)) return plainPath(segments, query);
  const path = `/${segments.map(encoded).join('/')}`;
  assertSegments(path, segments);
  return (path + query) as GraphPath;
}

/** The same resource with other query options, as a next page is. */
export function withQuery(path: GraphPath, query: GraphQuery): GraphPath {
  return (pathname(path) + query) as GraphPath;
}

/** The path without its query. */
export function pathname(path: GraphPath): string {
  const end = path.indexOf('?');
  return end === -1 ? path : path.slice(0, end);
}

/** Added up, and not joined: a hundred people have a hundred paths. */
function plainPath(segments: readonly string[], query: GraphQuery): GraphPath {
  let path = '';
  for (const segment of segments) path += `/${segment}`;
  return (path + query) as GraphPath;
}

/** Of unreserved characters without a dot: neither encoding nor a URL changes anything about it (RFC 3986, 6.2.2). */
function isPlain(segment: string): boolean {
  return /^[\w-]+$/.test(segment);
}

function assertSegments(path: string, segments: readonly string[]): void {
  const seen = new URL(path, 'http://graph.invalid').pathname.slice(1).split('/');
  const same = seen.length === segments.length && seen.every((part, at) => decode(part) === segments[at]);
  if (!same || segments.includes(''))
    throw new TypeError('a segment of a Graph path is empty or would move the path');
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
