// What docs/clients.md promises of its recipes for Apollo Client, Relay and graphcache: they wait as a refusal says, hand
// claims challenges to MSAL, join the pages of the directory, and know every type that has no id.
import { join } from 'node:path';
import { type ApolloClient, gql } from '@apollo/client';
import { PublicClientApplication } from '@azure/msal-node';
import type { Client } from '@urql/core';
import { ConnectionHandler, type Environment, fetchQuery, type GraphQLTaggedNode } from 'relay-runtime';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Clock, systemClock } from '../../src/runtime/clock.ts';
import { startTestProduct, type TestProduct, tokenOf, upstream } from '../support/product.ts';
import { createFolder, placed, recipeWith, runTool } from '../support/recipes.ts';
import { readSchema } from '../support/web-pages.ts';
import { ADD } from './every-client.ts';

const CLIENTS = 'docs/clients.md';
/** One request a second once sixty were sent at once. */
const RATE = { RATE_LIMIT: '60' };

afterEach(() => vi.restoreAllMocks());

describe('The recipe for Apollo Client', () => {
  const recipe = recipeWith(CLIENTS, '@apollo/client');

  it('waits as long as a 429 says, and sends the change again, which is made once', async () => {
    const time = createTime();
    await using product = await startTestProduct({ environment: RATE, outside: { clock: time.clock } });
    const { createClient } = await load<Apollo>(recipe);
    const client = createClient(product.url, async () => tokenOf(product.emulator, 'innocenty'));
    await exhaust(product);
    const before = product.emulator.calls.length;
    const statuses = watchStatuses(time.pass);

    const mutation = { mutation: gql(ADD), variables: { input: { number: '+1 425 555 0177' } } };
    const { data } = await client.mutate(mutation);

    expect(data).toMatchObject({ addPhone: { phone: { number: '+1 425 555 0177' }, userErrors: [] } });
    expect(statuses).toEqual([429, 200]);
    expect(upstream(product.emulator).slice(before)).toEqual(['POST /me/profile/phones']);
  });

  it('does not send again what no waiting helps', async () => {
    await using product = await startTestProduct();
    const { createClient } = await load<Apollo>(recipe);
    const client = createClient(product.url, async () => tokenOf(product.emulator, 'expired'));
    const statuses = watchStatuses();

    await expect(client.query({ query: gql('{ me { id } }') })).rejects.toMatchObject({
      errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
    });

    expect(statuses).toEqual([401]);
  });

  it('hands a claims challenge to MSAL as JSON, and sends the request again with the new token', async () => {
    await using product = await startTestProduct({ environment: { AUTH_MODE: 'entra' } });
    const { entra } = product.emulator;
    const { createClient } = await load<Apollo>(recipe);
    const asked: unknown[] = [];
    const client = createClient(product.url, async (claims) => {
      asked.push(claims === undefined ? null : await claimsThatMsalSends(claims));
      const { acrs } = claims === undefined ? {} : JSON.parse(claims).access_token;
      return entra.userToken('innocenty', { claims: { xms_cc: ['cp1'], acrs: acrs && [acrs.value] } });
    });
    entra.challenge('innocenty', CHALLENGE);
    const statuses = watchStatuses();

    const { data } = await client.query({ query: gql('{ me { displayName } }') });

    expect(data).toMatchObject({ me: { displayName: 'Innocenty Popov' } });
    expect(asked).toMatchObject([null, CHALLENGE]);
    expect(statuses).toEqual([401, 200]);
  });
});

describe('The recipe for Relay', () => {
  it('waits as long as a 429 says, and sends the query again', async () => {
    const time = createTime();
    await using product = await startTestProduct({ environment: RATE, outside: { clock: time.clock } });
    const { createEnvironment } = await load<Relay>(recipeWith(CLIENTS, 'createEnvironment'));
    const environment = createEnvironment(product.url, async () => tokenOf(product.emulator, 'innocenty'));
    const { artifact } = await compileRelay();
    await exhaust(product);
    const statuses = watchStatuses(time.pass);

    await fetchQuery(environment, await artifact('PeopleNextPageQuery'), { first: 2 }).toPromise();

    expect(statuses).toEqual([429, 200]);
  });

  it('joins the pages in the connection that has the documented id, and refetches a person', async () => {
    await using product = await startTestProduct();
    const { createEnvironment } = await load<Relay>(recipeWith(CLIENTS, 'createEnvironment'));
    const environment = createEnvironment(product.url, async () => tokenOf(product.emulator, 'innocenty'));
    const { artifact } = await compileRelay();
    const read = async (name: string, variables: object) =>
      fetchQuery(environment, await artifact(name), { ...variables }).toPromise();
    const record = (id: string) => environment.getStore().getSource().get(id);

    await read('PeopleNextPageQuery', { first: 2 });
    const connection = ConnectionHandler.getConnectionID('client:root', 'People_directory');
    const endCursor = record(`${connection}:pageInfo`)?.['endCursor'];
    await read('PeopleNextPageQuery', { first: 2, after: endCursor });
    const { id } = product.emulator.people[0] ?? {};
    await read('PeoplePhonesQuery', { id });

    expect(refsIn(record(connection)?.['edges'])).toHaveLength(4);
    const phones = product.emulator.phonesOf(id ?? '').map((phone) => `${id}/${phone.id}`);
    expect(refsIn(record(id ?? '')?.['phones'])).toEqual(phones);
  });
});

describe('The recipe for graphcache', () => {
  it('has a key for every type, so that graphcache has nothing to warn of, and joins pages', async () => {
    await using product = await startTestProduct();
    const warn = vi.spyOn(console, 'warn');
    const { createClient } = await load<Urql>(recipeWith(CLIENTS, 'graphcache'));
    const client = createClient(product.url, async () => tokenOf(product.emulator, 'innocenty'));
    const added = await client.mutation(ADD, { input: { number: '' } }).toPromise();
    const page = (after: string | null) => client.query(EVERYTHING, { after }).toPromise();

    const first = await page(null);
    const { error, data } = await page(first.data.directory.pageInfo.endCursor);

    expect([first.error, error]).toEqual([undefined, undefined]);
    expect(data.directory.edges.map(({ node }: { node: { id: string } }) => node.id)).toEqual(
      product.emulator.people.slice(0, 6).map(({ id }) => id),
    );
    expect(added.data.addPhone.userErrors).toMatchObject([{ code: 'INVALID_INPUT' }]);
    expect(warn.mock.calls).toEqual([]);
  });
});

/** A field of every type that can be read. */
const EVERYTHING = `
  query Everything($after: String) {
    me {
      id
      phones {
        id
        inference { confidenceScore }
        source { type }
        sources { sourceId }
        createdBy { application { displayName } user { displayName } }
        parsed { e164 }
      }
    }
    directory(first: 3, after: $after) {
      edges { cursor node { id } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
`;

const CHALLENGE = { access_token: { acrs: { essential: true, value: 'c1' } } };

interface Apollo {
  createClient(url: string, getToken: (claims?: string) => Promise<string>): ApolloClient;
}

interface Relay {
  createEnvironment(url: string, getToken: () => Promise<string>): Environment;
}

interface Urql {
  createClient(url: string, getToken: () => Promise<string>): Client;
}

/** The recipe as a module. What it shows for itself, it shows with a gateway of its own. */
async function load<Module>(recipe: string): Promise<Module> {
  await using product = await startTestProduct();
  vi.spyOn(console, 'log').mockReturnValue();
  return await import(join(createFolder({ 'recipe.ts': placed(recipe, product) }), 'recipe.ts'));
}

interface Time {
  readonly clock: Clock;
  pass(ms: number): void;
}

/** Time that stands until it is told to pass. Alarms ring as ever. */
function createTime(): Time {
  let elapsed = systemClock.elapsed();
  return {
    clock: { ...systemClock, elapsed: () => elapsed },
    pass(ms) {
      elapsed += ms;
    },
  };
}

/** Asks until the caller has to wait. */
async function exhaust(product: TestProduct): Promise<void> {
  const statuses: number[] = [];
  while (!statuses.includes(429)) statuses.push((await product.ask('{ me { id } }')).status);
  expect(statuses).toHaveLength(61);
}

/** The status of each response from now on, in order; `pass` is told how long a refusal says to wait. */
function watchStatuses(pass?: (ms: number) => void): number[] {
  const statuses: number[] = [];
  const send = globalThis.fetch;
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (...request) => {
    const response = await send(...request);
    statuses.push(response.status);
    if (response.status === 429) pass?.(1000 * Number(response.headers.get('retry-after')));
    return response;
  });
  return statuses;
}

/** The claims that MSAL asks Entra ID for. It refuses what is no JSON. */
async function claimsThatMsalSends(claims: string): Promise<unknown> {
  const login = 'https://login.example.com/contoso';
  const endpoints = {
    issuer: login,
    authorization_endpoint: `${login}/authorize`,
    token_endpoint: `${login}/token`,
    jwks_uri: `${login}/keys`,
  };
  const msal = new PublicClientApplication({
    auth: {
      clientId: 'a9900000-0000-4000-8000-000000000002',
      authority: login,
      knownAuthorities: ['login.example.com'],
      authorityMetadata: JSON.stringify(endpoints),
    },
  });
  const address = await msal.getAuthCodeUrl({ scopes: [], redirectUri: 'http://localhost', claims });
  return JSON.parse(new URL(address).searchParams.get('claims') ?? '');
}

/** What Relay's compiler makes of the recipe's operations. */
async function compileRelay() {
  const folder = createFolder({
    'src/People.ts': recipeWith(CLIENTS, '@refetchable'),
    'src/__generated__/.keep': '',
    'schema.graphql': await readSchema(),
    'relay.config.json': JSON.stringify({
      src: './src',
      schema: './schema.graphql',
      language: 'typescript',
      artifactDirectory: './src/__generated__',
      customScalarTypes: { DateTime: 'string' },
      useImportTypeSyntax: true,
    }),
  });
  await runTool('relay-compiler/cli.js', [], folder);
  return {
    async artifact(name: string): Promise<GraphQLTaggedNode> {
      return (await import(join(folder, `src/__generated__/${name}.graphql.ts`))).default;
    },
  };
}

/** The ids in a list of Relay's store. */
function refsIn(list: unknown): readonly string[] | undefined {
  return (list as { readonly __refs?: readonly string[] } | undefined)?.__refs;
}
