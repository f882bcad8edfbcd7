// Lists that cannot be read: null with an error at their own path, and everybody else's stand. A next link is followed
// only where it leads on in the same list, and a list is given whole or not at all.
import { describe, expect, it } from 'vitest';
import { SCENARIO_GROUPS } from '../../emulator/emulator.ts';
import { repeated, unnoticed } from './expectations.ts';
import type { Read } from './operations.ts';
import { errorsOf, type Outcome, PATIENT, scenarioNamed, type Trial, tried } from './proof.ts';
import { proveReads } from './proving.ts';

const CODE = 'UPSTREAM_BAD_RESPONSE';

interface Person {
  readonly displayName: string;
  readonly phones: readonly { readonly id: string }[] | null;
}

function trial(name: string, operation: Read, struck: Trial['struck']): Promise<Outcome> {
  return tried({ scenario: scenarioNamed(name), operation, struck, deadlineMs: PATIENT });
}

function people(data: unknown): readonly Person[] {
  return (data as { users: Person[] }).users;
}

const LOST = ['next-link-foreign', 'next-link-userinfo', 'value-null', 'value-missing', 'value-object'];

/** How many pages are asked for when every page names another. */
const ENDLESS: readonly [string, number][] = [
  ['next-link-loop', 2],
  ['next-link-endless', 50],
];

/** Pages of one phone each, of the two people's three and one. */
const IN_PAGES = ['next-link-by-id', 'next-link-relative', 'next-link-capitals'];

const UNNOTICED = ['next-link-start', 'items-null', 'words-capitalised'];

describe('Troubles of lists', () => {
  it('are all proved', () => {
    const proved = [...LOST, ...ENDLESS.map(([name]) => name), ...IN_PAGES, ...UNNOTICED];
    const there = SCENARIO_GROUPS[2]?.scenarios.map(({ name }) => name);
    expect([...proved, 'next-link-of-another', 'items-without-id', 'duplicate-ids'].toSorted()).toEqual(
      there?.toSorted(),
    );
  });
});

describe.each(LOST)('%s', (name) => {
  it.concurrent.each(['once', 'always'] as const)('me, struck %s', async (struck) => {
    const { answer, calls } = await trial(name, 'me', struck);
    expect(errorsOf(answer)).toEqual([`me.phones ${CODE}`]);
    expect([answer.body.data, calls]).toEqual([{ me: { phones: null } }, 'GET']);
  });

  it.concurrent('users, struck once: the other list stands', async () => {
    const { answer, whole, calls } = await trial(name, 'users', 'once');
    const [first, second] = people(whole);
    expect(errorsOf(answer)).toEqual([`users.0.phones ${CODE}`]);
    expect(people(answer.body.data)).toEqual([{ ...first, phones: null }, second]);
    expect(calls).toBe('BATCH');
  });

  it.concurrent('users, struck always: the people stand', async () => {
    const { answer, whole, calls } = await trial(name, 'users', 'always');
    expect(errorsOf(answer)).toEqual([`users.0.phones ${CODE}`, `users.1.phones ${CODE}`]);
    expect(people(answer.body.data)).toEqual(people(whole).map((person) => ({ ...person, phones: null })));
    expect(calls).toBe('BATCH');
  });
});

describe.each(ENDLESS)('%s', (name, pages) => {
  it.concurrent('me, struck once: the second page is the last, and what it repeats is there once', async () => {
    const { answer, whole, calls } = await trial(name, 'me', 'once');
    expect([errorsOf(answer), answer.body.data, calls]).toEqual([[], whole, 'GET GET']);
  });

  it.concurrent('me, struck always: there is an end to it', async () => {
    const { answer, calls } = await trial(name, 'me', 'always');
    expect(errorsOf(answer)).toEqual([`me.phones ${CODE}`]);
    expect([answer.body.data, calls]).toEqual([{ me: { phones: null } }, repeated('GET', pages)]);
  });

  it.concurrent('users, struck once: nothing is lost', async () => {
    const { answer, whole, calls } = await trial(name, 'users', 'once');
    expect([errorsOf(answer), answer.body.data, calls]).toEqual([[], whole, 'BATCH GET']);
  });

  it.concurrent('users, struck always: the people stand', async () => {
    const { answer, whole, calls } = await trial(name, 'users', 'always');
    expect(errorsOf(answer)).toEqual([`users.0.phones ${CODE}`, `users.1.phones ${CODE}`]);
    expect(people(answer.body.data)).toEqual(people(whole).map((person) => ({ ...person, phones: null })));
    expect(calls).toBe(repeated('BATCH', pages));
  });
});

describe.each([
  ['items-without-id', 1],
  ['duplicate-ids', 0],
])('%s', (name, lost) => {
  it.concurrent.each(['once', 'always'] as const)('me, struck %s: the others stand', async (struck) => {
    const { answer, whole, calls } = await trial(name, 'me', struck);
    const { me } = whole as { me: Person };
    expect([errorsOf(answer), calls]).toEqual([[], 'GET']);
    expect(answer.body.data).toEqual({ me: { phones: me.phones?.slice(lost) } });
  });

  it.concurrent.each(['once', 'always'] as const)('users, struck %s: the others stand', async (struck) => {
    const { answer, whole, calls } = await trial(name, 'users', struck);
    const left = people(whole).map(({ displayName, phones }, at) => {
      return { displayName, phones: struck === 'always' || at === 0 ? phones?.slice(lost) : phones };
    });
    expect([errorsOf(answer), calls]).toEqual([[], 'BATCH']);
    expect(people(answer.body.data)).toEqual(left);
  });
});

describe.each(IN_PAGES)('%s', (name) => {
  const whole = (calls: string) => ({ errors: [], calls });
  proveReads(name, {
    me: { once: whole('GET GET'), always: whole('GET GET GET') },
    users: { once: whole('BATCH GET'), always: whole('BATCH GET GET') },
  });
});

describe.each(UNNOTICED)('%s', (name) => {
  proveReads(name, unnoticed());
});

describe('next-link-of-another', () => {
  it.concurrent.each(['once', 'always'] as const)(
    'me, struck %s: no page of theirs is read',
    async (struck) => {
      const { answer, calls } = await trial('next-link-of-another', 'me', struck);
      expect(errorsOf(answer)).toEqual([`me.phones ${CODE}`]);
      expect([answer.body.data, calls]).toEqual([{ me: { phones: null } }, 'GET']);
    },
  );
});
