// Entra ID in trouble: nothing is asked of Microsoft Graph, a change is told as not made, and once Entra ID is well again
// so is the gateway. Keys that were had once serve on.
import { describe, expect, it } from 'vitest';
import { SCENARIO_GROUPS } from '../../emulator/emulator.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { until } from '../support/emulator.ts';
import { type Answer, ask, startTestProduct, type TestProduct } from '../support/product.ts';
import { record } from '../support/record.ts';
import { ADDED, INNOCENTY, QUERIES } from './operations.ts';
import { errorsOf, HURRIED, inShort, PATIENT, scenarioNamed, unhandledIn } from './proof.ts';

type Operation = 'me' | 'addPhone';

interface Trial {
  readonly name: string;
  readonly operation: Operation;
  readonly deadlineMs?: number;
  /** Whether the gateway has got its keys before. */
  readonly isWarm?: boolean;
}

interface Entra extends AsyncDisposable {
  readonly product: TestProduct;
  /** As the same person with a new token; the last token where it is said so. */
  ask(operation: Operation, token?: string): Promise<Answer>;
  token(): Promise<string>;
  /** Moves time on by a day, for all. */
  passDay(): void;
}

const DAY_MS = 86_400_000;
/** For keys, for tokens, and for Microsoft Graph: each is asked by means of its own. */
const CONNECTIONS = 4;

async function startEntra(deadlineMs: number): Promise<Entra> {
  let passed = 0;
  const clock = {
    ...systemClock,
    now: () => systemClock.now() + passed,
    elapsed: () => systemClock.elapsed() + passed,
  };
  const environment = { AUTH_MODE: 'entra', REQUEST_DEADLINE_MS: String(deadlineMs) };
  const product = await startTestProduct({ environment, outside: { clock } });
  const token = () => product.emulator.entra.userToken('innocenty');
  return {
    product,
    token,
    ask: async (operation, given) => ask(product.url, given ?? (await token()), QUERIES[operation]),
    passDay() {
      passed += DAY_MS;
    },
    [Symbol.asyncDispose]: () => product.close(),
  };
}

/** Strikes for as long as one operation takes, then looks whether a day later all is well. */
async function tried({ name, operation, deadlineMs = PATIENT, isWarm = false }: Trial) {
  await using entra = await startEntra(deadlineMs);
  const { emulator, adminUrl } = entra.product;
  if (isWarm) {
    expect((await entra.ask('me')).status).toBe(200);
    entra.passDay();
  }
  const token = await entra.token();
  emulator.clearCalls();
  const { on, do: action } = scenarioNamed(name);
  emulator.faults.add({ on, do: action, times: Number.POSITIVE_INFINITY });

  const start = performance.now();
  const answer = await entra.ask(operation, token);
  const ms = Math.round(performance.now() - start);
  const calls = emulator.calls.map(({ method, path }) => `${method} ${path.split('/').at(-1)}`).join(', ');
  const numbers = emulator.phonesOf(INNOCENTY).map(({ number }) => number);

  emulator.faults.clear();
  entra.passDay();
  const after = await entra.ask('me');
  expect([after.status, after.body.errors]).toEqual([200, undefined]);
  expect(after.body.data.me.phones).toHaveLength(numbers.length);
  await until(async () => (await emulator.connections()) <= CONNECTIONS);
  expect((await fetch(`${adminUrl}/readyz`)).status).toBe(200);
  expect(unhandledIn()).toEqual([]);
  expect(ms).toBeLessThan(deadlineMs + PATIENT);
  record('faults', {
    scenario: name,
    operation: isWarm ? `${operation}, keys known` : operation,
    struck: 'always',
    saw: inShort(answer, after.body.data),
    calls,
    ms,
    after: `serves, ready, ${await emulator.connections()} open`,
  });
  return { answer, calls, added: numbers.filter((number) => number === ADDED).length };
}

const PATHS = { me: 'me.phones', addPhone: 'addPhone' } as const;
const TOKENS: readonly [string, string, number | undefined][] = [
  ['token-500', 'UPSTREAM_UNAVAILABLE', undefined],
  ['token-unavailable', 'UPSTREAM_UNAVAILABLE', undefined],
  ['token-throttled', 'THROTTLED', 7],
  ['token-hang', 'TIMEOUT', undefined],
  ['token-html', 'UPSTREAM_UNAVAILABLE', undefined],
];

describe('Troubles of Entra ID', () => {
  it('are all proved', () => {
    const proved = [...TOKENS.map(([name]) => name), 'keys-down', 'keys-rotated'];
    expect(proved).toEqual(SCENARIO_GROUPS[5]?.scenarios.map(({ name }) => name));
  });
});

describe.each(TOKENS)('%s', (name, code, wait) => {
  it.concurrent.each(['me', 'addPhone'] as const)(
    '%s: told at its path, and nothing is sent',
    async (operation) => {
      const deadlineMs = name === 'token-hang' ? HURRIED : PATIENT;
      const { answer, calls, added } = await tried({ name, operation, deadlineMs });
      expect([answer.status, errorsOf(answer)]).toEqual([200, [`${PATHS[operation]} ${code}`]]);
      expect(answer.body.errors[0].extensions).toMatchObject({ retryable: true });
      expect(answer.body.errors[0].extensions.retryAfterSeconds).toBe(wait);
      expect([calls, added]).toEqual(['GET keys, POST token', 0]);
    },
  );
});

describe('keys-down', () => {
  it.concurrent.each(['me', 'addPhone'] as const)(
    '%s: nobody can be known, so nobody is let in',
    async (operation) => {
      const { answer, calls, added } = await tried({ name: 'keys-down', operation });
      expect([answer.status, errorsOf(answer)]).toEqual([503, ['UPSTREAM_UNAVAILABLE']]);
      expect([calls, added]).toEqual(['GET keys', 0]);
    },
  );

  it.concurrent('me, with the keys of yesterday: they serve on', async () => {
    const { answer, calls } = await tried({ name: 'keys-down', operation: 'me', isWarm: true });
    expect([answer.status, errorsOf(answer)]).toEqual([200, []]);
    expect(calls.split(', ').toSorted()).toEqual(['GET keys', 'GET phones?$select=id,number', 'POST token']);
  });
});

describe('keys-rotated', () => {
  it.concurrent.each(['me', 'addPhone'] as const)(
    '%s: a token of an old key is none, one of the new key is',
    async (operation) => {
      const { answer, calls, added } = await tried({ name: 'keys-rotated', operation });
      expect([answer.status, errorsOf(answer)]).toEqual([401, ['UNAUTHENTICATED']]);
      expect([calls, added]).toEqual(['GET keys', 0]);
    },
  );
});
