// Lists of phones and of people that cannot be read, or cannot be trusted to lead on, and such as are told in a way that
// is right and rare. They come under 200, also within a batch.
import type { Answer } from '../graph/responses.ts';
import { withOption } from '../odata/query-options.ts';
import type { Asked, FaultRule } from './rules.ts';
import type { Scenario } from './scenario.ts';

type Item = Readonly<Record<string, unknown>>;
type Change = (items: readonly Item[], asked: Asked, body: object) => object;

const PHONES: FaultRule['on'] = { method: 'GET', path: /\/profile\/phones(?:\?|$)/ };
const PEOPLE: FaultRule['on'] = { method: 'GET', path: /^\/beta\/users(?:\?|$)/ };

function list(name: string, description: string, change: Change, on = PHONES): Scenario {
  return {
    name,
    description,
    on,
    do: { rewrite: (answer, asked) => changed(answer, asked, change) },
  };
}

/** What is no list stays as it is: an error, say. */
function changed(answer: Answer, asked: Asked, change: Change): Answer {
  const { body } = answer;
  if (typeof body !== 'object' || body === null || !('value' in body) || !Array.isArray(body.value))
    return answer;
  const { value, ...rest } = body;
  return { ...answer, body: { ...rest, ...change(value as Item[], asked, body) } };
}

function leadsTo(link: (asked: Asked, query: string) => string): Change {
  return (value, asked) => {
    const query = asked.path.split('?')[1] ?? '';
    return { value, '@odata.nextLink': link(asked, query) };
  };
}

const STRANGER = '00000000-0000-4000-8000-000000000000';

function pathOf({ path }: Asked): string {
  return path.split('?')[0] ?? path;
}

function skippedIn(query: string): number {
  return Number(new URLSearchParams(query.slice(query.indexOf('?') + 1)).get('$skip') ?? 0);
}

/** Cut into pages of one item each. */
function inPages(link: (asked: Asked, query: string, body: object) => string): Change {
  return (value, asked, body) => {
    if (value.length < 2) return { value };
    const query = withOption(asked.path.split('?')[1] ?? '', 'skip', String(skippedIn(asked.path) + 1));
    return { value: value.slice(0, 1), '@odata.nextLink': link(asked, query, body) };
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

export const ofLists: readonly Scenario[] = [
  list(
    'next-link-loop',
    'a list whose second page says that it is followed by itself',
    leadsTo((asked, query) => `${asked.origin}${pathOf(asked)}?${withOption(query, 'skip', '1')}`),
  ),
  list(
    'next-link-endless',
    'a list that always has one page more',
    leadsTo((asked, query) => {
      return `${asked.origin}${pathOf(asked)}?${withOption(query, 'skip', String(skippedIn(query) + 1))}`;
    }),
  ),
  list(
    'next-link-foreign',
    'a list that goes on at another host',
    leadsTo((asked, query) => `https://elsewhere.invalid${pathOf(asked)}?${query}&$skip=1`),
  ),
  list(
    'next-link-userinfo',
    'a list that goes on at another host which looks like the same',
    leadsTo((asked, query) => `${asked.origin}@elsewhere.invalid${pathOf(asked)}?${query}&$skip=1`),
  ),
  list(
    'next-link-start',
    'a list that is all there, and says that it goes on from its beginning',
    leadsTo((asked) => `${asked.origin}${pathOf(asked)}?%24skip=0`),
  ),
  list(
    'next-link-by-id',
    "a list whose next pages are under users('id'), whoever was asked for",
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
    inPages((asked, query) => `${asked.origin.toUpperCase()}${pathOf(asked).toUpperCase()}?${query}`),
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

export const ofDirectory: readonly Scenario[] = [
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
