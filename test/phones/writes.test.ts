import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { type FaultAction, FIXTURES } from '../../emulator/emulator.ts';
import { startTestProduct, upstream } from '../support/product.ts';

const product = await startTestProduct();
const { emulator, ask } = product;
afterAll(() => product.close());
beforeEach(() => emulator.reset());

const INNOCENTY = 'db789417-4ccb-41d1-a0a9-47b01a09ea49';
const CAR = '0fb4c1e3-c1e3-0fb4-e3c1-b40fe3c1b40f';
const mine = () => emulator.phonesOf(INNOCENTY);
const car = () => mine().find(({ id }) => id === CAR);
const idOf = (upn: string) => emulator.people.find((person) => person.userPrincipalName === upn)?.id ?? '';
const writes = () =>
  emulator.calls.filter(({ method, path }) => method !== 'GET' && !path.endsWith('$batch'));

const ADD = `mutation ($input: AddPhoneInput!) { addPhone(input: $input) {
  phone { id graphId number type displayName allowedAudiences createdDateTime source { type }
          inference { confidenceScore userHasVerifiedAccuracy } createdBy { user { displayName } } }
  userErrors { code message field }
} }`;
const UPDATE = `mutation ($input: UpdatePhoneInput!) { updatePhone(input: $input) {
  phone { id graphId number type displayName allowedAudiences lastModifiedDateTime source { type }
          inference { confidenceScore userHasVerifiedAccuracy } }
  userErrors { code message field }
} }`;
const DELETE = `mutation ($input: DeletePhoneInput!) { deletePhone(input: $input) {
  deletedPhoneId userErrors { code message field }
} }`;

async function run(query: string, input: Record<string, unknown>, as?: string) {
  const { body } = await ask(query, { input }, as);
  const payload =
    body.data === null || body.data === undefined ? null : (Object.values(body.data)[0] as Payload | null);
  return { errors: body.errors, payload };
}

interface Payload {
  // biome-ignore lint/suspicious/noExplicitAny: phones of every selection
  readonly phone: any;
  readonly deletedPhoneId: string | null;
  readonly userErrors: { code: string; message: string; field: string[] | null }[];
}

const codes = (payload: Payload | null) => payload?.userErrors.map(({ code }) => code);

describe('addPhone', () => {
  it('answers with what Graph made of it', async () => {
    const { payload } = await run(ADD, { number: '+1 425 555 0123', displayName: 'Car Phone' });
    expect(payload).toMatchObject({
      phone: {
        number: '+1 425 555 0123',
        displayName: 'Car Phone',
        type: null,
        allowedAudiences: ['ORGANIZATION'],
        inference: null,
        source: null,
        createdBy: { user: { displayName: 'Innocenty Popov' } },
      },
      userErrors: [],
    });
    expect(mine().at(-1)).toMatchObject({ id: payload?.phone.graphId, number: '+1 425 555 0123' });
    expect(payload?.phone.createdDateTime).toBe(mine().at(-1)?.createdDateTime);
  });

  it('sends the six settable properties in Graph’s own words, in one POST, and no others', async () => {
    await run(ADD, {
      number: '+1 425 555 0124',
      type: 'BUSINESS_FAX',
      displayName: 'Fax',
      allowedAudiences: ['ORGANIZATION', 'ME', 'CONTACTS', 'CONTACTS'],
      inference: { confidenceScore: 0.5, userHasVerifiedAccuracy: false },
      source: { type: ['User'] },
    });
    expect(upstream(emulator)).toEqual(['POST /me/profile/phones']);
    expect(emulator.calls[0]?.body).toEqual({
      number: '+1 425 555 0124',
      type: 'businessFax',
      displayName: 'Fax',
      allowedAudiences: 'contacts,organization',
      inference: { confidenceScore: 0.5, userHasVerifiedAccuracy: false },
      source: { type: ['User'] },
    });
  });

  it('sends several sources too, ME alone as me, and leaves out what is null or empty', async () => {
    await run(ADD, {
      number: '1',
      type: null,
      displayName: null,
      allowedAudiences: ['ME'],
      inference: null,
      source: { type: ['User', 'AAD'] },
    });
    await run(ADD, { number: '2', allowedAudiences: [], source: null });
    expect(emulator.calls.map(({ body }) => body)).toEqual([
      { number: '1', allowedAudiences: 'me', source: { type: ['User', 'AAD'] } },
      { number: '2' },
    ]);
  });

  it('adds to another person’s profile, if the caller may', async () => {
    const userId = FIXTURES.withNone;
    const allowed = await run(ADD, { userId, number: '+1 425 555 0125' }, 'admin');
    expect(allowed.payload?.userErrors).toEqual([]);
    expect(emulator.phonesOf(idOf(FIXTURES.withNone))).toHaveLength(1);
    const forbidden = await run(ADD, { userId, number: '+1 425 555 0126' });
    expect(codes(forbidden.payload)).toEqual(['FORBIDDEN']);
    expect(emulator.phonesOf(idOf(FIXTURES.withNone))).toHaveLength(1);
  });

  it('says when there is no such person', async () => {
    const { payload } = await run(ADD, { userId: 'nobody@contoso.com', number: '1' }, 'admin');
    expect(payload).toMatchObject({
      phone: null,
      userErrors: [{ code: 'NOT_FOUND', field: ['input', 'userId'] }],
    });
  });

  it.each([
    [{ number: '' }, 'number'],
    [{ number: '   ' }, 'number'],
    [{ number: '1'.repeat(257) }, 'number'],
    [{ number: '+1\u0000425' }, 'number'],
    [{ number: '+1\n425' }, 'number'],
    [{ number: '\u202e0010 555' }, 'number'],
    [{ number: '1', displayName: 'x'.repeat(257) }, 'displayName'],
    [{ number: '1', displayName: 'a\u2066b' }, 'displayName'],
    [{ number: '1', source: { type: [] } }, 'source.type'],
    [{ number: '1', source: { type: [''] } }, 'source.type'],
    [{ number: '1', inference: {} }, 'inference'],
    [{ number: '1', userId: '../me' }, 'userId'],
    [{ number: '1', userId: '' }, 'userId'],
    [{ number: '1', idempotencyKey: '' }, 'idempotencyKey'],
    [{ number: '1', idempotencyKey: 'a b' }, 'idempotencyKey'],
  ])('refuses %j at %s, and sends nothing', async (input, field) => {
    const { payload } = await run(ADD, input);
    expect(payload).toMatchObject({
      phone: null,
      userErrors: [{ code: 'INVALID_INPUT', field: ['input', ...field.split('.')] }],
    });
    expect(upstream(emulator)).toEqual([]);
  });

  it.each([
    [ADD, { number: '1', type: 'UNKNOWN_FUTURE_VALUE' }],
    [ADD, { number: '1', allowedAudiences: ['CONTACTS', 'UNKNOWN_FUTURE_VALUE'] }],
    [UPDATE, { id: CAR, type: 'UNKNOWN_FUTURE_VALUE' }],
    [UPDATE, { id: CAR, allowedAudiences: ['UNKNOWN_FUTURE_VALUE'] }],
    [UPDATE, { id: CAR, userId: INNOCENTY, number: '1' }],
    [DELETE, { id: CAR, userId: INNOCENTY }],
  ])('is valid only with what can be written: %#', async (query, input) => {
    const { errors } = await run(query, input);
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    expect(upstream(emulator)).toEqual([]);
  });

  it('names every field that is wrong, at once', async () => {
    const { payload } = await run(ADD, { userId: '..', number: '', source: { type: [] } });
    expect(payload?.userErrors.map(({ field }) => field?.at(-1))).toEqual(['userId', 'number', 'type']);
  });

  it('has no field for what Graph sets itself', async () => {
    for (const field of [
      'id',
      'createdDateTime',
      'createdBy',
      'lastModifiedBy',
      'isSearchable',
      'sources',
      '__proto__',
    ]) {
      const { errors } = await run(ADD, JSON.parse(`{"number":"1","${field}":"x"}`));
      expect(['BAD_USER_INPUT', 'BAD_REQUEST']).toContain(errors[0].extensions.code);
    }
    expect(upstream(emulator)).toEqual([]);
  });
});

describe('updatePhone', () => {
  it('leaves alone what is absent', async () => {
    const before = car();
    const { payload } = await run(UPDATE, { id: CAR, type: 'MOBILE' });
    expect(payload?.userErrors).toEqual([]);
    expect(writes()[0]).toMatchObject({
      method: 'PATCH',
      path: `/beta/me/profile/phones/${CAR}`,
      body: { type: 'mobile' },
    });
    expect(car()).toMatchObject({ number: before?.number, displayName: before?.displayName, type: 'mobile' });
    expect(payload?.phone.lastModifiedDateTime).toBe(car()?.lastModifiedDateTime);
  });

  it('clears what is null, where that can be', async () => {
    await run(UPDATE, { id: CAR, inference: { confidenceScore: 1 }, source: { type: ['User'] } });
    emulator.clearCalls();
    const cleared = { displayName: null, allowedAudiences: null, inference: null, source: null };
    const { payload } = await run(UPDATE, { id: CAR, ...cleared });
    expect(writes()[0]?.body).toEqual(cleared);
    expect(payload?.phone).toMatchObject({ ...cleared, number: '+7 499 342 22 13' });
  });

  it('tells a variable that was not given from one that is null', async () => {
    const query = `mutation ($name: String, $number: String) {
      updatePhone(input: { id: "${CAR}", displayName: $name, number: $number }) { userErrors { code } }
    }`;
    expect((await ask(query, { number: '5' })).body.data.updatePhone.userErrors).toEqual([]);
    expect((await ask(query, { name: null, number: '6' })).body.data.updatePhone.userErrors).toEqual([]);
    expect(writes().map(({ body }) => body)).toEqual([{ number: '5' }, { number: '6', displayName: null }]);
  });

  it.each([
    [{ number: null }, ['input', 'number']],
    [{ type: null }, ['input', 'type']],
    [{ allowedAudiences: [] }, ['input', 'allowedAudiences']],
    [{}, null],
  ])('refuses a change to %j, and sends nothing', async (change, field) => {
    const { payload } = await run(UPDATE, { id: CAR, ...change });
    expect(payload).toMatchObject({ phone: null, userErrors: [{ code: 'INVALID_INPUT', field }] });
    expect(upstream(emulator)).toEqual([]);
  });

  it.each(['..', '.', '', 'a/b', '$ref', '$count', '%2e%2e'])(
    'refuses the hostile id %j, and sends nothing',
    async (id) => {
      const { payload } = await run(UPDATE, { id, number: '1' });
      expect(payload).toMatchObject({ userErrors: [{ code: 'INVALID_INPUT', field: ['input', 'id'] }] });
      expect(upstream(emulator)).toEqual([]);
    },
  );

  it('says when there is no such phone', async () => {
    const { payload } = await run(UPDATE, { id: 'nothing-here', number: '1' });
    expect(payload).toMatchObject({
      phone: null,
      userErrors: [{ code: 'NOT_FOUND', field: ['input', 'id'] }],
    });
  });

  it('reads the phone again when Graph answers 204', async () => {
    emulator.faults.add({
      on: { method: 'PATCH' },
      do: { rewrite: (answer) => ({ ...answer, status: 204, body: undefined }) },
    });
    const { payload } = await run(UPDATE, { id: CAR, number: '+1 425 555 0126' });
    expect(payload).toMatchObject({
      phone: { id: `${INNOCENTY}/${CAR}`, graphId: CAR, number: '+1 425 555 0126' },
      userErrors: [],
    });
    expect(upstream(emulator)).toEqual([`PATCH /me/profile/phones/${CAR}`, `GET /me/profile/phones/${CAR}`]);
  });

  it('changes only what the caller has seen, when asked to', async () => {
    const seen = car()?.lastModifiedDateTime;
    const first = await run(UPDATE, { id: CAR, number: '1', expectedLastModifiedDateTime: seen });
    expect(first.payload?.userErrors).toEqual([]);
    emulator.clearCalls();
    const second = await run(UPDATE, { id: CAR, number: '2', expectedLastModifiedDateTime: seen });
    expect(second.payload).toMatchObject({
      phone: null,
      userErrors: [{ code: 'PRECONDITION_FAILED', field: ['input', 'expectedLastModifiedDateTime'] }],
    });
    expect(writes()).toEqual([]);
    expect(car()?.number).toBe('1');
  });
});

describe('deletePhone', () => {
  it('deletes the phone and nothing else', async () => {
    const others = mine().filter(({ id }) => id !== CAR);
    const { payload } = await run(DELETE, { id: CAR });
    expect(payload).toEqual({ deletedPhoneId: `${INNOCENTY}/${CAR}`, userErrors: [] });
    expect(mine()).toEqual(others);
  });

  it.each(['..', '.', '', '../phones', '..%2f', '%2e%2e', 'a/..', '$ref'])(
    'never reaches the profile by the id %j',
    async (id) => {
      const { payload } = await run(DELETE, { id });
      expect(payload).toMatchObject({ deletedPhoneId: null, userErrors: [{ code: 'INVALID_INPUT' }] });
      expect(upstream(emulator)).toEqual([]);
      expect(mine()).toHaveLength(3);
    },
  );

  it('says when there is no such phone, or it has changed', async () => {
    expect(codes((await run(DELETE, { id: 'nothing-here' })).payload)).toEqual(['NOT_FOUND']);
    const stale = { id: CAR, expectedLastModifiedDateTime: '2020-01-01T00:00:00Z' };
    expect(codes((await run(DELETE, stale)).payload)).toEqual(['PRECONDITION_FAILED']);
    expect(mine()).toHaveLength(3);
  });

  it('takes a phone that is gone after a lost answer for deleted', async () => {
    emulator.faults.add({ on: { method: 'DELETE' }, do: { reset: 'after' } });
    expect((await run(DELETE, { id: CAR })).payload).toEqual({
      deletedPhoneId: `${INNOCENTY}/${CAR}`,
      userErrors: [],
    });
    expect(writes()).toHaveLength(1);
  });
});

describe('what Graph refuses is data, and what is wrong with Graph is an error', () => {
  it.each([
    [400, 'REJECTED'],
    [403, 'FORBIDDEN'],
    [409, 'CONFLICT'],
    [412, 'PRECONDITION_FAILED'],
    [413, 'REJECTED'],
    [422, 'REJECTED'],
    [423, 'CONFLICT'],
  ])('%i is %s, and nothing was changed', async (status, code) => {
    emulator.faults.add({ on: { method: 'POST' }, do: { status } });
    const { payload, errors } = await run(ADD, { number: '1' });
    expect(errors).toBeUndefined();
    expect(codes(payload)).toEqual([code]);
    expect(writes()).toHaveLength(1);
  });

  it.each([
    [401, 'UNAUTHENTICATED'],
    [429, 'THROTTLED'],
  ])('%i is an error of the service, and nothing was changed', async (status, code) => {
    emulator.faults.add({ on: { method: 'POST' }, do: { status, headers: { 'retry-after': '7' } } });
    const { payload, errors } = await run(ADD, { number: '1' });
    expect(payload).toBeNull();
    expect(errors).toMatchObject([{ path: ['addPhone'], extensions: { code, graph: { status } } }]);
    expect(writes()).toHaveLength(1);
  });
});

/** Ways to lose an answer. In all of them the phone may have been added. */
const LOST: [string, FaultAction][] = [
  ['a reset after the work', { reset: 'after' }],
  ['a reset within the answer', { reset: 'mid-body' }],
  ['an answer cut short', { truncate: true }],
  ['a 500', { commitThen: 500 }],
  ['a 503', { commitThen: 503 }],
  ['a 504', { commitThen: 504 }],
  ['a page of HTML', { commitThen: { status: 200, body: '<html></html>', contentType: 'text/html' } }],
  ['a 201 without a body', { rewrite: (answer) => ({ ...answer, body: undefined }) }],
  ['a 201 without an id', { rewrite: (answer) => ({ ...answer, body: { number: '1' } }) }],
];

describe('a write whose outcome was not seen is sent once, and the caller is told', () => {
  it.each(LOST)('addPhone after %s', async (_name, action) => {
    emulator.faults.add({ on: { method: 'POST' }, do: action });
    const { payload, errors } = await run(ADD, { number: '+1 425 555 0127' });
    expect(errors).toBeUndefined();
    expect(payload).toMatchObject({ phone: null, userErrors: [{ code: 'OUTCOME_UNKNOWN' }] });
    expect(writes()).toHaveLength(1);
    expect(mine()).toHaveLength(4);
  });

  it.each(LOST)('updatePhone after %s is read back, and done when it shows', async (_name, action) => {
    emulator.faults.add({ on: { method: 'PATCH' }, do: action });
    const { payload } = await run(UPDATE, {
      id: CAR,
      number: '+1 425 555 0128',
      allowedAudiences: ['CONTACTS'],
    });
    expect(payload).toMatchObject({ phone: { number: '+1 425 555 0128' }, userErrors: [] });
    expect(writes()).toHaveLength(1);
  });

  it('updatePhone that does not show is unknown', async () => {
    emulator.faults.add({ on: { method: 'PATCH' }, do: { reset: 'before' } });
    const { payload } = await run(UPDATE, { id: CAR, number: '+1 425 555 0129' });
    expect(payload).toMatchObject({ phone: null, userErrors: [{ code: 'OUTCOME_UNKNOWN' }] });
    expect(writes()).toHaveLength(1);
  });
});

describe('an idempotency key makes one phone', () => {
  const input = { number: '+1 425 555 0130', idempotencyKey: 'a-key_1' };

  it('however often it is repeated, one after the other or at once', async () => {
    const first = await run(ADD, input);
    const repeats = await Promise.all(Array.from({ length: 5 }, () => run(ADD, input)));
    for (const { payload } of repeats) expect(payload).toEqual(first.payload);
    expect(writes()).toHaveLength(1);
    const other = { ...input, idempotencyKey: 'another' };
    const atOnce = await Promise.all(Array.from({ length: 5 }, () => run(ADD, other)));
    expect(new Set(atOnce.map(({ payload }) => payload?.phone.id)).size).toBe(1);
    expect(writes()).toHaveLength(2);
  });

  it('refuses the key with another input', async () => {
    await run(ADD, { ...input, idempotencyKey: 'reused' });
    const { payload } = await run(ADD, { ...input, idempotencyKey: 'reused', number: '2' });
    expect(payload).toMatchObject({
      userErrors: [{ code: 'IDEMPOTENCY_KEY_REUSED', field: ['input', 'idempotencyKey'] }],
    });
    expect(writes()).toHaveLength(1);
  });

  it('belongs to one caller and one person', async () => {
    const key = { ...input, idempotencyKey: 'mine' };
    await run(ADD, key);
    await run(ADD, { ...key, userId: FIXTURES.withNone }, 'admin');
    await run(ADD, { ...key, userId: INNOCENTY }, 'admin');
    expect(writes()).toHaveLength(3);
  });

  it('is free again after a refusal', async () => {
    emulator.faults.add({ on: { method: 'POST' }, do: { status: 400 } });
    const key = { ...input, idempotencyKey: 'refused' };
    expect(codes((await run(ADD, key)).payload)).toEqual(['REJECTED']);
    expect((await run(ADD, key)).payload?.userErrors).toEqual([]);
    expect(writes()).toHaveLength(2);
  });
});
