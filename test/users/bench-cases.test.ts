// Runs the benchmark's queries against the emulator and counts the upstream requests of each. A phone's global id must not
// cost a request.
import { afterAll, beforeEach, expect, it } from 'vitest';
import { createCases } from '../../bench/cases.ts';
import { seededRandom } from '../../bench/random.ts';
import { startTestProduct, upstream } from '../support/product.ts';

const product = await startTestProduct({ environment: { RATE_LIMIT: '0' } });
const { emulator, ask } = product;
afterAll(() => product.close());
beforeEach(() => emulator.clearCalls());

// Without users that have more phones than fit on a page.
const people = emulator.people.slice(20).map(({ id }) => ({ id, displayName: '', phones: [] }));
const [one, many, service] = createCases(people, seededRandom(1));
const questions = (bodies: readonly string[] = [], count = 1) =>
  bodies.slice(0, count).map((body) => JSON.parse(body) as { query: string; variables: { id?: string } });
const asked = () =>
  emulator.calls.flatMap(({ path, items }) => (items.length > 0 ? items.map(({ url }) => url) : [path]));
const PHONES = /^(\/beta)?\/users\/[0-9a-f-]{36}\/profile\/phones\?\$select=[A-Za-z,]+$/;

it('Q1: one user takes one request', async () => {
  const [{ query, variables } = { query: '', variables: {} }] = questions(one?.bodies);
  const { body } = await ask(query, variables, 'admin');
  expect(body.errors).toBeUndefined();
  expect(upstream(emulator)).toHaveLength(1);
  expect(asked()).toEqual([expect.stringMatching(PHONES)]);
});

it('Q2: a hundred users take five batches', async () => {
  const [{ query, variables } = { query: '', variables: {} }] = questions(many?.bodies);
  const { body } = await ask(query, variables, 'admin');
  expect(body.errors).toBeUndefined();
  expect(body.data.users).toHaveLength(100);
  expect(upstream(emulator)).toEqual(Array.from({ length: 5 }, () => 'BATCH 20'));
  expect(asked().filter((path) => !PHONES.test(path))).toEqual([]);
});

it('Q3: 64 clients with one token read the phones of 64 users and nothing else', async () => {
  const answers = questions(service?.bodies, 64).map(({ query, variables }) =>
    ask(query, variables, 'admin'),
  );
  for (const { body } of await Promise.all(answers)) expect(body.errors).toBeUndefined();
  expect(asked()).toHaveLength(64);
  expect(asked().filter((path) => !PHONES.test(path))).toEqual([]);
});
