// What a payload has beside the outcome: the owner, as the person is after the change, read only when it is asked for; and
// for each error whether the same call may be sent again.
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { FIXTURES } from '../../emulator/emulator.ts';
import { startTestProduct, upstream } from '../support/product.ts';

const INNOCENTY = 'db789417-4ccb-41d1-a0a9-47b01a09ea49';
const CAR = '0fb4c1e3-c1e3-0fb4-e3c1-b40fe3c1b40f';
const GLOBAL = `${INNOCENTY}/${CAR}`;
const USER = 'user { id displayName phones { id number } }';

const product = await startTestProduct({ environment: { REQUEST_DEADLINE_MS: '3000' } });
const { emulator, ask } = product;
afterAll(() => product.close());
beforeEach(() => emulator.reset());

const phonesThere = (id = INNOCENTY) =>
  emulator.phonesOf(id).map((phone) => ({ id: `${id}/${phone.id}`, number: phone.number }));
const me = () => ({ id: INNOCENTY, displayName: 'Innocenty Popov', phones: phonesThere() });

describe('user in a payload', () => {
  it.each([
    ['addPhone(input: { number: "+1 425 555 0170" })', 4],
    [`updatePhone(input: { id: "${CAR}", number: "+1 425 555 0171" })`, 3],
    [`deletePhone(input: { id: "${CAR}" })`, 2],
  ])('shows the change: %s', async (change, count) => {
    const { body } = await ask(`mutation { change: ${change} { ${USER} userErrors { code } } }`);
    expect(body).toEqual({ data: { change: { user: me(), userErrors: [] } } });
    expect(body.data.change.user.phones).toHaveLength(count);
    // The write, and all about the person in one batch.
    expect(upstream(emulator).slice(1)).toEqual(['BATCH 2']);
  });

  it('is read only when it is selected', async () => {
    await ask(`mutation { updatePhone(input: { id: "${GLOBAL}", number: "1" }) { phone { id number } } }`);
    expect(emulator.calls).toHaveLength(1);
  });

  it('shows each of several changes in one request after that change, and none from before', async () => {
    const { body } = await ask(`mutation {
      one: addPhone(input: { number: "1" }) { user { phones { number } } }
      two: updatePhone(input: { id: "${CAR}", number: "2" }) { user { phones { number } } }
      three: deletePhone(input: { id: "${CAR}" }) { user { phones { number } } }
    }`);
    const numbers = (name: string) =>
      body.data[name].user.phones.map(({ number }: { number: string }) => number);
    const others = ['+1 425 555 0101', '+1 425 555 0102', '1'];
    expect(numbers('one')).toEqual(['+7 499 342 22 13', ...others]);
    expect(numbers('two')).toEqual(['2', ...others]);
    expect(numbers('three')).toEqual(others);
  });

  it('also has one phone of the person, by itself', async () => {
    const query = `mutation { updatePhone(input: { id: "${CAR}", number: "7" }) { user { phone(id: "${CAR}") { id number } } } }`;
    const { body } = await ask(query);
    expect(body.data.updatePhone.user.phone).toEqual({ id: GLOBAL, number: '7' });
  });

  it('is the owner, who need not be the caller', async () => {
    const query = `mutation ($input: AddPhoneInput!) { addPhone(input: $input) { phone { id } ${USER} } }`;
    for (const userId of [FIXTURES.namesake, emulator.people[1]?.id]) {
      const { body } = await ask(query, { input: { userId, number: '+1 425 555 0170' } }, 'admin');
      const id = emulator.people[1]?.id ?? '';
      expect(body.data.addPhone.user).toMatchObject({ id, phones: phonesThere(id) });
      expect(body.data.addPhone.phone).toEqual({ id: phonesThere(id).at(-1)?.id });
    }
  });

  it('stands also where nothing was changed', async () => {
    const query = `mutation ($id: ID!) { deletePhone(input: { id: $id }) { deletedPhoneId ${USER} userErrors { code } } }`;
    const { body } = await ask(query, { id: 'nothing-here' });
    const userErrors = [{ code: 'NOT_FOUND' }];
    expect(body).toEqual({ data: { deletePhone: { deletedPhoneId: null, user: me(), userErrors } } });
  });

  it.each([
    ['addPhone(input: { userId: "..", number: "1" })', 'INVALID_INPUT'],
    ['addPhone(input: { userId: "nobody@contoso.com", number: "1" })', 'NOT_FOUND'],
    ['deletePhone(input: { id: "nobody@contoso.com/x" })', 'NOT_FOUND'],
  ])('is null where there is nobody: %s', async (change, code) => {
    const { body } = await ask(`mutation { change: ${change} { ${USER} userErrors { code } } }`, {}, 'admin');
    expect(body).toEqual({ data: { change: { user: null, userErrors: [{ code }] } } });
  });

  it('that cannot be read takes nothing from the outcome', async () => {
    emulator.faults.add({ on: { path: '/me?', item: 'items' }, do: { status: 403 } });
    const query = `mutation { addPhone(input: { number: "1" }) { phone { number } ${USER} userErrors { code } } }`;
    const { body } = await ask(query);
    expect(body).toMatchObject({
      data: { addPhone: { phone: { number: '1' }, user: null, userErrors: [] } },
      errors: [{ path: ['addPhone', 'user'], extensions: { code: 'FORBIDDEN' } }],
    });
  });
});

describe('user in the results of many', () => {
  it('is read once for each person, after all changes', async () => {
    const people = emulator.people.slice(20, 23).map(({ id }) => id);
    const phones = [...people, ...people].map((userId, at) => ({ userId, number: `+1 425 555 017${at}` }));
    const query = `mutation ($phones: [AddPhoneInput!]!) { addPhones(input: { phones: $phones }) {
      results { phone { id } ${USER} userErrors { code } } } }`;
    const { body } = await ask(query, { phones }, 'admin');
    expect(body.errors).toBeUndefined();
    const { results } = body.data.addPhones;
    for (const [at, { user }] of results.entries())
      expect(user).toMatchObject({ id: phones[at]?.userId, phones: phonesThere(phones[at]?.userId) });
    expect(upstream(emulator).filter((path) => !path.startsWith('POST'))).toEqual(['BATCH 6']);
  });

  it.each([
    ['updatePhones', 'UpdatePhoneInput', { number: '+1 425 555 0179' }, 'phone { id }'],
    ['deletePhones', 'DeletePhoneInput', {}, 'deletedPhoneId'],
  ])('%s', async (name, type, change, selection) => {
    const ids = phonesThere().map(({ id }) => id);
    const phones = ids.map((id) => ({ id, ...change }));
    const query = `mutation ($phones: [${type}!]!) { many: ${name}(input: { phones: $phones }) {
      results { ${selection} ${USER} userErrors { code } } } }`;
    const { body } = await ask(query, { phones });
    const told = body.data.many.results.map(
      (one: { phone?: { id: string }; deletedPhoneId?: string }) => one.phone?.id ?? one.deletedPhoneId,
    );
    expect(told).toEqual(ids);
    for (const { user } of body.data.many.results) expect(user).toEqual(me());
  });
});

describe('user in the results of many that take all the time there is', () => {
  it.each(['addPhones', 'updatePhones', 'deletePhones'])('is read all the same: %s', async (name) => {
    const id =
      emulator.people.find(({ userPrincipalName }) => userPrincipalName === FIXTURES.withThirty)?.id ?? '';
    const phones = phonesThere(id).map((phone) => {
      if (name === 'addPhones') return { userId: id, number: '1' };
      return name === 'deletePhones' ? { id: phone.id } : { id: phone.id, number: '1' };
    });
    emulator.faults.add({
      on: { method: ['POST', 'PATCH', 'DELETE'], path: '/phones' },
      times: Number.POSITIVE_INFINITY,
      do: { delayMs: 150 },
    });
    emulator.faults.add({ on: { path: `/users/${id}?` }, do: { delayMs: 550 } });
    const type = `${name[0]?.toUpperCase()}${name.slice(1)}Input`;
    const query = `mutation ($input: ${type}!) { many: ${name}(input: $input) { results { user { id } userErrors { code } } } }`;
    const { body } = await ask(query, { input: { phones } }, 'admin');
    const { results } = body.data.many as { results: readonly ({ user: object } | null)[] };
    const done = results.filter((result) => result !== null);
    expect(done.length).toBeGreaterThan(0);
    expect(done.length).toBeLessThan(phones.length);
    expect(done.map(({ user }) => user)).toEqual(done.map(() => ({ id })));
  });
});

describe('the id in a payload', () => {
  it('costs a request only where nothing says whose the phone is, and that once', async () => {
    await using fresh = await startTestProduct();
    const update = `mutation { updatePhone(input: { id: "${CAR}", number: "1" }) { phone { id } } }`;
    for (const requests of [2, 1]) {
      fresh.emulator.clearCalls();
      const { body } = await fresh.ask(update);
      expect(body.data.updatePhone.phone.id).toBe(GLOBAL);
      expect(fresh.emulator.calls).toHaveLength(requests);
    }
    fresh.emulator.clearCalls();
    await fresh.ask(`mutation { updatePhone(input: { id: "${CAR}", number: "2" }) { phone { graphId } } }`);
    expect(upstream(fresh.emulator)).toEqual([`PATCH /me/profile/phones/${CAR}`]);
  });

  it('that Microsoft Graph does not tell is an error, which says what to select instead; the change is made', async () => {
    await using fresh = await startTestProduct();
    fresh.emulator.faults.add({ on: { path: '/me?' }, do: { status: 403 } });
    const query = `mutation { deletePhone(input: { id: "${CAR}" }) { deletedPhoneId userErrors { code } } }`;
    const { body } = await fresh.ask(query);
    expect(body.data.deletePhone).toEqual({ deletedPhoneId: null, userErrors: [] });
    expect(body.errors).toMatchObject([
      { path: ['deletePhone', 'deletedPhoneId'], extensions: { code: 'FORBIDDEN' } },
    ]);
    expect(fresh.emulator.phonesOf(INNOCENTY)).toHaveLength(2);
  });
});

describe('retryable', () => {
  const told = async (query: string) => {
    const { body } = await ask(query);
    return Object.values(body.data as Record<string, { userErrors: unknown }>)[0]?.userErrors;
  };
  const ERRORS = 'userErrors { code retryable }';

  it.each([
    ['addPhone(input: { number: "1" })', false],
    ['addPhone(input: { number: "1", idempotencyKey: "k" })', true],
    [`updatePhone(input: { id: "${CAR}", number: "1" })`, true],
    [`deletePhone(input: { id: "${CAR}" })`, true],
  ])('of an outcome that nobody saw: %s %j', async (change, retryable) => {
    emulator.faults.add({
      on: { method: ['POST', 'PATCH', 'DELETE'], path: '/phones' },
      times: 9,
      do: { reset: 'before' },
    });
    expect(await told(`mutation { ${change} { ${ERRORS} } }`)).toEqual([
      { code: 'OUTCOME_UNKNOWN', retryable },
    ]);
  });

  it.each([
    [400, 'REJECTED', false],
    [403, 'FORBIDDEN', false],
    [404, 'NOT_FOUND', false],
    [409, 'CONFLICT', true],
    [412, 'PRECONDITION_FAILED', false],
  ])('of a %i: %s %j', async (status, code, retryable) => {
    emulator.faults.add({ on: { method: 'PATCH' }, do: { status } });
    const query = `mutation { updatePhone(input: { id: "${CAR}", number: "1" }) { ${ERRORS} } }`;
    expect(await told(query)).toEqual([{ code, retryable }]);
  });

  it('of an input that can never be right, and of a key that was used', async () => {
    expect(await told(`mutation { addPhone(input: { number: "" }) { ${ERRORS} } }`)).toEqual([
      { code: 'INVALID_INPUT', retryable: false },
    ]);
    await ask('mutation { addPhone(input: { number: "1", idempotencyKey: "used" }) { phone { id } } }');
    const again = `mutation { addPhone(input: { number: "2", idempotencyKey: "used" }) { ${ERRORS} } }`;
    expect(await told(again)).toEqual([{ code: 'IDEMPOTENCY_KEY_REUSED', retryable: false }]);
  });
});
