// Ids that could move a request to another place, wherever the schema takes an id: refused as what they are, and sent
// nowhere.
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { HOSTILE_IDS } from '../support/hostile-ids.ts';
import { startTestProduct, upstream } from '../support/product.ts';
import { recordAttempt } from '../support/record.ts';

const product = await startTestProduct({ environment: { RATE_LIMIT: '0' } });
afterAll(() => product.close());
beforeEach(() => product.emulator.clearCalls());

/** Where an id is taken, and of what: `me` may be Graph's id of a phone, alone or after a slash. */
const PLACES: readonly (readonly [string, string, 'person' | 'phone' | 'ofPhone' | 'ofOwner'])[] = [
  ['user', 'query ($id: ID!) { user(id: $id) { displayName } }', 'person'],
  ['users', 'query ($id: ID!) { users(ids: [$id]) { displayName phones { id } } }', 'person'],
  ['User.phone', 'query ($id: ID!) { me { phone(id: $id) { number } } }', 'phone'],
  [
    'addPhone, userId',
    'mutation ($id: ID!) { addPhone(input: {userId: $id, number: "1"}) { userErrors { code field } } }',
    'person',
  ],
  [
    'updatePhone, id',
    'mutation ($id: ID!) { updatePhone(input: {id: $id, number: "1"}) { userErrors { code field } } }',
    'phone',
  ],
  [
    'deletePhone, id',
    'mutation ($id: ID!) { deletePhone(input: {id: $id}) { userErrors { code field } } }',
    'phone',
  ],
  [
    'deletePhone, before the slash',
    'mutation ($id: ID!) { deletePhone(input: {id: $id}) { userErrors { code field } } }',
    'ofOwner',
  ],
  [
    'deletePhone, after the slash',
    'mutation ($id: ID!) { deletePhone(input: {id: $id}) { userErrors { code field } } }',
    'ofPhone',
  ],
  ['node', 'query ($id: ID!) { node(id: $id) { id } }', 'phone'],
  ['node, before the slash', 'query ($id: ID!) { node(id: $id) { id } }', 'ofOwner'],
  ['node, after the slash', 'query ($id: ID!) { node(id: $id) { id } }', 'ofPhone'],
];

function placed(id: string, of: (typeof PLACES)[number][2]): string {
  if (of === 'ofOwner') return `${id}/x`;
  return of === 'ofPhone' ? `db789417-4ccb-41d1-a0a9-47b01a09ea49/${id}` : id;
}

describe.each(PLACES)('%s', (place, query, of) => {
  it.each(HOSTILE_IDS.filter((id) => (of !== 'phone' && of !== 'ofPhone') || id !== 'me'))(
    '%j',
    async (id) => {
      const start = performance.now();
      const { status, body } = await product.ask(query, { id: placed(id, of) });
      const codes = codesIn(body);
      recordAttempt({
        kind: 'Ids that could move a request',
        what: `${place}: \`${shown(id)}\``,
        start,
        status,
        codes,
        calls: product.emulator.calls.length,
      });
      expect(status).toBe(200);
      expect(codes).toEqual([query.startsWith('mutation') ? 'INVALID_INPUT' : 'BAD_USER_INPUT']);
      // Whether there is such a person as the caller is asked beside the phone, and by itself.
      expect(upstream(product.emulator)).toEqual(place === 'User.phone' ? ['GET /me?$select=id'] : []);
    },
  );
});

// biome-ignore lint/suspicious/noExplicitAny: answers of every shape
function codesIn({ data, errors = [] }: any): string[] {
  const [payload] = Object.values(data ?? {}) as ({ userErrors?: { code: string }[] } | null)[];
  const told: { extensions: { code: string } }[] = errors;
  return [
    ...told.map(({ extensions }) => extensions.code),
    ...(payload?.userErrors ?? []).map(({ code }) => code),
  ];
}

/** What does not show, and what goes on and on, in short. */
function shown(id: string): string {
  return JSON.stringify(id.length > 60 ? `${id.slice(0, 20)}… (${id.length})` : id);
}
