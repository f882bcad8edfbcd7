// Faults of the directory. A person without a valid id is omitted. When a list cannot continue, the client gets an
// error.
import { describe, expect, it } from 'vitest';
import { SCENARIO_GROUPS } from '../../emulator/emulator.ts';
import { errorsOf, LONG_DEADLINE_MS, runScenario, scenarioNamed } from './scenario-run.ts';

const READABLE = ['directory-odd-id', 'directory-null'];

/** The faults that end in an error, with its code. */
const FAILING: readonly [string, string][] = [
  ['directory-token-expired', 'CURSOR_EXPIRED'],
  ['directory-loop', 'UPSTREAM_BAD_RESPONSE'],
];

interface Page {
  readonly directory: { readonly nodes: readonly object[] };
}

describe('faults of the directory', () => {
  it('are all tested', () => {
    const tested = [...READABLE, ...FAILING.map(([name]) => name)];
    const existing = SCENARIO_GROUPS[6]?.scenarios.map(({ name }) => name);
    expect(tested.toSorted()).toEqual(existing?.toSorted());
  });
});

function run(name: string, frequency: 'once' | 'always') {
  return runScenario({
    scenario: scenarioNamed(name),
    operation: 'directory',
    frequency,
    deadlineMs: LONG_DEADLINE_MS,
  });
}

describe.each(READABLE)('%s', (name) => {
  it.concurrent.each(['once', 'always'] as const)(
    'fault %s: the other people are returned',
    async (frequency) => {
      const { response, whole, calls } = await run(name, frequency);
      const nodes = (whole as Page).directory.nodes.slice(name === 'directory-odd-id' ? 1 : 0);
      expect([errorsOf(response), response.body.data.directory.nodes, calls]).toEqual([[], nodes, 'GET']);
    },
  );
});

describe.each(FAILING)('%s', (name, code) => {
  it.concurrent.each(['once', 'always'] as const)('fault %s: fails at once', async (frequency) => {
    const { response, calls } = await run(name, frequency);
    expect([errorsOf(response), response.body.data]).toEqual([[`directory ${code}`], { directory: null }]);
    expect(calls).toBe('GET');
  });
});
