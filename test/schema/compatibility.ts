// The differences between the schema of the last release and the schema as it is, by GraphQL Inspector. Its rules that
// simplify changes are not used: one of them drops a breaking change where the same field also has a harmless one.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CriticalityLevel, diff } from '@graphql-inspector/core';
import { buildSchema, printSchema } from 'graphql';
import { createSchema } from '../../src/graphql/schema.ts';

const ROOT = join(import.meta.dirname, '../..');

/** Outside schema/, of which everything is part of the schema. */
export const RELEASED = join(import.meta.dirname, 'released.graphql');

export interface BreakingChange {
  /** Such as `ItemPhone.number`, or an argument's `User.phones.types`. */
  readonly path: string;
  readonly message: string;
}

export function currentSchema(): string {
  return `${printSchema(createSchema(join(ROOT, 'schema')))}\n`;
}

export function releasedSchema(): string {
  return readFileSync(RELEASED, 'utf8');
}

export async function breakingChanges(released: string, current: string): Promise<BreakingChange[]> {
  const changes = await diff(buildSchema(released), buildSchema(current));
  return changes
    .filter(({ criticality }) => criticality.level === CriticalityLevel.Breaking)
    .map(({ path, message }) => ({ path: path ?? '', message }));
}

/** Those that the part of the changelog for the next release does not name by their path, in backticks. */
export function unannounced(
  changes: readonly BreakingChange[],
  changelog: string,
): readonly BreakingChange[] {
  const [, next = ''] = /^## \[Unreleased\]\n([\s\S]*?)(?=^## |^\[|(?![\s\S]))/m.exec(changelog) ?? [];
  return changes.filter(({ path }) => !next.includes(`\`${path}\``));
}
