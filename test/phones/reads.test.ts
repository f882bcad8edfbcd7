import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { FIXTURES } from '../../emulator/emulator.ts';
import { readScenarios } from '../../emulator/faults/scenarios.ts';
import { startTestProduct, upstream } from '../support/product.ts';
import { CREATED, DRAFT_CREATED, DRAFT_REF, UPDATED } from './documented.ts';

const product = await startTestProduct();
const { emulator, ask } = product;
afterAll(() => product.close());
beforeEach(() => emulator.reset());

const EVERYTHING = `{
  id graphId displayName number type allowedAudiences isSearchable
  inference { confidenceScore userHasVerifiedAccuracy }
  source { type } sources { sourceId isDefaultSource properties }
  createdBy { application { objectId displayName } device { objectId } user { objectId displayName } } createdDateTime
  lastModifiedBy { user { objectId displayName } } lastModifiedDateTime
  parsed(defaultCountry: "US") { e164 extension uri isValid }
}`;

const phonesOf = async (id: string, args = '') => {
  const { body } = await ask(`query ($id: ID!) { user(id: $id) { id phones${args} ${EVERYTHING} } }`, { id });
  expect(body.errors).toBeUndefined();
  return body.data.user.phones;
};

describe('the phones of a person', () => {
  it('are all there, over all of Graph’s pages, in Graph’s order, each once', async () => {
    const phones = await phonesOf(FIXTURES.withThirty);
    expect(phones.map(({ displayName }: { displayName: string }) => displayName)).toEqual(
      Array.from({ length: 30 }, (_, at) => `Line ${at + 1}`),
    );
    expect(new Set(phones.map(({ id }: { id: string }) => id)).size).toBe(30);
  });

  it('are an empty list where there are none', async () => {
    expect(await phonesOf(FIXTURES.withNone)).toEqual([]);
  });

  it('have every type of Graph’s, by its GraphQL name', async () => {
    const types = (await phonesOf(FIXTURES.withEveryType)).map(({ type }: { type: string }) => type);
    expect(types).toEqual([
      'HOME',
      'BUSINESS',
      'MOBILE',
      'OTHER',
      'ASSISTANT',
      'HOME_FAX',
      'BUSINESS_FAX',
      'OTHER_FAX',
      'PAGER',
      'RADIO',
    ]);
  });

  it.each(['words-capitalised', 'items-null'])(
    'and are the same, however Graph writes them: %s',
    async (name) => {
      const [fault] = readScenarios(name);
      if (fault === undefined) throw new Error(`there is no fault named ${name}`);
      const everyone = [FIXTURES.withEveryType, FIXTURES.withOddShapes, FIXTURES.innocenty];
      const whole = await Promise.all(everyone.map((id) => phonesOf(id)));
      emulator.faults.add({ on: fault.on, do: fault.do, times: Number.POSITIVE_INFINITY });
      expect(await Promise.all(everyone.map((id) => phonesOf(id)))).toEqual(whole);
    },
  );

  it.each([FIXTURES.withThirty, null])(
    'are all there, though the next page is under the object id: %s',
    async (id) => {
      const [fault] = readScenarios('next-link-by-id');
      if (fault === undefined) throw new Error('there is no such fault');
      emulator.faults.add({ on: fault.on, do: fault.do, times: Number.POSITIVE_INFINITY });
      const query = '{ me { phones { displayName } } }';
      const phones = id === null ? (await ask(query)).body.data.me.phones : await phonesOf(id);
      expect(phones).toHaveLength(id === null ? 3 : 30);
    },
  );

  it('can be limited to types, an empty list of which gives none', async () => {
    const types = async (args: string) =>
      (await phonesOf(FIXTURES.withEveryType, args)).map(({ type }: { type: string }) => type);
    expect(await types('(types: [PAGER, HOME])')).toEqual(['HOME', 'PAGER']);
    expect(await types('(types: [])')).toEqual([]);
    expect(await types('(types: null)')).toHaveLength(10);
    const { body } = await ask('{ me { phones(types: [MOBILE]) { number } } }');
    expect(body.data.me.phones).toEqual([{ number: '+1 425 555 0102' }]);
  });

  it('cannot be limited to a type that is only ever read', async () => {
    const { body } = await ask('{ me { phones(types: [UNKNOWN_FUTURE_VALUE]) { id } } }');
    expect(body.errors).toMatchObject([{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }]);
  });

  it('keep the number as it was typed, and never fail because of it', async () => {
    const phones: { number: string | null; parsed: { e164: string } | null }[] = await phonesOf(
      FIXTURES.withOddNumbers,
    );
    const stored = emulator.phonesOf(
      emulator.people.find((p) => p.userPrincipalName === FIXTURES.withOddNumbers)?.id ?? '',
    );
    expect(phones.map(({ number }) => number)).toEqual(stored.map(({ number }) => number));
    const parsed = Object.fromEntries(phones.map(({ number, parsed }) => [number, parsed?.e164 ?? null]));
    expect(parsed).toMatchObject({
      x1234: null,
      '': null,
      '(425) 555-0100': '+14255550100',
      'tel:+1-425-555-0100;ext=12': '+14255550100',
      '+7 499 342 22 13': '+74993422213',
    });
  });

  it('read well in every shape that Graph is known to answer with', async () => {
    const phones: Record<string, unknown>[] = await phonesOf(FIXTURES.withOddShapes);
    const named = Object.fromEntries(phones.map((phone) => [phone['displayName'], phone]));
    expect(named).toMatchObject({
      'No author': { createdBy: null, lastModifiedBy: null },
      'Empty author': { createdBy: null, lastModifiedBy: null },
      'Author without a name': { createdBy: null, lastModifiedBy: null },
      'From the early service': {
        createdDateTime: '2016-12-31T23:59:45.9448095+03:00',
        lastModifiedDateTime: '2017-01-01T00:00:42.7561162+03:00',
        type: 'BUSINESS',
      },
      'No type': { type: null },
      'A type nobody knows': { type: 'UNKNOWN_FUTURE_VALUE' },
      'For me': { allowedAudiences: ['ME'] },
      'For two': { allowedAudiences: ['CONTACTS', 'ORGANIZATION'] },
      'For nobody says': { allowedAudiences: null },
      'For newer ones': { allowedAudiences: ['UNKNOWN_FUTURE_VALUE'] },
      'For both': { allowedAudiences: ['ORGANIZATION', 'UNKNOWN_FUTURE_VALUE'] },
      Inferred: { inference: { confidenceScore: 0.87, userHasVerifiedAccuracy: false } },
      'Beyond doubt': { inference: { confidenceScore: null, userHasVerifiedAccuracy: null } },
      Synced: {
        isSearchable: true,
        source: { type: ['AAD', 'User'] },
        sources: [{ isDefaultSource: true, properties: ['number', 'type'] }, { properties: [] }],
      },
    });
  });

  it('read the documented bodies, come as they may, in a list and by themselves', async () => {
    const bodies = [CREATED, UPDATED, DRAFT_CREATED, DRAFT_REF];
    emulator.faults.add({
      on: { path: '/me/profile/phones?' },
      do: { status: 200, body: { value: bodies } },
    });
    emulator.faults.add({ on: { path: '/me/profile/phones/' }, do: { status: 200, body: UPDATED } });
    const { body } = await ask(`{ me { phones ${EVERYTHING} phone(id: "x") ${EVERYTHING} } }`);
    expect(body.errors).toBeUndefined();
    const { phones, phone } = body.data.me;
    expect(phones.map(({ graphId }: { graphId: string }) => graphId)).toEqual(bodies.map(({ id }) => id));
    expect(phones[2].createdDateTime).toBe('2016-12-31T23:59:45.9448095+03:00');
    expect(phone).toEqual(phones[1]);
  });

  it('lose nothing when one among them has no id, or comes twice', async () => {
    const value = [CREATED, { number: 'nobody’s' }, CREATED, UPDATED];
    emulator.faults.add({ on: { path: '/phones' }, do: { status: 200, body: { value } } });
    const { body } = await ask('{ me { phones { graphId } } }');
    expect(body.data.me.phones).toEqual([{ graphId: CREATED.id }, { graphId: UPDATED.id }]);
  });
});

describe('one phone', () => {
  it('is read by its id, and only it', async () => {
    const { body } = await ask(
      '{ me { phone(id: "0fb4c1e3-c1e3-0fb4-e3c1-b40fe3c1b40f") { displayName } } }',
    );
    expect(body).toEqual({ data: { me: { phone: { displayName: 'Car Phone' } } } });
    expect(upstream(emulator)).toEqual(['BATCH 2']);
  });

  it('is null when there is none with this id', async () => {
    const { body } = await ask('{ me { id phone(id: "nothing-here") { id } } }');
    expect(body.errors).toBeUndefined();
    expect(body.data.me.phone).toBeNull();
  });

  it.each(['..', '.', '', 'a/b', '$ref', '%2e%2e'])('is refused by the hostile id %j', async (id) => {
    const { body } = await ask('query ($id: ID!) { me { id phone(id: $id) { id } } }', { id });
    expect(body.data.me.phone).toBeNull();
    expect(body.errors).toMatchObject([{ path: ['me', 'phone'], extensions: { code: 'BAD_USER_INPUT' } }]);
    expect(emulator.calls.filter(({ path }) => path.includes('phones'))).toEqual([]);
  });
});

describe('parsed', () => {
  it('refuses a country that is none', async () => {
    const { body } = await ask('{ me { phones { number parsed(defaultCountry: "Narnia") { e164 } } } }');
    expect(body.errors[0]).toMatchObject({
      path: ['me', 'phones', 0, 'parsed'],
      extensions: { code: 'BAD_USER_INPUT' },
    });
    expect(body.data.me.phones[0].number).toBe('+7 499 342 22 13');
  });
});
