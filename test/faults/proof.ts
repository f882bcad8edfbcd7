// One fault and one operation: a gateway is started, the fault is injected, the operation asked, and afterwards the same
// process has to serve, hold no connection that it does not need, and have let no rejection go unseen.
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
  counted,
  INNOCENTY,
  type Name,
  peopleOf,
  placeOf,
  QUERIES,
  type Read,
} from './operations.ts';
import { type FaultyProduct, startFaultyProduct } from './product.ts';

/** Milliseconds for one request: longer than any `Retry-After` that is to be waited for, twice. */
export const PATIENT = 6_000;
/** For what never comes. */
export const HURRIED = 2_000;
/** What a machine that is busy with other things may add. */
const SLACK_MS = 5_000;
/** Connections that one caller's requests can need at a time, and so may be kept open. */
const CONNECTIONS = 2;

const unhandled: unknown[] = [];
const note = (reason: unknown): void => void unhandled.push(reason);
beforeAll(() => void process.on('unhandledRejection', note));
afterAll(() => void process.off('unhandledRejection', note));

/** Rejections that nobody handled so far. */
export function unhandledIn(): readonly unknown[] {
  return unhandled;
}

export function scenarioNamed(name: string): Scenario {
  const scenario = SCENARIOS.find((known) => known.name === name);
  if (scenario === undefined) throw new Error(`there is no fault named ${name}`);
  return scenario;
}

export interface Trial {
  readonly scenario: Scenario;
  readonly operation: Name;
  readonly struck: 'once' | 'always';
  readonly deadlineMs: number;
}

export interface Outcome {
  readonly answer: Answer;
  /** What a read answers when nothing is wrong. */
  readonly whole: unknown;
  readonly calls: string;
  /** The numbers of the caller's phones, some time after. */
  readonly numbers: readonly (string | null)[];
  /** How many there were before. */
  readonly before: number;
}

/** Injects, asks, and checks what has to hold after any fault; what the answer should be is for the caller to check. */
export async function tried({ scenario, operation, struck, deadlineMs }: Trial): Promise<Outcome> {
  await using product = await startFaultyProduct(deadlineMs);
  const { emulator } = product;
  const [me, whole] = [
    await plain(product, 'me'),
    await plain(product, isRead(operation) ? operation : 'users'),
  ];
  const variables = await variablesOf(product, operation);
  const before = emulator.phonesOf(INNOCENTY).length;
  emulator.clearCalls();
  const times = struck === 'once' ? 1 : Number.POSITIVE_INFINITY;
  emulator.faults.add({ on: placeOf(scenario, operation), do: scenario.do, times });

  const start = performance.now();
  const answer = await asked(product, operation, variables);
  const ms = performance.now() - start;
  const calls = callsOf(emulator);
  const after = await stateAfter(product, me);

  expect(ms).toBeLessThan(deadlineMs + SLACK_MS);
  record('faults', {
    scenario: scenario.name,
    operation,
    struck,
    saw: inShort(answer, whole),
    calls: counted(calls),
    ms: Math.round(ms),
    after,
  });
  const numbers = emulator.phonesOf(INNOCENTY).map(({ number }) => number);
  return { answer, whole, calls, numbers, before };
}

function asked({ url, emulator }: FaultyProduct, operation: Name, variables: object): Promise<Answer> {
  return ask(url, tokenOf(emulator, 'innocenty'), QUERIES[operation], { ...variables });
}

async function variablesOf(product: FaultyProduct, operation: Name): Promise<object> {
  if (operation === 'users') return { ids: peopleOf(product.emulator) };
  if (operation !== 'directory') return {};
  const { body } = await asked(product, operation, {});
  return { after: body.data.directory.pageInfo.endCursor };
}

async function plain(product: FaultyProduct, operation: Read | 'directory'): Promise<unknown> {
  const { body } = await asked(product, operation, await variablesOf(product, operation));
  expect(body.errors).toBeUndefined();
  return body.data;
}

/** When what Graph has asked for is over, the next request is served in full, but for what a write has changed, and nothing is left behind. */
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

/** Checks a read against what is right. */
export function expectRead({ answer, whole, calls }: Outcome, expected: Expected): void {
  const { status, body } = answer;
  expect([status, errorsOf(answer)]).toEqual([200, expected.errors]);
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

/** For the page: every code with its path, and what is left. */
export function inShort(answer: Answer, whole: unknown): string {
  const { status, body } = answer;
  const waits: number[] = (body.errors ?? []).flatMap(
    (error: { extensions: { retryAfterSeconds?: number } }) => error.extensions.retryAfterSeconds ?? [],
  );
  const [wait] = waits;
  return [
    `HTTP ${status}`,
    ...errorsOf(answer).map((error) => error.replace(/(.*) (\w+)$/, '`$2` at `$1`')),
    ...(wait === undefined ? [] : [`come back in ${wait} s`]),
    keptIn(body.data, whole),
  ].join('; ');
}

// biome-ignore lint/suspicious/noExplicitAny: it looks into answers of every shape
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

/** What the caller's phones are, one way or the other. */
export function changesIn({ numbers, before }: Outcome) {
  return {
    added: numbers.filter((number) => number === ADDED).length,
    changed: numbers.includes(CHANGED),
    deleted: numbers.length < before,
  };
}
