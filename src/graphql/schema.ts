// Builds the executable schema from the files of schema/ and the resolvers of each domain module.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeExecutableSchema } from '@graphql-tools/schema';
import type { GraphQLSchema } from 'graphql';
import type { Resolvers } from '../__generated__/resolvers-types.ts';
import * as phones from '../phones/resolvers.ts';
import * as directory from '../users/resolvers.ts';
import * as node from './node.ts';
import { DateTime } from './scalars.ts';

/** @param folder path of the folder with the `.graphql` files */
export function createSchema(folder: string): GraphQLSchema {
  return makeExecutableSchema({
    typeDefs: readTypeDefs(folder),
    resolvers: [{ DateTime }, directory, phones, node] satisfies Resolvers[],
  });
}

function readTypeDefs(folder: string): string[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.graphql'));
  return files.sort().map((file) => readFileSync(join(folder, file), 'utf8'));
}
