// Lists of phones and of people that cannot be read, or cannot be trusted to lead on, and such as are told in a way that
// is right and rare. They come under 200, also within a batch.
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
    do: { rewrite: (response, request) => changed(response, request, change) },
  };
}

/** What is no list stays as it is: an error, say. */
function changed(response: EmulatorResponse, request: RequestInfo, change: Change): EmulatorResponse {
  const { body } = response;
  if (typeof body !== 'object' || body === null || !('value' in body) || !Array.isArray(body.value))
    return response;
  const { value, ...rest } = body;
  return { ...response, body: { ...rest, ...change(value as Item[], request, body) } };
}

function leadsTo(link: (request: RequestInfo, query: string) => string): Change {
  return (value, request) => {
    const query = request.path.split('?')[1] ?? '';
    return { value, '@odata.nextLink': link(request, query) };
  };
}

const STRANGER = '00000000-0000-4000-8000-000000000000';

function pathOf({ path }: RequestInfo): string {
  return path.split('?')[0] ?? path;
}

function skippedIn(query: string): number {
  return Number(new URLSearchParams(query.slice(query.indexOf('?') + 1)).get('$skip') ?? 0);
}

/** Cut into pages of one item each. */
function inPages(link: (request: RequestInfo, query: string, body: object) => string): Change {
  return (value, request, body) => {
    if (value.length < 2) return { value };
    const query = withOption(request.path.split('?')[1] ?? '', 'skip', String(skippedIn(request.path) + 1));
    return { value: value.slice(0, 1), '@odata.nextLink': link(request, query, body) };
  };
}

function ownerIn(body: object): string {
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
    'a list whose second page says that it is followed by itself',
    leadsTo((request, query) => `${request.origin}${pathOf(request)}?${withOption(query, 'skip', '1')}`),
  ),
  list(
    'next-link-endless',
    'a list that always has one page more',
    leadsTo((request, query) => {
      return `${request.origin}${pathOf(request)}?${withOption(query, 'skip', String(skippedIn(query) + 1))}`;
    }),
  ),
  list(
    'next-link-foreign',
    'a list that goes on at another host',
    leadsTo((request, query) => `https://elsewhere.invalid${pathOf(request)}?${query}&$skip=1`),
  ),
  list(
    'next-link-userinfo',
    'a list that goes on at another host which looks like the same',
    leadsTo((request, query) => `${request.origin}@elsewhere.invalid${pathOf(request)}?${query}&$skip=1`),
  ),
  list(
    'next-link-start',
    'a list that is all there, and says that it goes on from its beginning',
    leadsTo((request) => `${request.origin}${pathOf(request)}?%24skip=0`),
  ),
  list(
    'next-link-by-id',
    "a list whose next pages are under users('id'), whoever was request for",
    inPages(({ origin }, query, body) => `${origin}/beta/users('${ownerIn(body)}')/profile/phones?${query}`),
  ),
  list(
    'next-link-of-another',
    "a list whose next pages are another person's",
    inPages(({ origin }, query) => `${origin}/beta/users('${STRANGER}')/profile/phones?${query}`),
  ),
  list(
    'next-link-relative',
    'a list whose next pages are named without a host',
    inPages((_asked, query) => `phones?${query}`),
  ),
  list(
    'next-link-capitals',
    'a list whose next pages are named in capitals',
    inPages((request, query) => `${request.origin.toUpperCase()}${pathOf(request).toUpperCase()}?${query}`),
  ),
  list('value-null', 'a list that is null', () => ({ value: null })),
  list('value-missing', 'an object without its list', () => ({})),
  list('value-object', 'an object in the place of the list', (value) => ({ value: { ...value } })),
  list('items-null', 'a list with null before its first phone', (value) => ({ value: [null, ...value] })),
  list('words-capitalised', 'a list whose enumeration members begin with capitals', (value) => ({
    value: value.map(capitalised),
  })),
  list('items-without-id', 'a list whose first phone has no id', ([first = {}, ...rest]) => {
    const { id, ...nameless } = first;
    return { value: [nameless, ...rest] };
  }),
  list('duplicate-ids', 'a list whose first phone is there twice', (value) => ({
    value: [...value.slice(0, 1), ...value],
  })),
];

/** The error is Graph's own (msgraph-sdk-dotnet#2254). */
const EXPIRED = {
  error: {
    code: 'Directory_ExpiredPageToken',
    message: 'The specified page token value has expired and can no longer be included in your request.',
  },
};

export const directoryScenarios: readonly Scenario[] = [
  {
    name: 'directory-token-expired',
    description: 'a page of people whose page token is held to be too old',
    on: { method: 'GET', path: /^\/beta\/users\?.*skiptoken=/ },
    do: { status: 400, body: EXPIRED },
  },
  list(
    'directory-loop',
    'a page of people that says that it is followed by itself',
    (value, { origin, path }) => ({ value, '@odata.nextLink': `${origin}${path}` }),
    PEOPLE,
  ),
  list(
    'directory-odd-id',
    'a page of people whose first has an id that no person can have',
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
