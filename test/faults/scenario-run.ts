// Runs one operation under one fault against a new gateway. Afterwards the gateway must serve requests, hold no
// unneeded connection, and have no unhandled rejection.
import { afterAll, beforeAll, expect } from 'vitest';
import { SCENARIOS, type Scenario } from '../../emulator/emulator.ts';
import { until } from '../support/emulator.ts';
import { type Answer, ask, tokenOf } from '../support/product.ts';
import { record } from '../support/record.ts';
import type { Expected } from './expectations.ts';
import {
  ADDED,
  CHANGED,
  callsOf,
  countedCalls,
  INNOCENTY,
  matchOf,
  type Name,
  peopleOf,
  QUERIES,
  type Read,
} from './operations.ts';
import { type FaultyProduct, startFaultyProduct } from './product.ts';

/** The request deadline in milliseconds: longer than two waits for any `Retry-After` in use. */
export const LONG_DEADLINE_MS = 6_000;
/** The request deadline for responses that never come. */
export const SHORT_DEADLINE_MS = 2_000;
/** Additional time for a busy machine. */
const SLACK_MS = 5_000;
/** The number of connections that the requests of one caller can keep open. */
const CONNECTIONS = 2;

const unhandled: unknown[] = [];
const note = (reason: unknown): void => void unhandled.push(reason);
beforeAll(() => void process.on('unhandledRejection', note));
afterAll(() => void process.off('unhandledRejection', note));

/** The unhandled rejections so far. */
export function unhandledIn(): readonly unknown[] {
  return unhandled;
}

export function scenarioNamed(name: string): Scenario {
  const scenario = SCENARIOS.find((known) => known.name === name);
  if (scenario === undefined) throw new Error(`unknown fault ${name}`);
  return scenario;
}

export interface ScenarioRun {
  readonly scenario: Scenario;
  readonly operation: Name;
  readonly frequency: 'once' | 'always';
  readonly deadlineMs: number;
}

export interface Outcome {
  readonly response: Answer;
  /** The data of the read without a fault. */
  readonly whole: unknown;
  readonly calls: string;
  /** The numbers of the caller's phones after the run. */
  readonly numbers: readonly (string | null)[];
  /** The number of phones before the run. */
  readonly before: number;
}

/**
 * Injects the fault, sends the operation, and checks what must hold after any fault. The caller checks the response.
 */
export async function runScenario({
  scenario,
  operation,
  frequency,
  deadlineMs,
}: ScenarioRun): Promise<Outcome> {
  await using product = await startFaultyProduct(deadlineMs);
  const { emulator } = product;
  const [me, whole] = [
    await plain(product, 'me'),
    await plain(product, isRead(operation) ? operation : 'users'),
  ];
  const variables = await variablesOf(product, operation);
  const before = emulator.phonesOf(INNOCENTY).length;
  emulator.clearCalls();
  const times = frequency === 'once' ? 1 : Number.POSITIVE_INFINITY;
  emulator.faults.add({ on: matchOf(scenario, operation), do: scenario.do, times });

  const start = performance.now();
  const response = await send(product, operation, variables);
  const ms = performance.now() - start;
  const calls = callsOf(emulator);
  const after = await stateAfter(product, me);

  expect(ms).toBeLessThan(deadlineMs + SLACK_MS);
  record('faults', {
    scenario: scenario.name,
    operation,
    frequency,
    response: summaryOf(response, whole),
    calls: countedCalls(calls),
    ms: Math.round(ms),
    after,
  });
  const numbers = emulator.phonesOf(INNOCENTY).map(({ number }) => number);
  return { response, whole, calls, numbers, before };
}

function send({ url, emulator }: FaultyProduct, operation: Name, variables: object): Promise<Answer> {
  return ask(url, tokenOf(emulator, 'innocenty'), QUERIES[operation], { ...variables });
}

async function variablesOf(product: FaultyProduct, operation: Name): Promise<object> {
  if (operation === 'users') return { ids: peopleOf(product.emulator) };
  if (operation !== 'directory') return {};
  const { body } = await send(product, operation, {});
  return { after: body.data.directory.pageInfo.endCursor };
}

async function plain(product: FaultyProduct, operation: Read | 'directory'): Promise<unknown> {
  const { body } = await send(product, operation, await variablesOf(product, operation));
  expect(body.errors).toBeUndefined();
  return body.data;
}

/**
 * After all pauses, the next request succeeds completely, with the effects of a write, and no connection or rejection
 * is left.
 */
async function stateAfter(product: FaultyProduct, whole: unknown): Promise<string> {
  const { emulator, adminUrl } = product;
  emulator.faults.clear();
  product.passDay();
  const now = (await plain(product, 'me')) as { me: { phones: unknown[] } };
  expect(now.me.phones).toHaveLength(emulator.phonesOf(INNOCENTY).length);
  if (!emulator.calls.some(({ method }) => /POST|PATCH|DELETE/.test(method))) expect(now).toEqual(whole);
  await until(async () => (await emulator.connections()) <= CONNECTIONS);
  expect((await fetch(`${adminUrl}/readyz`)).status).toBe(200);
  expect(unhandled).toEqual([]);
  return `serves, ready, ${await emulator.connections()} open`;
}

function isRead(operation: Name): operation is Read | 'directory' {
  return operation === 'me' || operation === 'users' || operation === 'directory';
}

/** Compares the response to a read with the expected one. */
export function expectRead({ response, whole, calls }: Outcome, expected: Expected): void {
  const { status, body } = response;
  expect([status, errorsOf(response)]).toEqual([200, expected.errors]);
  expect(body.data).toEqual(expected.data === undefined ? whole : expected.data);
  expect(calls).toBe(expected.calls);
  for (const { extensions } of body.errors ?? [])
    expectWait(extensions.retryAfterSeconds, expected.retryAfter);
}

export function expectWait(seconds: unknown, expected: Expected['retryAfter']): void {
  if (expected === undefined) return;
  if (expected === null) expect(seconds).toBeUndefined();
  else if (typeof expected === 'number') expect(seconds).toBe(expected);
  else {
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(2);
  }
}

export function errorsOf({ body }: Answer): string[] {
  const errors: { path?: unknown[]; extensions: { code: string } }[] = body.errors ?? [];
  return errors.map(({ path = [], extensions }) => `${path.join('.')} ${extensions.code}`.trim());
}

/** A summary for the report: each error code with its path, and the data that is left. */
export function summaryOf(response: Answer, whole: unknown): string {
  const { status, body } = response;
  const waits: number[] = (body.errors ?? []).flatMap(
    (error: { extensions: { retryAfterSeconds?: number } }) => error.extensions.retryAfterSeconds ?? [],
  );
  const [wait] = waits;
  return [
    `HTTP ${status}`,
    ...errorsOf(response).map((error) => error.replace(/(.*) (\w+)$/, '`$2` at `$1`')),
    ...(wait === undefined ? [] : [`retry after ${wait} s`]),
    keptIn(body.data, whole),
  ].join('; ');
}

// biome-ignore lint/suspicious/noExplicitAny: it reads responses of every shape
function keptIn(data: any, whole: any): string {
  if (data === undefined || data === null) return 'no data';
  const payload = data?.addPhone ?? data?.updatePhone ?? data?.deletePhone;
  if (payload !== undefined && payload !== null) {
    const codes: { code: string }[] = payload.userErrors;
    return codes.length === 0 ? 'done' : codes.map(({ code }) => `\`userErrors\`: \`${code}\``).join(', ');
  }
  if (JSON.stringify(data) === JSON.stringify(whole)) return 'all data';
  if (data?.directory) return `${data.directory.nodes.length} of ${whole.directory.nodes.length} people`;
  if (data?.users !== undefined) {
    const people: ({ phones: unknown[] | null } | null)[] = data.users;
    const known = people.filter((person) => person !== null);
    const lists = known.filter(({ phones }) => phones !== null);
    return `${known.length} of ${people.length} people, phones of ${lists.length}`;
  }
  if (data?.me?.phones) return `${data.me.phones.length} of ${whole.me.phones.length} phones`;
  return 'no data';
}

/** The changes to the caller's phones. */
export function changesIn({ numbers, before }: Outcome) {
  return {
    added: numbers.filter((number) => number === ADDED).length,
    changed: numbers.includes(CHANGED),
    deleted: numbers.length < before,
  };
}
