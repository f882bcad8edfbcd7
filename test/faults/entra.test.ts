// Faults of Entra ID. Nothing is sent to Microsoft Graph, and no write is executed. The gateway recovers together with
// Entra ID. Known keys stay in use while new ones cannot be fetched.
import { describe, expect, it } from 'vitest';
import { SCENARIO_GROUPS } from '../../emulator/emulator.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { until } from '../support/emulator.ts';
import { type Answer, ask, startTestProduct, type TestProduct } from '../support/product.ts';
import { record } from '../support/record.ts';
import { ADDED, INNOCENTY, QUERIES } from './operations.ts';
import {
  errorsOf,
  LONG_DEADLINE_MS,
  SHORT_DEADLINE_MS,
  scenarioNamed,
  summaryOf,
  unhandledIn,
} from './scenario-run.ts';

type Operation = 'me' | 'addPhone';

interface ScenarioRun {
  readonly name: string;
  readonly operation: Operation;
  readonly deadlineMs?: number;
  /** Whether the gateway has fetched its keys before. */
  readonly isWarm?: boolean;
}

interface Entra extends AsyncDisposable {
  readonly product: TestProduct;
  /** Runs the operation as the same person, with a new token unless one is given. */
  ask(operation: Operation, token?: string): Promise<Answer>;
  token(): Promise<string>;
  /** Advances the clock of all parts by a day. */
  passDay(): void;
}

const DAY_MS = 86_400_000;
/** The keys, the token endpoint and Microsoft Graph are each called over connections of their own. */
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

/** Injects the fault during one operation, then checks that the gateway works a day later. */
async function runScenario({ name, operation, deadlineMs = LONG_DEADLINE_MS, isWarm = false }: ScenarioRun) {
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
  const response = await entra.ask(operation, token);
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
  expect(ms).toBeLessThan(deadlineMs + LONG_DEADLINE_MS);
  record('faults', {
    scenario: name,
    operation: isWarm ? `${operation}, keys known` : operation,
    frequency: 'always',
    response: summaryOf(response, after.body.data),
    calls,
    ms,
    after: `serves, ready, ${await emulator.connections()} open`,
  });
  return { response, calls, added: numbers.filter((number) => number === ADDED).length };
}

const PATHS = { me: 'me.phones', addPhone: 'addPhone' } as const;
const TOKENS: readonly [string, string, number | undefined][] = [
  ['token-500', 'UPSTREAM_UNAVAILABLE', undefined],
  ['token-unavailable', 'UPSTREAM_UNAVAILABLE', undefined],
  ['token-throttled', 'THROTTLED', 7],
  ['token-hang', 'TIMEOUT', undefined],
  ['token-html', 'UPSTREAM_UNAVAILABLE', undefined],
];

describe('faults of Entra ID', () => {
  it('are all tested', () => {
    const tested = [...TOKENS.map(([name]) => name), 'keys-down', 'keys-rotated'];
    expect(tested).toEqual(SCENARIO_GROUPS[5]?.scenarios.map(({ name }) => name));
  });
});

describe.each(TOKENS)('%s', (name, code, wait) => {
  it.concurrent.each(['me', 'addPhone'] as const)(
    '%s: fails at its path, and nothing is sent',
    async (operation) => {
      const deadlineMs = name === 'token-hang' ? SHORT_DEADLINE_MS : LONG_DEADLINE_MS;
      const { response, calls, added } = await runScenario({ name, operation, deadlineMs });
      expect([response.status, errorsOf(response)]).toEqual([200, [`${PATHS[operation]} ${code}`]]);
      expect(response.body.errors[0].extensions).toMatchObject({ retryable: true });
      expect(response.body.errors[0].extensions.retryAfterSeconds).toBe(wait);
      expect([calls, added]).toEqual(['GET keys, POST token', 0]);
    },
  );
});

describe('keys-down', () => {
  it.concurrent.each(['me', 'addPhone'] as const)(
    '%s: no token can be validated, so every request is rejected',
    async (operation) => {
      const { response, calls, added } = await runScenario({ name: 'keys-down', operation });
      expect([response.status, errorsOf(response)]).toEqual([503, ['UPSTREAM_UNAVAILABLE']]);
      expect([calls, added]).toEqual(['GET keys', 0]);
    },
  );

  it.concurrent('me, with known keys: they stay in use', async () => {
    const { response, calls } = await runScenario({ name: 'keys-down', operation: 'me', isWarm: true });
    expect([response.status, errorsOf(response)]).toEqual([200, []]);
    expect(calls.split(', ').toSorted()).toEqual(['GET keys', 'GET phones?$select=id,number', 'POST token']);
  });
});

describe('keys-rotated', () => {
  it.concurrent.each(['me', 'addPhone'] as const)(
    '%s: a token of a withdrawn key is rejected',
    async (operation) => {
      const { response, calls, added } = await runScenario({ name: 'keys-rotated', operation });
      expect([response.status, errorsOf(response)]).toEqual([401, ['UNAUTHENTICATED']]);
      expect([calls, added]).toEqual(['GET keys', 0]);
    },
  );
});
