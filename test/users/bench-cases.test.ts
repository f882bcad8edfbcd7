// What the benchmark asks, asked of the gateway before the emulator: how many requests each case takes, and for what. A
// phone's global id must cost none.
import { afterAll, beforeEach, expect, it } from 'vitest';
import { createCases } from '../../bench/cases.ts';
import { seededRandom } from '../../bench/random.ts';
import { startTestProduct, upstream } from '../support/product.ts';

const product = await startTestProduct({ environment: { RATE_LIMIT: '0' } });
const { emulator, ask } = product;
afterAll(() => product.close());
beforeEach(() => emulator.clearCalls());

// Without those who have more phones than a page holds.
const people = emulator.people.slice(20).map(({ id }) => ({ id, displayName: '', phones: [] }));
const [one, many, service] = createCases(people, seededRandom(1));
const questions = (bodies: readonly string[] = [], count = 1) =>
  bodies.slice(0, count).map((body) => JSON.parse(body) as { query: string; variables: { id?: string } });
const asked = () =>
  emulator.calls.flatMap(({ path, items }) => (items.length > 0 ? items.map(({ url }) => url) : [path]));
const PHONES = /^(\/beta)?\/users\/[0-9a-f-]{36}\/profile\/phones\?\$select=[A-Za-z,]+$/;

it('Q1: one person is one request', async () => {
  const [{ query, variables } = { query: '', variables: {} }] = questions(one?.bodies);
  const { body } = await ask(query, variables, 'admin');
  expect(body.errors).toBeUndefined();
  expect(upstream(emulator)).toHaveLength(1);
  expect(asked()).toEqual([expect.stringMatching(PHONES)]);
});

it('Q2: a hundred people are five batches', async () => {
  const [{ query, variables } = { query: '', variables: {} }] = questions(many?.bodies);
  const { body } = await ask(query, variables, 'admin');
  expect(body.errors).toBeUndefined();
  expect(body.data.users).toHaveLength(100);
  expect(upstream(emulator)).toEqual(Array.from({ length: 5 }, () => 'BATCH 20'));
  expect(asked().filter((path) => !PHONES.test(path))).toEqual([]);
});

it('Q3: 64 clients of one token ask for 64 people’s phones, and for nothing else', async () => {
  const answers = questions(service?.bodies, 64).map(({ query, variables }) =>
    ask(query, variables, 'admin'),
  );
  for (const { body } of await Promise.all(answers)) expect(body.errors).toBeUndefined();
  expect(asked()).toHaveLength(64);
  expect(asked().filter((path) => !PHONES.test(path))).toEqual([]);
});
