import { createHash } from 'node:crypto';
import { ApolloClient, ApolloLink, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { CombinedGraphQLErrors, ServerError } from '@apollo/client/errors';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { relayStylePagination } from '@apollo/client/utilities';
import { filter, firstValueFrom, map } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { startTestProduct, type TestProduct, tokenOf, upstream } from '../support/product.ts';
import {
  type Client,
  type Connection,
  DELETE,
  MY_PHONES,
  type Outcome,
  personOf,
  servesItsClient,
  UPDATE,
} from './every-client.ts';

function connect({ url, token, fetch }: Connection): Client {
  const client = new ApolloClient({
    link: new HttpLink({ uri: url, fetch, headers: { authorization: `Bearer ${token}` } }),
    cache: new InMemoryCache(),
  });
  return {
    query: async (document, variables) =>
      outcomeOf(await client.query({ query: gql(document), variables: variables ?? {}, errorPolicy: 'all' })),
    mutate: async (document, variables) =>
      outcomeOf(
        await client.mutate({ mutation: gql(document), variables: variables ?? {}, errorPolicy: 'all' }),
      ),
  };
}

function outcomeOf({
  data,
  error,
}: {
  readonly data?: unknown;
  readonly error?: Error | undefined;
}): Outcome {
  return { data: data ?? null, codes: errorsIn(error).map(({ extensions }) => String(extensions?.['code'])) };
}

type Errors = readonly { readonly extensions?: Record<string, unknown> | undefined }[];

/** An answer of plain application/json with a status of failure is no GraphQL answer to Apollo Client 4. */
function errorsIn(error: Error | undefined): Errors {
  if (CombinedGraphQLErrors.is(error)) return error.errors;
  if (ServerError.is(error)) return (JSON.parse(error.bodyText) as { errors: Errors }).errors;
  if (error !== undefined) throw error;
  return [];
}

servesItsClient('Apollo Client', connect);

const DIRECTORY = gql`
  query Directory($first: Int!, $after: String) {
    directory(first: $first, after: $after) {
      edges { cursor node { id displayName } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
`;

describe("Apollo Client's cache knows people and phones by their ids", () => {
  it('keeps one entry for each person and each phone', async () => {
    await using product = await startTestProduct();
    const cache = new InMemoryCache();

    await clientOf(product, cache).query({ query: gql(MY_PHONES) });

    const me = personOf(product, 'innocenty');
    const phones = product.emulator.phonesOf(me).map(({ id }) => `ItemPhone:${me}/${id}`);
    expect(Object.keys(cache.extract()).sort()).toEqual(['ROOT_QUERY', `User:${me}`, ...phones].sort());
  });

  it('shows the outcome of updatePhone in a query that is being watched, without reading again', async () => {
    await using product = await startTestProduct();
    const client = clientOf(product);
    const watched = watch(client);
    const [first] = await watched.next();
    expect(first?.displayName).toBe('Car Phone');

    const input = { id: first?.id, displayName: 'Old Car Phone', number: '+1 425 555 0177' };
    await client.mutate({ mutation: gql(UPDATE), variables: { input } });

    expect((await watched.next())[0]).toMatchObject(input);
    expect(upstream(product.emulator)).toEqual(['BATCH 2', `PATCH ${pathOf(first)}`]);
    watched.stop();
  });

  it('drops a phone from the list once deletedPhoneId is evicted', async () => {
    await using product = await startTestProduct();
    const client = clientOf(product);
    const watched = watch(client);
    const before = await watched.next();

    await client.mutate<{ deletePhone: { deletedPhoneId: string } }>({
      mutation: gql(DELETE),
      variables: { input: { id: before[0]?.id } },
      update(cache, { data }) {
        const id = cache.identify({ __typename: 'ItemPhone', id: data?.deletePhone.deletedPhoneId });
        if (id !== undefined) cache.evict({ id });
      },
    });

    expect(await watched.next()).toEqual(before.slice(1));
    expect(upstream(product.emulator)).toEqual(['BATCH 2', `DELETE ${pathOf(before[0])}`]);
    watched.stop();
  });

  it('joins the pages of the directory with the policy for Relay connections', async () => {
    await using product = await startTestProduct();
    const cache = new InMemoryCache({
      typePolicies: { Query: { fields: { directory: relayStylePagination(['search']) } } },
    });
    const client = clientOf(product, cache);
    const query = client.watchQuery<Directory>({ query: DIRECTORY, variables: { first: 3 } });
    const pages = query.pipe(filter(({ dataState }) => dataState === 'complete'));
    const first = (await firstValueFrom(pages)).data as Directory;

    await query.fetchMore({ variables: { after: first.directory.pageInfo.endCursor } });

    const both = client.readQuery<Directory>({ query: DIRECTORY, variables: { first: 3 } });
    const names = both?.directory.edges.map(({ node }) => node.displayName);
    expect(first.directory.edges).toHaveLength(3);
    expect(names).toEqual(product.emulator.people.slice(0, 6).map(({ displayName }) => displayName));
    expect(product.emulator.calls).toHaveLength(2);
  });
});

describe("Apollo Client's persisted queries work without registering anything", () => {
  // The client sends a hash alone; the gateway does not know it; the client sends hash and text; from then on the hash
  // alone will do.
  it('sends the text of an operation once, and its hash from then on', async () => {
    await using product = await startTestProduct();
    const texts: boolean[] = [];
    const watch = new ApolloLink((operation, forward) => {
      texts.push(operation.getContext()['http']?.includeQuery !== false);
      return forward(operation);
    });
    const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
    const client = new ApolloClient({
      link: ApolloLink.from([new PersistedQueryLink({ sha256 }), watch, http(product)]),
      cache: new InMemoryCache(),
    });
    const query = () => client.query({ query: gql(MY_PHONES), fetchPolicy: 'no-cache' });

    const first = await query();
    const second = await query();

    expect(texts).toEqual([false, true, false]);
    expect(first.data).toMatchObject({ me: { displayName: 'Innocenty Popov' } });
    expect(second.data).toEqual(first.data);
    expect(upstream(product.emulator)).toEqual(['BATCH 2', 'BATCH 2']);
  });
});

interface Directory {
  readonly directory: {
    readonly edges: readonly { readonly node: { readonly displayName: string } }[];
    readonly pageInfo: { readonly endCursor: string };
  };
}

interface MyPhones {
  readonly me: { readonly phones: readonly Phone[] };
}

interface Phone {
  readonly id: string;
  readonly number: string;
  readonly displayName: string | null;
}

/** Where Microsoft Graph has a phone, by its global id. */
function pathOf(phone: Phone | undefined): string {
  const [owner, graphId] = phone?.id.split('/') ?? [];
  return `/users/${owner}/profile/phones/${graphId}`;
}

function http({ url, emulator }: TestProduct): HttpLink {
  return new HttpLink({ uri: url, headers: { authorization: `Bearer ${tokenOf(emulator, 'innocenty')}` } });
}

function clientOf(product: TestProduct, cache: InMemoryCache = new InMemoryCache()): ApolloClient {
  return new ApolloClient({ link: http(product), cache });
}

interface Watched {
  /** The caller's phones, as soon as the watched query shows them anew. */
  next(): Promise<readonly Phone[]>;
  stop(): void;
}

function watch(client: ApolloClient): Watched {
  const shown: (readonly Phone[])[] = [];
  const waiting: ((phones: readonly Phone[]) => void)[] = [];
  const subscription = client
    .watchQuery<MyPhones>({ query: gql(MY_PHONES) })
    .pipe(
      filter(({ dataState }) => dataState === 'complete'),
      map(({ data }) => (data as MyPhones).me.phones),
    )
    .subscribe((phones) => {
      const take = waiting.shift();
      if (take === undefined) shown.push(phones);
      else take(phones);
    });
  return {
    next: async () => shown.shift() ?? new Promise((resolve) => waiting.push(resolve)),
    stop: () => subscription.unsubscribe(),
  };
}
