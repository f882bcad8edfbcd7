// Whose phones they are, where the name is an odd one: a personal account, whose id is no GUID, and a principal name that
// begins with `$`.
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestProduct, upstream } from '../support/product.ts';

const PERSONAL = 'fde926f844473904';
const SERVICE = '$svc@contoso.com';
const INNOCENTY = 'db789417-4ccb-41d1-a0a9-47b01a09ea49';

const product = await startTestProduct();
const { emulator, ask } = product;
afterAll(() => product.close());
beforeEach(() => emulator.reset());

const ADD = `mutation ($input: AddPhoneInput!) {
  addPhone(input: $input) { phone { id } userErrors { code } }
}`;

describe('a personal account', () => {
  it('is me, with 16 hexadecimal digits for an id', async () => {
    const { body } = await ask('{ me { id userPrincipalName phones { number } } }', {}, 'personal');
    expect(body).toEqual({
      data: {
        me: {
          id: PERSONAL,
          userPrincipalName: 'amelie.laurent@outlook.com',
          phones: [{ number: '+33 1 99 00 12 34' }],
        },
      },
    });
  });

  it.each([PERSONAL, PERSONAL.toUpperCase()])('is a person by the id %s', async (id) => {
    const query = 'query ($id: ID!) { user(id: $id) { id displayName phones { number } } }';
    const { body } = await ask(query, { id }, 'admin');
    expect(body.errors).toBeUndefined();
    expect(body.data.user).toMatchObject({ id: PERSONAL, displayName: 'Amélie Laurent' });
  });

  it('adds one phone for one key, whatever the caller is called', async () => {
    const add = async (input: object) =>
      (await ask(ADD, { input: { number: '+33 1 99 00 12 35', idempotencyKey: 'k', ...input } }, 'personal'))
        .body.data.addPhone;
    const first = await add({});
    expect(first).toMatchObject({ phone: {}, userErrors: [] });
    for (const userId of [PERSONAL, PERSONAL.toUpperCase(), 'amelie.laurent@outlook.com'])
      expect(await add({ userId })).toEqual(first);
    expect(emulator.phonesOf(PERSONAL)).toHaveLength(2);
  });

  it('and is the same when its token has the digits as a GUID', async () => {
    await using signed = await startTestProduct({ environment: { AUTH_MODE: 'entra' } });
    const token = await signed.emulator.entra.userToken('personal');
    const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
    expect(claims.oid).toBe('00000000-0000-0000-fde9-26f844473904');
    const add = async (input: object) => {
      const variables = { input: { number: '+33 1 99 00 12 36', idempotencyKey: 'k', ...input } };
      const response = await signed.request('/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify({ query: ADD, variables }),
      });
      const { data } = (await response.json()) as { data: { addPhone: object } };
      return data.addPhone;
    };
    const first = await add({});
    expect(first).toMatchObject({ phone: {}, userErrors: [] });
    expect(await add({ userId: PERSONAL })).toEqual(first);
    expect(await add({ userId: claims.oid })).toEqual(first);
    expect(signed.emulator.phonesOf(PERSONAL)).toHaveLength(2);
  });

  it.each(['fde926f84447390', 'fde926f8444739045', 'fde926f84447390g', 'cid:fde926f844473904'])(
    '%s is nobody',
    async (id) => {
      const { body } = await ask('query ($id: ID!) { user(id: $id) { id } }', { id });
      expect(body.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
      expect(upstream(emulator)).toEqual([]);
    },
  );
});

describe('a principal name that begins with $', () => {
  it('stands in parentheses', async () => {
    const { body } = await ask(`{ user(id: "${SERVICE}") { displayName } }`);
    expect(body).toEqual({ data: { user: { displayName: 'Service account' } } });
    expect(emulator.calls.map(({ path }) => decodeURIComponent(path))).toEqual([
      `/beta/users('${SERVICE}')?$select=displayName,id`,
    ]);
  });

  it('also in a batch, and for what is changed', async () => {
    const query = 'query ($ids: [ID!]!) { users(ids: $ids) { userPrincipalName phones { id number } } }';
    const { body } = await ask(query, { ids: [SERVICE, INNOCENTY] }, 'admin');
    expect(body.errors).toBeUndefined();
    const { phones } = body.data.users[0];
    expect(body.data.users[0].userPrincipalName).toBe(SERVICE);
    expect(phones.length).toBeGreaterThan(0);
    const UPDATE = `mutation ($input: UpdatePhoneInput!) {
      updatePhone(input: $input) { phone { number } userErrors { code } }
    }`;
    const input = { id: `${SERVICE}/${phones[0].id.split('/')[1]}`, number: '+1 425 555 0177' };
    const changed = await ask(UPDATE, { input }, 'admin');
    expect(changed.body.data.updatePhone).toEqual({ phone: { number: '+1 425 555 0177' }, userErrors: [] });
  });
});
