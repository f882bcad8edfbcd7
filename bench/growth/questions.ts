// The queries of the growth benchmark: the same fields for a growing number of users.
import type { Person } from '../people.ts';

export interface Question {
  readonly kind: 'users' | 'directory';
  readonly size: number;
  readonly body: string;
}

const MANY =
  'query ManyPeople($ids: [ID!]!) { users(ids: $ids) { id displayName phones { id number type } } }';
const PAGE =
  'query OnePage($first: Int!) { directory(first: $first) { nodes { id displayName phones { id number type } } } }';

export function createQuestions(people: readonly Person[]): readonly Question[] {
  const ids = people.map(({ id }) => id);
  const users = [100, 250, 500, 1_000].map((size) => {
    return { kind: 'users', size, body: bodyOf(MANY, { ids: ids.slice(0, size) }) } as const;
  });
  const pages = [100, 250, 500, 999].map((size) => {
    return { kind: 'directory', size, body: bodyOf(PAGE, { first: size }) } as const;
  });
  return [...users, ...pages];
}

function bodyOf(query: string, variables: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({ query, variables });
}

/** @throws Error when the response does not have all users with all phones */
export async function checkQuestion(port: number, token: string, { kind, size, body }: Question) {
  const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body,
  });
  const text = await response.text();
  const { data } = JSON.parse(text);
  const people: readonly { readonly displayName: string; readonly phones: readonly unknown[] }[] =
    (kind === 'users' ? data?.users : data?.directory?.nodes) ?? [];
  const isWhole = people.every(
    ({ displayName, phones }) => displayName.startsWith('Person ') && phones.length === 3,
  );
  if (response.ok && people.length === size && isWhole) return;
  throw new Error(`${kind} of ${size}: ${response.status} ${text.slice(0, 500)}`);
}
