// Ids are global: a phone is named by its person and Graph's own id, in one form, however the person was asked for; and
// whose it is is asked only where nothing else says so, in the batch that is sent anyway.
import { join } from 'node:path';
import { type GraphQLInterfaceType, isInterfaceType, isObjectType } from 'graphql';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { FIXTURES } from '../../emulator/emulator.ts';
import { createSchema } from '../../src/graphql/schema.ts';
import { ask as askWith, startTestProduct, upstream } from '../support/product.ts';
import { startSharedIds } from '../support/shared-ids.ts';

const INNOCENTY = 'db789417-4ccb-41d1-a0a9-47b01a09ea49';
const NOBODY = '00000000-0000-4000-8000-000000000000';
const CAR = '0fb4c1e3-c1e3-0fb4-e3c1-b40fe3c1b40f';
const GLOBAL = `${INNOCENTY}/${CAR}`;
const PERSONAL = 'fde926f844473904';

const product = await startTestProduct();
const signed = await startTestProduct({ environment: { AUTH_MODE: 'entra', APP_ONLY: 'on' } });
const shared = await startSharedIds();
const { emulator, ask } = product;
afterAll(async () => {
  await product.close();
  await signed.close();
  await shared[Symbol.asyncDispose]();
});
beforeEach(() => {
  for (const one of [emulator, signed.emulator, shared.emulator]) one.reset();
});

/** The paths that were asked for, those in batches among them. */
const paths = (of = emulator) =>
  of.calls.flatMap(({ method, path, items }) =>
    (items.length === 0 ? [{ method, url: path }] : items).map(
      (one) => `${one.method} ${decodeURIComponent(one.url).replace('/beta', '')}`,
    ),
  );
/** Without the requests that go to Entra ID. */
const toGraph = (of: typeof emulator) =>
  paths(of).filter((path) => !path.includes(signed.emulator.entra.tenantId));
const askSigned = async (query: string, variables = {}, as = 'innocenty') =>
  askWith(signed.url, await signed.emulator.entra.userToken(as), query, variables);

describe('the id of a phone', () => {
  it.each([
    ['me', '{ person: me { id phones { id graphId } } }'],
    ['an object id', `{ person: user(id: "${INNOCENTY}") { id phones { id graphId } } }`],
    [
      'an object id in capitals',
      `{ person: user(id: "${INNOCENTY.toUpperCase()}") { id phones { id graphId } } }`,
    ],
    ['a principal name', `{ person: user(id: "${FIXTURES.innocenty}") { id phones { id graphId } } }`],
    [
      'itself',
      `{ person: me { id phones: a { id graphId } } }`.replace('phones: a', `a: phone(id: "${CAR}")`),
    ],
  ])('is the same by %s', async (_what, query) => {
    const { body } = await ask(query);
    expect(body.errors).toBeUndefined();
    const { id, phones, a } = body.data.person;
    expect(id).toBe(INNOCENTY);
    expect((phones ?? [a])[0]).toEqual({ id: GLOBAL, graphId: CAR });
    expect(emulator.calls).toHaveLength(1);
  });

  it.each([
    ['{ me { phones { id } } }', ['GET /me/profile/phones?$select=id', 'GET /me?$select=id']],
    ['{ me { phones { graphId number } } }', ['GET /me/profile/phones?$select=id,number']],
    [`{ user(id: "${INNOCENTY}") { phones { id } } }`, [`GET /users/${INNOCENTY}/profile/phones?$select=id`]],
    [
      `{ user(id: "${FIXTURES.innocenty}") { phones { id } } }`,
      [
        `GET /users/${FIXTURES.innocenty}/profile/phones?$select=id`,
        `GET /users/${FIXTURES.innocenty}?$select=id`,
      ],
    ],
    [
      `{ me { phone(id: "${CAR}") { id } } }`,
      [`GET /me/profile/phones/${CAR}?$select=id`, 'GET /me?$select=id'],
    ],
    [
      `{ me { phone(id: "${FIXTURES.innocenty}/${CAR}") { number } } }`,
      [`GET /me/profile/phones/${CAR}?$select=id,number`, 'GET /me?$select=id,userPrincipalName'],
    ],
    ['{ directory(first: 1) { nodes { phones { id } } } }', null],
  ])('costs no request of its own: %s', async (query, expected) => {
    const { body } = await ask(query);
    expect(body.errors).toBeUndefined();
    expect(emulator.calls).toHaveLength(expected === null ? 2 : 1);
    if (expected !== null) expect(paths().toSorted()).toEqual(expected);
  });

  it('is there also where it is asked for as that of any node', async () => {
    const query = `{ me { ...N phones { ...N } } user(id: "${FIXTURES.innocenty}") { ... on Node { id } phones { ...N } } }
      fragment N on Node { id }`;
    const { body } = await ask(query);
    const person = { id: INNOCENTY, phones: [{ id: GLOBAL }, {}, {}] };
    expect(body).toMatchObject({ data: { me: person, user: person } });
    expect(upstream(emulator)).toEqual(['BATCH 4']);
  });

  it('is known from the token, where that is the gateway’s to read', async () => {
    const { body } = await askSigned('{ me { id phones { id } } }');
    expect(body.data.me.id).toBe(INNOCENTY);
    expect(body.data.me.phones[0].id).toBe(GLOBAL);
    expect(toGraph(signed.emulator)).toEqual(['GET /me/profile/phones?$select=id']);
  });

  it('of a personal account begins with the 16 digits, also where its token has a GUID', async () => {
    const query = '{ me { id phones { id graphId } } }';
    const asked = await ask(query, {}, 'personal');
    const read = await askSigned(query, {}, 'personal');
    for (const [{ body }, of] of [
      [asked, emulator],
      [read, signed.emulator],
    ] as const) {
      const [phone] = of.phonesOf(PERSONAL);
      expect(body.data.me).toEqual({
        id: PERSONAL,
        phones: [{ id: `${PERSONAL}/${phone?.id}`, graphId: phone?.id }],
      });
    }
    const padded = `{ user(id: "00000000-0000-0000-fde9-26f844473904") { id } }`;
    expect((await ask(padded, {}, 'admin')).body.data.user).toEqual({ id: PERSONAL });
  });

  it('costs the list alone, where Microsoft Graph does not say who is asking', async () => {
    emulator.faults.add({ on: { path: '/me?', item: 'items' }, do: { status: 403 } });
    const { body } = await ask('{ me { phones { id } } }');
    expect(body).toMatchObject({ data: { me: null }, errors: [{ extensions: { code: 'FORBIDDEN' } }] });
    emulator.reset();
    emulator.faults.add({ on: { path: '/me?', item: 'items' }, do: { status: 403 } });
    expect((await ask('{ me { phones { graphId } } }')).body.data.me.phones).toHaveLength(3);
  });
});

describe('an id', () => {
  // Relay keeps everything by its `id`, whatever its type: an actor with the id of a person would be that person.
  it('is only of what has no other object’s id', () => {
    const schema = createSchema(join(import.meta.dirname, '../../schema'));
    const node = schema.getType('Node');
    const withId = Object.values(schema.getTypeMap()).filter(
      (type) => isObjectType(type) && 'id' in type.getFields(),
    );
    expect(isInterfaceType(node)).toBe(true);
    expect(withId).toEqual(schema.getPossibleTypes(node as GraphQLInterfaceType));
  });
});

describe('User.phone', () => {
  const ofOther = `query ($id: ID!) { user(id: "${FIXTURES.namesake}") { phone(id: $id) { id } } }`;

  it.each([CAR, GLOBAL, `${INNOCENTY.toUpperCase()}/${CAR}`, `${FIXTURES.innocenty}/${CAR}`])(
    'finds the phone of this person by %s, whoever it is asked of',
    async (id) => {
      for (const person of ['me', `user(id: "${INNOCENTY}")`, `user(id: "${FIXTURES.innocenty}")`]) {
        emulator.clearCalls();
        const { body } = await ask(`query ($id: ID!) { person: ${person} { phone(id: $id) { id } } }`, {
          id,
        });
        expect(body).toEqual({ data: { person: { phone: { id: GLOBAL } } } });
        expect(emulator.calls).toHaveLength(1);
      }
    },
  );

  it.each([GLOBAL, `${FIXTURES.innocenty}/${CAR}`, `${NOBODY}/${CAR}`, 'nobody@contoso.com/x'])(
    'is null for %s, which is not this person’s',
    async (id) => {
      const { body } = await ask(ofOther, { id }, 'admin');
      expect(body).toEqual({ data: { user: { phone: null } } });
    },
  );
});

describe('node', () => {
  const NODE = `query ($id: ID!) { node(id: $id) {
    __typename id ... on User { displayName phones { id } } ... on ItemPhone { number displayName graphId }
  } }`;

  it('is a person, with what is asked for of a person and nothing else', async () => {
    const { body } = await ask(NODE, { id: INNOCENTY });
    expect(body.errors).toBeUndefined();
    expect(body.data.node).toMatchObject({
      __typename: 'User',
      id: INNOCENTY,
      displayName: 'Innocenty Popov',
    });
    expect(body.data.node.phones).toHaveLength(3);
    expect(body.data.node.phones[0]).toEqual({ id: GLOBAL });
    const select = '$select=displayName,id';
    expect(paths()).toContain(`GET /users/${INNOCENTY}?${select}`);
    expect(upstream(emulator)).toEqual(['BATCH 2']);
  });

  it('asks for no property of a person that is only asked for of a phone', async () => {
    const query = 'query ($id: ID!) { node(id: $id) { id ... on ItemPhone { displayName } } }';
    expect((await ask(query, { id: INNOCENTY })).body).toEqual({ data: { node: { id: INNOCENTY } } });
    expect(upstream(emulator)).toEqual([`GET /users/${INNOCENTY}?$select=id`]);
  });

  it.each([
    [GLOBAL, 1],
    [`${INNOCENTY.toUpperCase()}/${CAR}`, 1],
    [`${FIXTURES.innocenty}/${CAR}`, 2],
  ])('is a phone by %s, in one request', async (id, reads) => {
    const { body } = await ask(NODE, { id });
    const phone = { id: GLOBAL, graphId: CAR, number: '+7 499 342 22 13', displayName: 'Car Phone' };
    expect(body).toEqual({ data: { node: { __typename: 'ItemPhone', ...phone } } });
    expect(emulator.calls).toHaveLength(1);
    expect(paths()).toHaveLength(reads);
  });

  it('is a phone of the caller by an id of Graph’s that is no object id', async () => {
    emulator.faults.add({
      on: { path: '/me/profile/phones/own-1' },
      do: { status: 200, body: { id: 'own-1', number: '1' } },
    });
    const { body } = await askSigned(NODE, { id: 'own-1' });
    expect(body).toEqual({ data: { node: null } });
    const own = await ask('query ($id: ID!) { node(id: $id) { id } }', { id: 'own-1' });
    expect(own.body).toEqual({ data: { node: { id: `${INNOCENTY}/own-1` } } });
  });

  it.each([
    NOBODY,
    'nobody@contoso.com',
    `${INNOCENTY}/nothing-here`,
    `${NOBODY}/${CAR}`,
    `nobody@contoso.com/${CAR}`,
  ])('is null for %s, without an error', async (id) => {
    expect((await ask(NODE, { id }, 'admin')).body).toEqual({ data: { node: null } });
  });

  it.each(['', '/', 'a/', '/a', 'a/b', `${INNOCENTY}/`, `${INNOCENTY}/../x`, `${GLOBAL}/x`, '..', '{x}'])(
    'refuses %j, which can be no id',
    async (id) => {
      const { body } = await ask(NODE, { id });
      expect(body).toMatchObject({
        data: { node: null },
        errors: [{ path: ['node'], extensions: { code: 'BAD_USER_INPUT' } }],
      });
      expect(emulator.calls).toEqual([]);
    },
  );
});

describe('a change', () => {
  const UPDATE = `mutation ($input: UpdatePhoneInput!) { updatePhone(input: $input) { phone { id number } userErrors { code field } } }`;
  const DELETE = `mutation ($input: DeletePhoneInput!) { deletePhone(input: $input) { deletedPhoneId userErrors { code field } } }`;

  it.each([CAR, GLOBAL, `${INNOCENTY.toUpperCase()}/${CAR}`, `${FIXTURES.innocenty}/${CAR}`])(
    'is made and undone by %s',
    async (id) => {
      const changed = await ask(UPDATE, { input: { id, number: '1' } });
      expect(changed.body.data.updatePhone).toEqual({ phone: { id: GLOBAL, number: '1' }, userErrors: [] });
      const deleted = await ask(DELETE, { input: { id } });
      expect(deleted.body.data.deletePhone).toEqual({ deletedPhoneId: GLOBAL, userErrors: [] });
    },
  );

  it('of the caller’s own is one of `me`, where the token says who that is', async () => {
    const { body } = await askSigned(UPDATE, { input: { id: GLOBAL, number: '1' } });
    expect(body.data.updatePhone).toEqual({ phone: { id: GLOBAL, number: '1' }, userErrors: [] });
    expect(toGraph(signed.emulator)).toEqual([`PATCH /me/profile/phones/${CAR}`]);
  });

  it('is in the profile of the person who is named, and in no other', async () => {
    const [person] = emulator.phonesOf(emulator.people[1]?.id ?? '');
    const id = `${FIXTURES.namesake}/${person?.id}`;
    expect((await ask(UPDATE, { input: { id, number: '1' } })).body.data.updatePhone).toMatchObject({
      phone: null,
      userErrors: [{ code: 'FORBIDDEN' }],
    });
    const { body } = await ask(UPDATE, { input: { id, number: '1' } }, 'admin');
    expect(body.data.updatePhone.phone.id).toBe(`${emulator.people[1]?.id}/${person?.id}`);
  });

  it('of many, two of which are the same phone under two names, is refused for the second', async () => {
    const query = `mutation ($phones: [DeletePhoneInput!]!) { deletePhones(input: { phones: $phones }) {
      results { deletedPhoneId userErrors { code field } } } }`;
    const { body } = await askSigned(query, { phones: [{ id: GLOBAL }, { id: CAR }] });
    expect(body.data.deletePhones.results).toEqual([
      { deletedPhoneId: GLOBAL, userErrors: [] },
      {
        deletedPhoneId: null,
        userErrors: [{ code: 'INVALID_INPUT', field: ['input', 'phones', '1', 'id'] }],
      },
    ]);
  });

  it('by an application names the person within the id', async () => {
    const token = await signed.emulator.entra.appToken(['Phones.ReadWrite.All']);
    const alone = await askWith(signed.url, token, UPDATE, { input: { id: CAR, number: '1' } });
    expect(alone.body.data.updatePhone.userErrors).toEqual([
      { code: 'INVALID_INPUT', field: ['input', 'id'] },
    ]);
    const named = await askWith(signed.url, token, UPDATE, { input: { id: GLOBAL, number: '1' } });
    expect(named.body.data.updatePhone).toEqual({ phone: { id: GLOBAL, number: '1' }, userErrors: [] });
  });
});

describe('where people share the ids of phones', () => {
  const LIST = 'query ($ids: [ID!]!) { users(ids: $ids) { id phones { id graphId number } } }';
  const ids = shared.people.map(({ id }) => id);

  it('the same id of Graph’s under three people is three ids', async () => {
    const { body } = await shared.ask(LIST, { ids });
    const found = body.data.users.map((user: { phones: { graphId: string }[] }) =>
      user.phones.find(({ graphId }) => graphId === shared.graphId),
    );
    expect(found).toEqual(
      shared.people.map(({ id, number }) => ({
        id: `${id}/${shared.graphId}`,
        graphId: shared.graphId,
        number,
      })),
    );
  });

  it('each is found by its id, is changed by itself, and is gone by itself', async () => {
    const [first, second, third] = shared.people.map(({ id }) => `${id}/${shared.graphId}`);
    const query = `query ($first: ID!, $second: ID!, $third: ID!) {
      first: node(id: $first) { ...P } second: node(id: $second) { ...P } third: node(id: $third) { ...P } }
      fragment P on ItemPhone { number }`;
    const numbers = async () => {
      const { body } = await shared.ask(query, { first, second, third });
      return [body.data.first, body.data.second, body.data.third].map((phone) => phone?.number ?? null);
    };
    const [one, two, three] = shared.people.map(({ number }) => number);
    expect(await numbers()).toEqual([one, two, three]);
    await shared.ask(
      'mutation ($id: ID!) { updatePhone(input: { id: $id, number: "+1 425 555 0190" }) { userErrors { code } } }',
      { id: second },
    );
    expect(await numbers()).toEqual([one, '+1 425 555 0190', three]);
    await shared.ask('mutation ($id: ID!) { deletePhone(input: { id: $id }) { userErrors { code } } }', {
      id: first,
    });
    expect(await numbers()).toEqual([null, '+1 425 555 0190', three]);
  });
});
