// The directory in trouble: whoever cannot be named is left out, and where a list cannot go on, the client is told.
import { describe, expect, it } from 'vitest';
import { SCENARIO_GROUPS } from '../../emulator/emulator.ts';
import { errorsOf, PATIENT, scenarioNamed, tried } from './proof.ts';

const READ = ['directory-odd-id', 'directory-null'];

/** What the client is told, and the requests until then. */
const TOLD: readonly [string, string][] = [
  ['directory-token-expired', 'CURSOR_EXPIRED'],
  ['directory-loop', 'UPSTREAM_BAD_RESPONSE'],
];

interface Page {
  readonly directory: { readonly nodes: readonly object[] };
}

describe('Troubles of the directory', () => {
  it('are all proved', () => {
    const proved = [...READ, ...TOLD.map(([name]) => name)];
    const there = SCENARIO_GROUPS[6]?.scenarios.map(({ name }) => name);
    expect(proved.toSorted()).toEqual(there?.toSorted());
  });
});

function trial(name: string, struck: 'once' | 'always') {
  return tried({ scenario: scenarioNamed(name), operation: 'directory', struck, deadlineMs: PATIENT });
}

describe.each(READ)('%s', (name) => {
  it.concurrent.each(['once', 'always'] as const)('struck %s: the others stand', async (struck) => {
    const { answer, whole, calls } = await trial(name, struck);
    const nodes = (whole as Page).directory.nodes.slice(name === 'directory-odd-id' ? 1 : 0);
    expect([errorsOf(answer), answer.body.data.directory.nodes, calls]).toEqual([[], nodes, 'GET']);
  });
});

describe.each(TOLD)('%s', (name, code) => {
  it.concurrent.each(['once', 'always'] as const)('struck %s: told at once', async (struck) => {
    const { answer, calls } = await trial(name, struck);
    expect([errorsOf(answer), answer.body.data]).toEqual([[`directory ${code}`], { directory: null }]);
    expect(calls).toBe('GET');
  });
});
