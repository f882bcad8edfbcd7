// Next links: data from the network, of which only the query is taken, and only where the link leads on in the
// collection that was asked for. A link may spell its address in another way than the request did: without a host, in
// other letter case, and with the person by object id or as `users('id')`.
import { GraphFailure } from './failure.ts';
import { type GraphPath, type GraphQuery, isObjectId, pathname, rawQuery, userKey } from './paths.ts';

export interface LinkedFrom {
  /** The page that has the link. */
  readonly page: GraphPath;
  /** `@odata.context` of that page. */
  readonly context: unknown;
  /** The roots that a link may name. */
  readonly roots: readonly string[];
}

/** Characters of a link at most. */
const LONGEST_LINK = 8_192;

/**
 * The query that a next link leads on with, as it stands there; null where the list is over.
 *
 * @throws GraphFailure of kind bad-response where the link leads elsewhere
 */
export function nextQuery(link: unknown, from: LinkedFrom): GraphQuery | null {
  if (link === undefined || link === null) return null;
  const isLink = typeof link === 'string' && link.length <= LONGEST_LINK;
  const url = isLink ? addressOf(link, from) : null;
  if (url === null) throw new GraphFailure('bad-response');
  return startsAgain(url) ? null : rawQuery(url.search);
}

/** A link without a host stands for one beside the page, or beside the metadata (OData JSON format 4.01, section 4.5.1). */
function addressOf(link: string, { page, context, roots }: LinkedFrom): URL | null {
  const wanted = placeIn(pathname(page));
  const contexts = typeof context === 'string' ? [context] : [];
  for (const root of roots) {
    for (const base of [
      `${root}/beta${pathname(page)}`,
      ...contexts.map((one) => URL.parse(one, root)?.href),
    ]) {
      const url = URL.parse(link, base);
      if (url !== null && wanted !== null && leadsTo(url, root, wanted, ownerIn(context))) return url;
    }
  }
  return null;
}

function leadsTo(url: URL, root: string, wanted: Place, owner: string | null): boolean {
  const { origin, pathname: base } = new URL(`${root}/beta`);
  if (url.origin !== origin || url.username !== '' || url.password !== '') return false;
  const path = decoded(url.pathname);
  const below = decoded(base);
  if (path === null || below === null || !path.startsWith(`${below}/`)) return false;
  const place = placeIn(path.slice(below.length));
  return place !== null && place.rest === wanted.rest && isSame(place.owner, wanted.owner, owner);
}

/**
 * Whether a link names the same person as the request: in the same words, or in those of the page's own context, or by
 * object id where the request had `me` or a principal name and the context names nobody else.
 */
function isSame(linked: string | null, asked: string | null, inContext: string | null): boolean {
  if (linked === asked) return true;
  if (linked === null || asked === null || (asked !== 'me' && !asked.includes('@'))) return false;
  const key = userKey(linked);
  if (key === null) return false;
  return linked === inContext || (isObjectId(key) && (inContext === null || inContext === asked));
}

/** A path below the version, in lower case and decoded: whose it is, and what of theirs. */
interface Place {
  /** `me`, an object id or a principal name; null for what is nobody's. */
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

/** Whom the context of an answer names, such as `...#users('{id}')/profile/phones`; null for nobody. */
function ownerIn(context: unknown): string | null {
  const text = typeof context === 'string' ? decoded(context.slice(context.indexOf('#') + 1)) : null;
  return /^users\('((?:[^']|'')+)'\)/.exec(text ?? '')?.[1]?.replaceAll("''", "'") ?? null;
}

/** Paths compare without regard to case and to how much of them is encoded; a malformed one equals nothing. */
function decoded(path: string): string | null {
  try {
    return decodeURIComponent(path).toLowerCase();
  } catch {
    return null;
  }
}

/**
 * Whether a link skips nothing, and so leads back to the beginning: what the People API says behind a list that is all
 * there (microsoft-graph-docs#9008).
 */
function startsAgain({ searchParams }: URL): boolean {
  const names = new Map(
    [...searchParams].map(([name, value]) => [name.toLowerCase().replace(/^\$/, ''), value]),
  );
  return names.get('skip') === '0' && !names.has('skiptoken');
}
