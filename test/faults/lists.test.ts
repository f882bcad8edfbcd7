// Malformed lists are null with an error at their own path; other lists are returned. A next link is followed only
// within the same list. A list is returned as a whole or not at all.
import { describe, expect, it } from 'vitest';
import { SCENARIO_GROUPS } from '../../emulator/emulator.ts';
import { repeated, unaffected } from './expectations.ts';
import type { Read } from './operations.ts';
import {
  errorsOf,
  LONG_DEADLINE_MS,
  type Outcome,
  runScenario,
  type ScenarioRun,
  scenarioNamed,
} from './scenario-run.ts';
import { testReads } from './scenario-tests.ts';

const CODE = 'UPSTREAM_BAD_RESPONSE';

interface Person {
  readonly displayName: string;
  readonly phones: readonly { readonly id: string }[] | null;
}

function run(name: string, operation: Read, frequency: ScenarioRun['frequency']): Promise<Outcome> {
  return runScenario({ scenario: scenarioNamed(name), operation, frequency, deadlineMs: LONG_DEADLINE_MS });
}

function people(data: unknown): readonly Person[] {
  return (data as { users: Person[] }).users;
}

const LOST = ['next-link-foreign', 'next-link-userinfo', 'value-null', 'value-missing', 'value-object'];

/** The number of pages requested when every page has a next link. */
const ENDLESS: readonly [string, number][] = [
  ['next-link-loop', 2],
  ['next-link-endless', 50],
];

/** The two people have three phones and one phone, in pages of one phone. */
const IN_PAGES = ['next-link-by-id', 'next-link-relative', 'next-link-capitals'];

const UNAFFECTED = ['next-link-start', 'items-null', 'words-capitalised'];

describe('faults of lists', () => {
  it('are all tested', () => {
    const tested = [...LOST, ...ENDLESS.map(([name]) => name), ...IN_PAGES, ...UNAFFECTED];
    const existing = SCENARIO_GROUPS[2]?.scenarios.map(({ name }) => name);
    expect([...tested, 'next-link-of-another', 'items-without-id', 'duplicate-ids'].toSorted()).toEqual(
      existing?.toSorted(),
    );
  });
});

describe.each(LOST)('%s', (name) => {
  it.concurrent.each(['once', 'always'] as const)('me, fault %s', async (frequency) => {
    const { response, calls } = await run(name, 'me', frequency);
    expect(errorsOf(response)).toEqual([`me.phones ${CODE}`]);
    expect([response.body.data, calls]).toEqual([{ me: { phones: null } }, 'GET']);
  });

  it.concurrent('users, fault once: the other list is returned', async () => {
    const { response, whole, calls } = await run(name, 'users', 'once');
    const [first, second] = people(whole);
    expect(errorsOf(response)).toEqual([`users.0.phones ${CODE}`]);
    expect(people(response.body.data)).toEqual([{ ...first, phones: null }, second]);
    expect(calls).toBe('BATCH');
  });

  it.concurrent('users, fault always: the people are returned', async () => {
    const { response, whole, calls } = await run(name, 'users', 'always');
    expect(errorsOf(response)).toEqual([`users.0.phones ${CODE}`, `users.1.phones ${CODE}`]);
    expect(people(response.body.data)).toEqual(people(whole).map((person) => ({ ...person, phones: null })));
    expect(calls).toBe('BATCH');
  });
});

describe.each(ENDLESS)('%s', (name, pages) => {
  it.concurrent('me, fault once: the second page is the last, and repeated phones appear once', async () => {
    const { response, whole, calls } = await run(name, 'me', 'once');
    expect([errorsOf(response), response.body.data, calls]).toEqual([[], whole, 'GET GET']);
  });

  it.concurrent('me, fault always: reading stops with an error', async () => {
    const { response, calls } = await run(name, 'me', 'always');
    expect(errorsOf(response)).toEqual([`me.phones ${CODE}`]);
    expect([response.body.data, calls]).toEqual([{ me: { phones: null } }, repeated('GET', pages)]);
  });

  it.concurrent('users, fault once: the data is complete', async () => {
    const { response, whole, calls } = await run(name, 'users', 'once');
    expect([errorsOf(response), response.body.data, calls]).toEqual([[], whole, 'BATCH GET']);
  });

  it.concurrent('users, fault always: the people are returned', async () => {
    const { response, whole, calls } = await run(name, 'users', 'always');
    expect(errorsOf(response)).toEqual([`users.0.phones ${CODE}`, `users.1.phones ${CODE}`]);
    expect(people(response.body.data)).toEqual(people(whole).map((person) => ({ ...person, phones: null })));
    expect(calls).toBe(repeated('BATCH', pages));
  });
});

describe.each([
  ['items-without-id', 1],
  ['duplicate-ids', 0],
])('%s', (name, lost) => {
  it.concurrent.each(['once', 'always'] as const)(
    'me, fault %s: the other phones are returned',
    async (frequency) => {
      const { response, whole, calls } = await run(name, 'me', frequency);
      const { me } = whole as { me: Person };
      expect([errorsOf(response), calls]).toEqual([[], 'GET']);
      expect(response.body.data).toEqual({ me: { phones: me.phones?.slice(lost) } });
    },
  );

  it.concurrent.each(['once', 'always'] as const)(
    'users, fault %s: the other phones are returned',
    async (frequency) => {
      const { response, whole, calls } = await run(name, 'users', frequency);
      const left = people(whole).map(({ displayName, phones }, at) => {
        return { displayName, phones: frequency === 'always' || at === 0 ? phones?.slice(lost) : phones };
      });
      expect([errorsOf(response), calls]).toEqual([[], 'BATCH']);
      expect(people(response.body.data)).toEqual(left);
    },
  );
});

describe.each(IN_PAGES)('%s', (name) => {
  const whole = (calls: string) => ({ errors: [], calls });
  testReads(name, {
    me: { once: whole('GET GET'), always: whole('GET GET GET') },
    users: { once: whole('BATCH GET'), always: whole('BATCH GET GET') },
  });
});

describe.each(UNAFFECTED)('%s', (name) => {
  testReads(name, unaffected());
});

describe('next-link-of-another', () => {
  it.concurrent.each(['once', 'always'] as const)(
    "me, fault %s: the other person's page is not read",
    async (frequency) => {
      const { response, calls } = await run('next-link-of-another', 'me', frequency);
      expect(errorsOf(response)).toEqual([`me.phones ${CODE}`]);
      expect([response.body.data, calls]).toEqual([{ me: { phones: null } }, 'GET']);
    },
  );
});
