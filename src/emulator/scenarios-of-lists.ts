// Lists of phones that cannot be read, or cannot be trusted to lead on. They come under 200, also within a batch.
import type { Answer } from './answers.ts';
import type { Asked } from './faults.ts';
import { withOption } from './options.ts';
import type { Scenario } from './scenario.ts';

type Item = Readonly<Record<string, unknown>>;
type Change = (items: readonly Item[], asked: Asked) => object;

function list(name: string, description: string, change: Change): Scenario {
  return {
    name,
    description,
    on: { method: 'GET', path: /\/profile\/phones(?:\?|$)/ },
    do: { rewrite: (answer, asked) => changed(answer, asked, change) },
  };
}

/** What is no list stays as it is: an error, say. */
function changed(answer: Answer, asked: Asked, change: Change): Answer {
  const { body } = answer;
  if (typeof body !== 'object' || body === null || !('value' in body) || !Array.isArray(body.value))
    return answer;
  const { value, ...rest } = body;
  return { ...answer, body: { ...rest, ...change(value as Item[], asked) } };
}

function leadsTo(link: (asked: Asked, query: string) => string): Change {
  return (value, asked) => {
    const query = asked.path.split('?')[1] ?? '';
    return { value, '@odata.nextLink': link(asked, query) };
  };
}

function pathOf({ path }: Asked): string {
  return path.split('?')[0] ?? path;
}

function skippedIn(query: string): number {
  return Number(new URLSearchParams(query).get('$skip') ?? 0);
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
  list('value-null', 'a list that is null', () => ({ value: null })),
  list('value-missing', 'an object without its list', () => ({})),
  list('value-object', 'an object in the place of the list', (value) => ({ value: { ...value } })),
  list('items-without-id', 'a list whose first phone has no id', ([first = {}, ...rest]) => {
    const { id, ...nameless } = first;
    return { value: [nameless, ...rest] };
  }),
  list('duplicate-ids', 'a list whose first phone is there twice', (value) => ({
    value: [...value.slice(0, 1), ...value],
  })),
];
