// Reads as many users as one query may name, with a realistic latency of each request to Microsoft Graph. All reads end
// within the deadline, in batches, with as many in parallel as one caller may have.
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/runtime/random.ts';
import { ask, tokenOf } from '../support/product.ts';
import { nextTurn, PLAIN, startReplicas } from '../support/replicas.ts';

const LATENCY_MS = 600;
const AT_ONCE = 16;

const system = await startReplicas({
  count: 1,
  pace: 1,
  environment: { RATE_LIMIT: '0' },
  emulator: {
    people: 1_200,
    latency: { leastMs: LATENCY_MS, mostMs: LATENCY_MS, random: seededRandom(1) },
  },
});
afterAll(() => system[Symbol.asyncDispose]());
beforeEach(() => system.emulator.clearCalls());

const { emulator, replicas } = system;

/** Sends a query. Returns the response and the most upstream requests in flight at a time. */
async function read(query: string, variables: Record<string, unknown> = {}) {
  let most = 0;
  let isOver = false;
  const asked = ask(replicas[0]?.url ?? '', tokenOf(emulator, 'admin'), query, variables, PLAIN).finally(
    () => {
      isOver = true;
    },
  );
  while (!isOver) {
    most = Math.max(most, emulator.calls.filter(({ status }) => status === 0).length);
    await nextTurn();
  }
  const { body } = await asked;
  return { data: body.data, errors: body.errors, most, requests: emulator.calls.length };
}

describe(`at ${LATENCY_MS} ms a request`, () => {
  it('a thousand users with their names and phones are read', async () => {
    const ids = emulator.people.slice(100, 1_100).map(({ id }) => id);
    const query = 'query ($ids: [ID!]!) { users(ids: $ids) { displayName phones { number } } }';
    const { data, errors, most, requests } = await read(query, { ids });
    expect(errors).toBeUndefined();
    expect(data.users).toHaveLength(1_000);
    // Two reads for each user, twenty in a batch: seven rounds.
    expect([requests, most]).toEqual([100, AT_ONCE]);
  });

  it('a page of the directory with 999 users and their phones is read', async () => {
    const query =
      '{ directory(first: 999) { nodes { displayName phones { number } } pageInfo { hasNextPage } } }';
    const { data, errors, most, requests } = await read(query);
    expect(errors).toBeUndefined();
    expect(data.directory.nodes).toHaveLength(999);
    // The page, the lists in batches, and the second pages of long lists.
    expect(requests).toBeLessThanOrEqual(1 + 50 + 5);
    expect(most).toBe(AT_ONCE);
  });

  it('the directory is read page by page', async () => {
    const query = `query ($after: String) { directory(first: 400, after: $after) {
      nodes { id } pageInfo { hasNextPage endCursor }
    } }`;
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const { data, errors } = await read(query, { after });
      expect(errors).toBeUndefined();
      seen.push(...data.directory.nodes.map(({ id }: { id: string }) => id));
      after = data.directory.pageInfo.hasNextPage ? data.directory.pageInfo.endCursor : null;
    } while (after !== null);
    expect(seen).toEqual(emulator.people.map(({ id }) => id));
    expect(emulator.calls).toHaveLength(3);
  });
});
