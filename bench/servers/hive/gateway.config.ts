// Hive Gateway as it comes, with the two fields of Query that the description of Microsoft Graph does not have.
import { defineConfig } from '@graphql-hive/gateway';

export const gatewayConfig = defineConfig({
  additionalResolvers: {
    Query: {
      user: (_root: unknown, { id }: { id: string }) => ({ id }),
      users: (_root: unknown, { ids }: { ids: readonly string[] }) => ids.map((id) => ({ id })),
    },
  },
});
