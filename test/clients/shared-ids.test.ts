// Caches that know an object by its id, with their default settings, before a tenant in which people share Graph's ids of
// phones, and some numbers and names: each person has their own phones on the screen, and what is changed or deleted is
// changed or gone for that person alone.
import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { fetchExchange, Client as Urql } from '@urql/core';
import { cacheExchange } from '@urql/exchange-graphcache';
import { describe, expect, it } from 'vitest';
import { type SharedIds, startSharedIds } from '../support/shared-ids.ts';

const PHONE = '__typename id graphId number';
const LIST = `query List($ids: [ID!]!) { users(ids: $ids) { __typename id displayName phones { ${PHONE} } } }`;
const OWNER = 'user { __typename id phones { __typename id graphId number } } userErrors { __typename code }';
const ADD = `mutation Add($input: AddPhoneInput!) { addPhone(input: $input) { __typename phone { __typename id number } ${OWNER} } }`;
const UPDATE = `mutation Update($input: UpdatePhoneInput!) { updatePhone(input: $input) { __typename phone { __typename id number } userErrors { __typename code } } }`;
const DELETE = `mutation Delete($input: DeletePhoneInput!) { deletePhone(input: $input) { __typename deletedPhoneId ${OWNER} } }`;

interface Person {
  readonly id: string;
  readonly displayName: string;
  readonly phones: readonly { readonly id: string; readonly graphId: string; readonly number: string }[];
}

interface Screen {
  /** The people of the list, as a page that watches it shows them; reads what the cache lacks. */
  people(ids: readonly string[]): Promise<readonly Person[]>;
  mutate(document: string, input: object): Promise<void>;
}

type Headers = Readonly<Record<string, string>>;

function apollo(url: string, headers: Headers): Screen {
  const client = new ApolloClient({ link: new HttpLink({ uri: url, headers }), cache: new InMemoryCache() });
  return {
    async people(ids) {
      const { data } = await client.query<{ users: Person[] }>({ query: gql(LIST), variables: { ids } });
      return data?.users ?? [];
    },
    async mutate(document, input) {
      await client.mutate({ mutation: gql(document), variables: { input } });
    },
  };
}

function graphcache(url: string, headers: Headers): Screen {
  const exchanges = [cacheExchange(), fetchExchange];
  const client = new Urql({ url, exchanges, fetchOptions: { headers } });
  return {
    async people(ids) {
      const { data, error } = await client.query<{ users: Person[] }>(LIST, { ids });
      if (error !== undefined) throw error;
      return data?.users ?? [];
    },
    async mutate(document, input) {
      const { error } = await client.mutation(document, { input });
      if (error !== undefined) throw error;
    },
  };
}

describe.each([
  ['Apollo Client', apollo],
  ['urql with graphcache', graphcache],
] as const)('%s', (_name, open) => {
  it('shows each person’s own phones under ids of Graph’s that they share', async () => {
    await using tenant = await startSharedIds();
    const shown = await screen(tenant, open).people(idsOf(tenant));
    expect(shown).toHaveLength(3);
    expect(shared(tenant, shown)).toEqual(tenant.people.map(({ number }) => number));
    expect(numbers(shown)).toEqual(stored(tenant));
  });

  it('changes the phone of one person, and nobody else’s', async () => {
    await using tenant = await startSharedIds();
    const client = screen(tenant, open);
    await client.people(idsOf(tenant));
    const [, second] = tenant.people;
    await client.mutate(UPDATE, { id: `${second?.id}/${tenant.graphId}`, number: '+1 425 555 0190' });
    const before = tenant.emulator.calls.length;
    const shown = await client.people(idsOf(tenant));
    const [one, , three] = tenant.people.map(({ number }) => number);
    expect(shared(tenant, shown)).toEqual([one, '+1 425 555 0190', three]);
    expect(numbers(shown)).toEqual(stored(tenant));
    expect(tenant.emulator.calls).toHaveLength(before);
  });

  it('drops the phone of one person by the payload’s user, and nobody else’s', async () => {
    await using tenant = await startSharedIds();
    const client = screen(tenant, open);
    await client.people(idsOf(tenant));
    const [first, ...others] = tenant.people;
    await client.mutate(DELETE, { id: `${first?.id}/${tenant.graphId}` });
    const before = tenant.emulator.calls.length;
    const shown = await client.people(idsOf(tenant));
    expect(shared(tenant, shown)).toEqual([undefined, ...others.map(({ number }) => number)]);
    expect(numbers(shown)).toEqual(stored(tenant));
    expect(tenant.emulator.calls).toHaveLength(before);
  });

  it('shows a new phone to the one person whose it is', async () => {
    await using tenant = await startSharedIds();
    const client = screen(tenant, open);
    await client.people(idsOf(tenant));
    await client.mutate(ADD, { userId: tenant.people[2]?.id, number: '+1 425 555 0191' });
    const shown = await client.people(idsOf(tenant));
    expect(numbers(shown)[2]).toContain('+1 425 555 0191');
    expect(numbers(shown)).toEqual(stored(tenant));
  });
});

function screen({ url, token }: SharedIds, open: (url: string, headers: Headers) => Screen): Screen {
  return open(url, { authorization: `Bearer ${token}` });
}

function idsOf({ people }: SharedIds): string[] {
  return people.map(({ id }) => id);
}

/** The number of each person's phone with the id that all of them have. */
function shared({ graphId }: SharedIds, people: readonly Person[]): (string | undefined)[] {
  return people.map(({ phones }) => phones.find((phone) => phone.graphId === graphId)?.number);
}

function numbers(people: readonly Person[]): (string | null)[][] {
  return people.map(({ phones }) => phones.map(({ number }) => number));
}

function stored({ emulator, people }: SharedIds): (string | null)[][] {
  return people.map(({ id }) => emulator.phonesOf(id).map(({ number }) => number));
}
