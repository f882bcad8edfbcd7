// Repeats the same document through the real gateway. Every run has the correct result: strings are only data, absent
// variables stay absent, a fragment applies at each spread, and response names do not collide.
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { FIXTURES } from '../../emulator/tenant/fixtures.ts';
import { startTestProduct } from '../support/product.ts';

const product = await startTestProduct();
const { emulator } = product;
afterAll(() => product.close());
beforeEach(() => emulator.reset());

const TIMES = [1, 2, 3, 4];

describe('a string in a document', () => {
  it.each([
    // The markers by which graphql-jit 0.8.9 put values into the code that it generated.
    '__MAGIC_DATE__33a9e76d_02e0_4128_8e92_3530ad3da74dglobalThis.wasRun=true',
    '__MAGIC_NAN__57f286b9_4c20_487f_b409_79804ddcb4f8',
    '__MAGIC_PLUS_INFINITY__bb201c39_3333_4695_b4ad_7f1722e7aa7a',
    '__MAGIC_MINUS_INFINITY__71d4310a_d4a3_4a05_b1fe_e60779d24998',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the text of an attack
    '${globalThis.wasRun=true}',
    "'+(globalThis.wasRun=true)+'",
    '*/globalThis.wasRun=true/*',
  ])('%s is never code, and stays what it is', async (text) => {
    const query = `mutation { addPhone(input: {number: "1", displayName: ${JSON.stringify(text)}}) { phone { displayName } userErrors { code } } }`;
    for (const _ of TIMES) {
      const { body } = await product.ask(query);
      expect(body.data.addPhone).toEqual({ phone: { displayName: text }, userErrors: [] });
    }
    const search = `{ directory(search: ${JSON.stringify(text)}) { nodes { id } } user(id: ${JSON.stringify(text)}) { id } }`;
    const answers = await Promise.all(TIMES.map(async () => (await product.ask(search)).body));
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(Reflect.get(globalThis, 'wasRun')).toBeUndefined();
  });
});

describe('an absent variable', () => {
  const UPDATE = `mutation ($id: ID!, $number: String, $displayName: String, $audiences: [AllowedAudiencesInput!]) {
    updatePhone(input: {id: $id, number: $number, displayName: $displayName, allowedAudiences: $audiences}) {
      phone { number displayName allowedAudiences } userErrors { code } } }`;
  const ADD = `mutation ($number: String!, $displayName: String, $verified: Boolean, $key: String) {
    addPhone(input: {number: $number, displayName: $displayName, inference: {confidenceScore: 1, userHasVerifiedAccuracy: $verified}, idempotencyKey: $key}) {
      phone { id displayName } userErrors { code } } }`;

  it('leaves its field unset in every run of the document', async () => {
    const added = await product.ask(
      'mutation { addPhone(input: {number: "1", displayName: "Desk", allowedAudiences: [CONTACTS]}) { phone { id } } }',
    );
    const { id } = added.body.data.addPhone.phone;
    for (const time of TIMES) {
      const number = `+1 425 555 010${time}`;
      const { body } = await product.ask(UPDATE, { id, number });
      expect(body.data.updatePhone).toEqual({
        phone: { number, displayName: 'Desk', allowedAudiences: ['CONTACTS'] },
        userErrors: [],
      });
    }
    const { body } = await product.ask(UPDATE, { id, displayName: null });
    expect(body.data.updatePhone.phone.displayName).toBeNull();
  });

  it('keeps a repeated addPhone the same call, also in nested objects', async () => {
    const ids = new Set<string>();
    for (const _ of TIMES) {
      const { body } = await product.ask(ADD, {
        number: '+1 425 555 0100',
        key: '7f6f9dc6-8ab8-4cf7-8f17-9a1c54fd2a10',
      });
      expect(body.data.addPhone.userErrors).toEqual([]);
      ids.add(body.data.addPhone.phone.id);
    }
    expect(ids.size).toBe(1);
  });
});

describe('a field that is selected several times', () => {
  it('is included according to its directives', async () => {
    const query = `query ($yes: Boolean!) {
      me { ...Names @skip(if: $yes) ...Names more: phones { ...Number @include(if: $yes) ...Number id } }
    }
    fragment Names on User { displayName mail }
    fragment Number on ItemPhone { number type }`;
    const shapes = new Set<string>();
    for (const yes of [true, false, true, false]) {
      const { body } = await product.ask(query, { yes });
      expect(body.errors).toBeUndefined();
      expect(Object.keys(body.data.me).sort()).toEqual(['displayName', 'mail', 'more']);
      shapes.add(Object.keys(body.data.me.more[0]).sort().join());
    }
    expect([...shapes]).toEqual(['id,number,type']);
  });

  it('runs a mutation whose fragment is also spread under @skip', async () => {
    const query = `mutation ($skip: Boolean!) { ...Add @skip(if: $skip) ...Add }
      fragment Add on Mutation { addPhone(input: {number: "1"}) { phone { number } userErrors { code } } }`;
    for (const skip of [true, false, true, false]) {
      const { body } = await product.ask(query, { skip });
      expect(body.data.addPhone).toEqual({ phone: { number: '1' }, userErrors: [] });
    }
    expect(emulator.calls.filter(({ method }) => method === 'POST')).toHaveLength(4);
  });

  it('distinguishes names that are equal when joined', async () => {
    const parts = [
      `phones_me: user(id: "${FIXTURES.withThirty}") { displayName mail }`,
      'me { phones { number } me: displayName }',
      'me_phones: me { displayName }',
    ];
    for (const query of [`{ ${parts.join(' ')} }`, `{ ${parts.toReversed().join(' ')} }`]) {
      for (const _ of TIMES) {
        const { body } = await product.ask(query);
        expect(body.errors).toBeUndefined();
        expect(Object.keys(body.data).sort()).toEqual(['me', 'me_phones', 'phones_me']);
        expect(body.data.me.phones[0].number).toEqual(expect.any(String));
        expect(body.data.phones_me).toEqual({ displayName: expect.any(String), mail: expect.any(String) });
        expect(body.data.phones_me.displayName).not.toBe(body.data.me_phones.displayName);
      }
    }
  });

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'then', 'toJSON', 'valueOf'])(
    'may be called %s',
    async (alias) => {
      const query = `{ ${alias}: me { ${alias}: displayName phones { ${alias}: number } } }`;
      for (const _ of TIMES) {
        const response = await product.request('/graphql', {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            authorization: `Bearer ${emulator.tokens[0]?.token}`,
          },
          body: JSON.stringify({ query }),
        });
        const text = await response.text();
        // Compares the text, since JSON.parse creates an own property for any name.
        expect(text).toMatch(
          new RegExp(`^\\{"data":\\{"${alias}":\\{"${alias}":"[^"]+","phones":\\[\\{"${alias}":"`),
        );
      }
    },
  );
});
