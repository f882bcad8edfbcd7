// What Stryker runs against each mutant: the tests of the same folders. A program that one starts runs without the
// mutant, so that only what runs in the process of the test counts.
import { defineConfig } from 'vitest/config';
import { sortTests } from './test/support/projects.ts';
import base from './vitest.config.ts';

const { MUTANTS = 'phones,profile,graph,auth,graphql,store' } = process.env;
export const MUTATED: readonly string[] = MUTANTS.split(',');

const isOfThem = (file: string): boolean => MUTATED.some((folder) => file.startsWith(`test/${folder}/`));
const { projects: _all, ...shared } = base.test ?? {};

export default defineConfig({
  ...base,
  test: { ...shared, include: Object.values(sortTests()).flat().filter(isOfThem) },
});
