// Composes the OpenAPI description into the supergraph that Hive Gateway serves, and gives it the two fields of Query
// that everybody else answers: a user is made of its id, and its phones are one call of the description.
import { defineConfig } from '@graphql-mesh/compose-cli';
import { loadOpenAPISubgraph } from '@omnigraph/openapi';

export const composeConfig = defineConfig({
  subgraphs: [
    {
      sourceHandler: loadOpenAPISubgraph('Graph', {
        source: './openapi.yaml',
        endpoint: `${process.env['GRAPH_BASE_URL']}/beta`,
        operationHeaders: { Authorization: "{context.headers['authorization']}" },
      }),
    },
  ],
  additionalTypeDefs: /* GraphQL */ `
    extend type Query {
      user(id: ID!): User
      users(ids: [ID!]!): [User]!
    }
    type User {
      id: ID!
      phones: [ItemPhone!]
        @resolveTo(
          sourceName: "Graph"
          sourceTypeName: "Query"
          sourceFieldName: "listPhones"
          sourceArgs: { user_id: "{root.id}" }
          result: "value"
        )
    }
  `,
});
