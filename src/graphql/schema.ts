// Builds the executable schema from the files of schema/ and the resolvers of each domain module.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeExecutableSchema } from '@graphql-tools/schema';
import type { GraphQLSchema } from 'graphql';
import * as users from '../users/resolvers.ts';
import { type FacetModule, facets as registered } from './facets.ts';
import { mergeResolvers, type ResolverModule } from './merge-resolvers.ts';
import * as node from './node.ts';
import { DateTime } from './scalars.ts';

/**
 * @param folder path of the folder with the `.graphql` files
 * @throws TypeError when two modules define the same field
 */
export function createSchema(folder: string, facets: readonly FacetModule[] = registered): GraphQLSchema {
  const scalars: ResolverModule = { DateTime };
  const own: readonly ResolverModule[] = [scalars, users, node];
  return makeExecutableSchema({
    typeDefs: [...readTypeDefs(folder), ...facets.flatMap(({ typeDefs }) => typeDefs ?? [])],
    resolvers: mergeResolvers([...own, ...facets.map(({ resolvers }) => resolvers)]),
  });
}

function readTypeDefs(folder: string): string[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.graphql'));
  return files.sort().map((file) => readFileSync(join(folder, file), 'utf8'));
}
