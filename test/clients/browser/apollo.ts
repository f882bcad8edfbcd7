// Apollo Client with its default settings, the policy that it has for Relay connections, and the one that it asks for in a
// warning once a list has become shorter.
import { ApolloClient, gql, HttpLink, InMemoryCache, type ObservableQuery } from '@apollo/client';
import { relayStylePagination } from '@apollo/client/utilities';
import { ADD, CHANGE, DIRECTORY, type Directory, LIST, type List, REMOVE } from './documents.ts';
import { type Connection, openPhoneBook, type PhoneBook } from './phone-book.ts';

function connect({ url, token }: Connection): PhoneBook {
  const client = new ApolloClient({
    link: new HttpLink({ uri: url, headers: { authorization: `Bearer ${token}` } }),
    cache: new InMemoryCache({
      typePolicies: {
        Query: { fields: { directory: relayStylePagination() } },
        User: { fields: { phones: { merge: false } } },
      },
    }),
  });
  const mutate = (document: string, input: object) =>
    client.mutate({ mutation: gql(document), variables: { input } });
  let list: ObservableQuery<List>;
  let directory: ObservableQuery<Directory>;
  return {
    watch(ids, show) {
      list = client.watchQuery<List>({ query: gql(LIST), variables: { ids } });
      list.subscribe(({ data, dataState }) => {
        if (dataState === 'complete') show(data.users);
      });
    },
    watchDirectory(first, show) {
      directory = client.watchQuery<Directory>({ query: gql(DIRECTORY), variables: { first } });
      directory.subscribe(({ data, dataState }) => {
        if (dataState === 'complete') show(data.directory.edges.map(({ node }) => node));
      });
    },
    add: (userId, number) => mutate(ADD, { userId, number }),
    change: (id, number) => mutate(CHANGE, { id, number }),
    remove: (id) => mutate(REMOVE, { id }),
    refetch: () => list.refetch(),
    nextPage() {
      const after = (directory.getCurrentResult().data as Directory).directory.pageInfo.endCursor;
      return directory.fetchMore({ variables: { after } });
    },
  };
}

openPhoneBook('Apollo Client', connect);
