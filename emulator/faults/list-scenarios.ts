// Lists of phones and of people that are malformed, lists whose next links cannot be trusted, and lists of a valid but
// rare form. Their status is 200, also within a batch.
import type { EmulatorResponse } from '../graph/responses.ts';
import { withOption } from '../odata/query-options.ts';
import type { FaultRule, RequestInfo } from './rules.ts';
import type { Scenario } from './scenario.ts';

type Item = Readonly<Record<string, unknown>>;
type Change = (items: readonly Item[], request: RequestInfo, body: object) => object;

const PHONES: FaultRule['on'] = { method: 'GET', path: /\/profile\/phones(?:\?|$)/ };
const PEOPLE: FaultRule['on'] = { method: 'GET', path: /^\/beta\/users(?:\?|$)/ };

function list(name: string, description: string, change: Change, on = PHONES): Scenario {
  return {
    name,
    description,
    on,
    do: { rewrite: (response, request) => withList(response, request, change) },
  };
}

/** A response that is not a list, such as an error, is not changed. */
function withList(response: EmulatorResponse, request: RequestInfo, change: Change): EmulatorResponse {
  const { body } = response;
  if (typeof body !== 'object' || body === null || !('value' in body) || !Array.isArray(body.value))
    return response;
  const { value, ...rest } = body;
  return { ...response, body: { ...rest, ...change(value as Item[], request, body) } };
}

function withNextLink(link: (request: RequestInfo, query: string) => string): Change {
  return (value, request) => {
    const query = request.path.split('?')[1] ?? '';
    return { value, '@odata.nextLink': link(request, query) };
  };
}

const UNKNOWN_PERSON = '00000000-0000-4000-8000-000000000000';

function pathOf({ path }: RequestInfo): string {
  return path.split('?')[0] ?? path;
}

function skipOf(query: string): number {
  return Number(new URLSearchParams(query.slice(query.indexOf('?') + 1)).get('$skip') ?? 0);
}

/** Splits the list into pages of one item each. */
function inPages(link: (request: RequestInfo, query: string, body: object) => string): Change {
  return (value, request, body) => {
    if (value.length < 2) return { value };
    const query = withOption(request.path.split('?')[1] ?? '', 'skip', String(skipOf(request.path) + 1));
    return { value: value.slice(0, 1), '@odata.nextLink': link(request, query, body) };
  };
}

function ownerOf(body: object): string {
  const context = '@odata.context' in body ? String(body['@odata.context']) : '';
  return /users\('([^']+)'\)/.exec(context)?.[1] ?? '';
}

function capitalised({ type, allowedAudiences, ...phone }: Item): Item {
  const raised = (word: unknown) =>
    typeof word === 'string' ? word.replaceAll(/\b[a-z]/g, (letter) => letter.toUpperCase()) : word;
  return { ...phone, type: raised(type), allowedAudiences: raised(allowedAudiences) };
}

export const listScenarios: readonly Scenario[] = [
  list(
    'next-link-loop',
    'a list whose second page links to itself',
    withNextLink((request, query) => `${request.origin}${pathOf(request)}?${withOption(query, 'skip', '1')}`),
  ),
  list(
    'next-link-endless',
    'a list that always has a next page',
    withNextLink((request, query) => {
      return `${request.origin}${pathOf(request)}?${withOption(query, 'skip', String(skipOf(query) + 1))}`;
    }),
  ),
  list(
    'next-link-foreign',
    'a list whose next page is on another host',
    withNextLink((request, query) => `https://elsewhere.invalid${pathOf(request)}?${query}&$skip=1`),
  ),
  list(
    'next-link-userinfo',
    'a list whose next page is on another host, with the original host as the user name',
    withNextLink(
      (request, query) => `${request.origin}@elsewhere.invalid${pathOf(request)}?${query}&$skip=1`,
    ),
  ),
  list(
    'next-link-start',
    'a complete list that links to its own beginning',
    withNextLink((request) => `${request.origin}${pathOf(request)}?%24skip=0`),
  ),
  list(
    'next-link-by-id',
    "a list whose next pages are under users('id'), whatever path was requested",
    inPages(({ origin }, query, body) => `${origin}/beta/users('${ownerOf(body)}')/profile/phones?${query}`),
  ),
  list(
    'next-link-of-another',
    "a list whose next pages are another person's",
    inPages(({ origin }, query) => `${origin}/beta/users('${UNKNOWN_PERSON}')/profile/phones?${query}`),
  ),
  list(
    'next-link-relative',
    'a list whose next links are relative',
    inPages((_asked, query) => `phones?${query}`),
  ),
  list(
    'next-link-capitals',
    'a list whose next links are in upper case',
    inPages((request, query) => `${request.origin.toUpperCase()}${pathOf(request).toUpperCase()}?${query}`),
  ),
  list('value-null', 'a list that is null', () => ({ value: null })),
  list('value-missing', 'an object without its list', () => ({})),
  list('value-object', 'an object in place of the list', (value) => ({ value: { ...value } })),
  list('items-null', 'a list with null before its first phone', (value) => ({ value: [null, ...value] })),
  list('words-capitalised', 'a list whose enumeration members are capitalised', (value) => ({
    value: value.map(capitalised),
  })),
  list('items-without-id', 'a list whose first phone has no id', ([first = {}, ...rest]) => {
    const { id, ...nameless } = first;
    return { value: [nameless, ...rest] };
  }),
  list('duplicate-ids', 'a list that contains its first phone twice', (value) => ({
    value: [...value.slice(0, 1), ...value],
  })),
];

/** The error of Microsoft Graph (msgraph-sdk-dotnet#2254). */
const EXPIRED = {
  error: {
    code: 'Directory_ExpiredPageToken',
    message: 'The specified page token value has expired and can no longer be included in your request.',
  },
};

export const directoryScenarios: readonly Scenario[] = [
  {
    name: 'directory-token-expired',
    description: '400 because the page token has expired',
    on: { method: 'GET', path: /^\/beta\/users\?.*skiptoken=/ },
    do: { status: 400, body: EXPIRED },
  },
  list(
    'directory-loop',
    'a page of people that links to itself',
    (value, { origin, path }) => ({ value, '@odata.nextLink': `${origin}${path}` }),
    PEOPLE,
  ),
  list(
    'directory-odd-id',
    'a page of people whose first person has an impossible id',
    ([first = {}, ...rest]) => ({ value: [{ ...first, id: '../me' }, ...rest] }),
    PEOPLE,
  ),
  list(
    'directory-null',
    'a page of people with null before the first',
    (value) => ({ value: [null, ...value] }),
    PEOPLE,
  ),
];
