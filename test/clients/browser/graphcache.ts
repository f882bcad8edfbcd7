// urql with graphcache, with their default settings, and the keys that graphcache asks for in its warnings: those of types
// without an id. Queries go by GET, and each page of the directory is a query.
import { Client, fetchExchange } from '@urql/core';
import { cacheExchange } from '@urql/exchange-graphcache';
import { ADD, CHANGE, DIRECTORY, type Directory, LIST, type List, REMOVE } from './documents.ts';
import { type Connection, openPhoneBook, type PhoneBook } from './phone-book.ts';

function connect({ url, token }: Connection): PhoneBook {
  const client = new Client({
    url,
    exchanges: [cacheExchange({ keys: { IdentitySet: () => null, Identity: () => null } }), fetchExchange],
    fetchOptions: { headers: { authorization: `Bearer ${token}` } },
  });
  const mutate = (document: string, input: object) =>
    succeed(client.mutation(document, { input }).toPromise());
  let refetch: PhoneBook['refetch'];
  let nextPage: PhoneBook['nextPage'];
  return {
    watch(ids, show) {
      client.query<List>(LIST, { ids }).subscribe(({ data }) => {
        if (data !== undefined) show(data.users);
      });
      refetch = () =>
        succeed(client.query<List>(LIST, { ids }, { requestPolicy: 'network-only' }).toPromise());
    },
    watchDirectory(first, show) {
      const pages: Directory['directory'][] = [];
      const watchPage = (at: number, after: string | null) =>
        client.query<Directory>(DIRECTORY, { first, after }).subscribe(({ data }) => {
          if (data !== undefined) pages[at] = data.directory;
          show(pages.flatMap(({ edges }) => edges.map(({ node }) => node)));
        });
      watchPage(0, null);
      nextPage = async () => watchPage(pages.length, pages.at(-1)?.pageInfo.endCursor ?? null);
    },
    add: (userId, number) => mutate(ADD, { userId, number }),
    change: (id, number) => mutate(CHANGE, { id, number }),
    remove: (id) => mutate(REMOVE, { id }),
    refetch: () => refetch(),
    nextPage: () => nextPage(),
  };
}

async function succeed(result: Promise<{ readonly error?: Error | undefined }>): Promise<void> {
  const { error } = await result;
  if (error !== undefined) throw error;
}

openPhoneBook('urql with graphcache', connect);
