// Relay's runtime with its default settings: the network layer is that of docs/clients.md, and the store as it comes. Its
// compiler makes the artifacts of these operations before the page is bundled.
import {
  commitMutation,
  createOperationDescriptor,
  type Environment,
  fetchQuery,
  type GraphQLTaggedNode,
  getRequest,
  graphql,
  type MutationParameters,
  type OperationType,
} from 'relay-runtime';
import type { relayAddMutation } from './__generated__/relayAddMutation.graphql.ts';
import type { relayChangeMutation } from './__generated__/relayChangeMutation.graphql.ts';
import type { relayDirectoryQuery } from './__generated__/relayDirectoryQuery.graphql.ts';
import type { relayListQuery } from './__generated__/relayListQuery.graphql.ts';
import type { relayPersonQuery } from './__generated__/relayPersonQuery.graphql.ts';
import type { relayRemoveMutation } from './__generated__/relayRemoveMutation.graphql.ts';
import { createEnvironment } from './environment.ts';
import { type Connection, openPhoneBook, type PhoneBook } from './phone-book.ts';

const LIST = graphql`
  query relayListQuery($ids: [ID!]!) {
    users(ids: $ids) { id displayName phones { id number createdBy { user { objectId displayName } } } }
  }
`;
const PERSON = graphql`
  query relayPersonQuery($id: ID!) {
    node(id: $id) {
      ... on User { id displayName phones { id number createdBy { user { objectId displayName } } } }
    }
  }
`;
const DIRECTORY = graphql`
  query relayDirectoryQuery($first: Int!, $after: String) {
    directory(first: $first, after: $after) @connection(key: "relay_directory") {
      edges { node { id displayName } }
      pageInfo { hasNextPage endCursor }
    }
  }
`;
const ADD = graphql`
  mutation relayAddMutation($input: AddPhoneInput!) {
    addPhone(input: $input) {
      user { id phones { id number createdBy { user { objectId displayName } } } }
      userErrors { code message }
    }
  }
`;
const CHANGE = graphql`
  mutation relayChangeMutation($input: UpdatePhoneInput!) {
    updatePhone(input: $input) { phone { id number } userErrors { code message } }
  }
`;
const REMOVE = graphql`
  mutation relayRemoveMutation($input: DeletePhoneInput!) {
    deletePhone(input: $input) {
      deletedPhoneId
      user { id phones { id number createdBy { user { objectId displayName } } } }
      userErrors { code message }
    }
  }
`;

function connect({ url, token }: Connection): PhoneBook {
  const environment = createEnvironment(url, async () => token);
  let people: readonly string[] = [];
  let directory: { readonly first: number; shown?: relayDirectoryQuery['response'] };
  return {
    watch(ids, show) {
      people = ids;
      watch<relayListQuery>(environment, LIST, { ids }, ({ users }) => show(users));
    },
    watchDirectory(first, show) {
      directory = { first };
      watch<relayDirectoryQuery>(environment, DIRECTORY, { first }, (shown) => {
        directory.shown = shown;
        show(shown.directory?.edges.map(({ node }) => node) ?? []);
      });
    },
    add: (userId, number) => mutate<relayAddMutation>(environment, ADD, { input: { userId, number } }),
    change: (id, number) => mutate<relayChangeMutation>(environment, CHANGE, { input: { id, number } }),
    remove: (id) => mutate<relayRemoveMutation>(environment, REMOVE, { input: { id } }),
    refetch: () =>
      Promise.all(people.map((id) => fetchQuery<relayPersonQuery>(environment, PERSON, { id }).toPromise())),
    nextPage() {
      const variables = { first: directory.first, after: directory.shown?.directory?.pageInfo.endCursor };
      return fetchQuery<relayDirectoryQuery>(environment, DIRECTORY, variables).toPromise();
    },
  };
}

/** What `useLazyLoadQuery` does: reads, keeps, and shows what is in the store whenever it changes. */
function watch<Query extends OperationType>(
  environment: Environment,
  query: GraphQLTaggedNode,
  variables: Query['variables'],
  show: (data: Query['response']) => void,
): void {
  const operation = createOperationDescriptor(getRequest(query), variables);
  environment.retain(operation);
  environment.subscribe(environment.lookup(operation.fragment), ({ data, isMissingData }) => {
    if (!isMissingData) show(data as Query['response']);
  });
  void fetchQuery<Query>(environment, query, variables).toPromise();
}

function mutate<Mutation extends MutationParameters>(
  environment: Environment,
  mutation: GraphQLTaggedNode,
  variables: Mutation['variables'],
): Promise<unknown> {
  return new Promise((resolve, reject) =>
    commitMutation<Mutation>(environment, { mutation, variables, onCompleted: resolve, onError: reject }),
  );
}

openPhoneBook('Relay', connect);
