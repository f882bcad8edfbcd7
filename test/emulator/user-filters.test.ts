import { afterAll, describe, expect, it } from 'vitest';
import { seededRandom } from '../../emulator/runtime/random.ts';
import { ask, startTestEmulator } from '../support/emulator.ts';
import { randomFilter, type User } from './user-filters.ts';

const emulator = await startTestEmulator();
afterAll(() => emulator.close());

const FILTERS = 200;

async function list(options: Record<string, string>, headers = {}) {
  const path = `/beta/users?${new URLSearchParams({ $top: '999', ...options })}`;
  const { status, body } = await ask(emulator, 'GET', path, { headers });
  return { status, body };
}

const users: readonly User[] = (await list({})).body.value;

describe.each([1, 2, 3])('random filters, seed %i', (seed) => {
  it.each([
    [true, { ConsistencyLevel: 'eventual' }, { $count: 'true' }],
    [false, {}, {}],
  ] as const)('find the users that OData defines, advanced: %s', async (isAdvanced, headers, options) => {
    const random = seededRandom(seed);
    const sizes = new Set<string>();
    for (let at = 0; at < FILTERS; at += 1) {
      const filter = randomFilter({ random, users, isAdvanced }, 3);
      const { status, body } = await list({ $filter: filter.text, ...options }, headers);
      const expected = users.filter((user) => filter.truth(user) === 1).map(({ id }) => id);
      const found = body.value?.map(({ id }: User) => id);
      expect([filter.text, status, found]).toEqual([filter.text, 200, expected]);
      if (isAdvanced) expect(body['@odata.count']).toBe(expected.length);
      sizes.add(expected.length === 0 ? 'nobody' : expected.length === users.length ? 'all' : 'some');
    }
    // Filters that find no users would prove little.
    expect(sizes).toContain('some');
  });
});
