// The directory's fields of a user, in every query that reads a user, with the values that Graph may return.
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { FIXTURES } from '../../emulator/emulator.ts';
import { startTestProduct, upstream } from '../support/product.ts';

const product = await startTestProduct();
const { emulator, ask } = product;
afterAll(() => product.close());
beforeEach(() => emulator.reset());

const INNOCENTY = 'db789417-4ccb-41d1-a0a9-47b01a09ea49';
const FIELDS = 'jobTitle department officeLocation userType accountEnabled businessPhones mobilePhone';
const SELECT =
  '$select=accountEnabled,businessPhones,department,id,jobTitle,mobilePhone,officeLocation,userType';
const EXPECTED = {
  jobTitle: 'Sales Manager',
  department: 'Sales',
  officeLocation: '20/1101',
  userType: 'Member',
  accountEnabled: true,
  businessPhones: ['+1 425 555 0101'],
  mobilePhone: '+1 425 555 0102',
};

describe('the directory’s fields of a user', () => {
  it.each([
    ['me', `{ p: me { ${FIELDS} } }`, `GET /me?${SELECT}`],
    ['user', `{ p: user(id: "${INNOCENTY}") { ${FIELDS} } }`, `GET /users/${INNOCENTY}?${SELECT}`],
    [
      'user by name',
      `{ p: user(id: "${FIXTURES.innocenty}") { ${FIELDS} } }`,
      `GET /users/${FIXTURES.innocenty}?${SELECT}`,
    ],
  ])('of %s are selected, and read in one request', async (_name, query, request) => {
    const { body } = await ask(query);
    expect(body).toEqual({ data: { p: EXPECTED } });
    expect(upstream(emulator).map(decodeURIComponent)).toEqual([request]);
  });

  it('are also read for many users and for the directory', async () => {
    const many = await ask(
      `{ users(ids: ["${INNOCENTY}", "${FIXTURES.admin}"]) { ${FIELDS} phones { id } } }`,
    );
    expect(many.body.data.users[0]).toMatchObject(EXPECTED);
    expect(many.body.data.users[1]).toMatchObject({ department: 'IT', businessPhones: ['+1 425 555 0103'] });
    const [call] = emulator.calls;
    expect(call?.items.map(({ url }) => url).filter((url) => !url.includes('/phones'))).toEqual([
      `/users/${INNOCENTY}?${SELECT}`,
      `/users/${FIXTURES.admin}?${SELECT}`.replace('@', '%40'),
    ]);
    emulator.clearCalls();
    const page = await ask(`{ directory(first: 1) { nodes { ${FIELDS} } } }`);
    expect(page.body.data.directory.nodes).toEqual([EXPECTED]);
    expect(upstream(emulator)).toEqual([`GET /users?${SELECT}&$top=1`]);
  });

  it('are requested only when selected', async () => {
    await ask('{ me { displayName mobilePhone } }');
    expect(upstream(emulator)).toEqual(['GET /me?$select=displayName,id,mobilePhone']);
  });

  it('are null for a personal account, which has no directory', async () => {
    const { body } = await ask(`{ me { id ${FIELDS} } }`, {}, 'personal');
    expect(body.data.me).toEqual({
      id: 'fde926f844473904',
      jobTitle: null,
      department: null,
      officeLocation: null,
      userType: null,
      accountEnabled: null,
      businessPhones: [],
      mobilePhone: null,
    });
  });

  it.each<[string, Record<string, unknown>, Record<string, unknown>]>([
    ['absent', {}, { businessPhones: null, mobilePhone: null, accountEnabled: null }],
    ['null', { businessPhones: null, accountEnabled: null }, { businessPhones: null, accountEnabled: null }],
    ['a list with null in it', { businessPhones: [null, '1', 7] }, { businessPhones: ['1'] }],
    ['a text in the place of a list', { businessPhones: '1' }, { businessPhones: ['1'] }],
    ['a number in the place of a text', { mobilePhone: 4255550102 }, { mobilePhone: null }],
    ['a text in the place of a truth value', { accountEnabled: 'true' }, { accountEnabled: null }],
    ['an object', { department: {}, userType: [] }, { department: null, userType: null }],
    ['a new type of user', { userType: 'Agent' }, { userType: 'Agent' }],
  ])('are read as Graph may answer them: %s', async (_name, answered, expected) => {
    emulator.faults.add({ on: { path: '/me' }, do: { status: 200, body: { id: INNOCENTY, ...answered } } });
    const { body } = await ask(`{ me { ${FIELDS} } }`);
    expect(body.errors).toBeUndefined();
    expect(body.data.me).toMatchObject(expected);
  });
});
