import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import { type Project, sortTests } from './test/support/projects.ts';

const require = createRequire(import.meta.url);
const files = sortTests();

/** Only ends a test that hangs: no test depends on its length, and a busy machine is slow. */
const TIMEOUT_MS = 120_000;

function project(name: Project): TestProjectInlineConfiguration {
  // To load the program anew for each file costs about as much as its tests.
  return { extends: true, test: { name, include: files[name], isolate: name === 'processes' } };
}

export default defineConfig({
  // The package comes in two module formats and refuses to be loaded as both. Node takes this one; so must the tests.
  resolve: { alias: [{ find: /^graphql$/, replacement: require.resolve('graphql') }] },
  test: {
    pool: 'forks',
    // Half of what the tests do is waiting, so more of them run than there are cores.
    maxWorkers: availableParallelism() + 2,
    testTimeout: TIMEOUT_MS,
    hookTimeout: TIMEOUT_MS,
    projects: [project('processes'), project('integration'), project('unit')],
  },
});
