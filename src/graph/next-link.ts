// Reads next links. A next link is untrusted input: only its query is used, and only if the link points to the requested
// collection. A link may write the same address differently from the request: without a host, in another letter case,
// with the user's object id, or as `users('id')`.
import { GraphFailure } from './failure.ts';
import { type GraphPath, type GraphQuery, isObjectId, pathname, rawQuery, userKey } from './paths.ts';

export interface LinkedFrom {
  /** The page that contains the link. */
  readonly page: GraphPath;
  /** `@odata.context` of that page. */
  readonly context: unknown;
  /** The roots that a link may point to. */
  readonly roots: readonly string[];
}

/** Most characters of a link. */
const LONGEST_LINK = 8_192;

/**
 * The query of the next page, unchanged. Null at the end of the list.
 *
 * @throws GraphFailure of kind bad-response when the link points elsewhere
 */
export function nextQuery(link: unknown, from: LinkedFrom): GraphQuery | null {
  if (link === undefined || link === null) return null;
  const isLink = typeof link === 'string' && link.length <= LONGEST_LINK;
  const url = isLink ? addressOf(link, from) : null;
  if (url === null) throw new GraphFailure('bad-response');
  return startsAgain(url) ? null : rawQuery(url.search);
}

/** Resolves a relative link against the page or against its context URL (OData JSON format 4.01, section 4.5.1). */
function addressOf(link: string, { page, context, roots }: LinkedFrom): URL | null {
  const requested = placeIn(pathname(page));
  const contexts = typeof context === 'string' ? [context] : [];
  for (const root of roots) {
    for (const base of [
      `${root}/beta${pathname(page)}`,
      ...contexts.map((one) => URL.parse(one, root)?.href),
    ]) {
      const url = URL.parse(link, base);
      if (url !== null && requested !== null && leadsTo(url, root, requested, ownerIn(context))) return url;
    }
  }
  return null;
}

function leadsTo(url: URL, root: string, requested: Place, owner: string | null): boolean {
  const { origin, pathname: base } = new URL(`${root}/beta`);
  if (url.origin !== origin || url.username !== '' || url.password !== '') return false;
  const path = decoded(url.pathname);
  const below = decoded(base);
  if (path === null || below === null || !path.startsWith(`${below}/`)) return false;
  const place = placeIn(path.slice(below.length));
  return place !== null && place.rest === requested.rest && isSame(place.owner, requested.owner, owner);
}

/**
 * Whether a link names the same user as the request. The keys may be equal. If the request used `me` or a principal
 * name, the link may also use the key of the page's context, or an object id when the context names no other user.
 */
function isSame(linked: string | null, requestedOwner: string | null, inContext: string | null): boolean {
  if (linked === requestedOwner) return true;
  if (
    linked === null ||
    requestedOwner === null ||
    (requestedOwner !== 'me' && !requestedOwner.includes('@'))
  )
    return false;
  const key = userKey(linked);
  if (key === null) return false;
  return linked === inContext || (isObjectId(key) && (inContext === null || inContext === requestedOwner));
}

/** A path below the version, decoded and in lower case. */
interface Place {
  /** `me`, an object id or a principal name. Null for a path that belongs to no user. */
  readonly owner: string | null;
  readonly rest: string;
}

function placeIn(path: string): Place | null {
  const text = decoded(path);
  if (text === null) return null;
  const [, quoted, quotedRest] = /^\/users\('((?:[^']|'')+)'\)(\/.*)$/.exec(text) ?? [];
  if (quoted !== undefined) return { owner: quoted.replaceAll("''", "'"), rest: quotedRest ?? '' };
  const [, key, rest] = /^\/users\/([^/]+)(\/.*)$/.exec(text) ?? [];
  if (key !== undefined) return { owner: key, rest: rest ?? '' };
  return text.startsWith('/me/') ? { owner: 'me', rest: text.slice(3) } : { owner: null, rest: text };
}

/** The user in the context of a response, such as `...#users('{id}')/profile/phones`. Null when it names none. */
function ownerIn(context: unknown): string | null {
  const text = typeof context === 'string' ? decoded(context.slice(context.indexOf('#') + 1)) : null;
  return /^users\('((?:[^']|'')+)'\)/.exec(text ?? '')?.[1]?.replaceAll("''", "'") ?? null;
}

/** Normalizes a path for comparison: decoded, in lower case. Null for a malformed one. */
function decoded(path: string): string | null {
  try {
    return decodeURIComponent(path).toLowerCase();
  } catch {
    return null;
  }
}

/**
 * Whether a link skips nothing and so points to the first page. The People API ends a complete list with such a link
 * (microsoft-graph-docs#9008).
 */
function startsAgain({ searchParams }: URL): boolean {
  const names = new Map(
    [...searchParams].map(([name, value]) => [name.toLowerCase().replace(/^\$/, ''), value]),
  );
  return names.get('skip') === '0' && !names.has('skiptoken');
}
