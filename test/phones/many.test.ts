// Many phones in one call: one after the other for one person, several people at once, each with an outcome in its place,
// and safe to repeat as a whole.
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { FIXTURES } from '../../emulator/emulator.ts';
import { nextTurn, startReplicas } from '../support/replicas.ts';

const INNOCENTY = 'db789417-4ccb-41d1-a0a9-47b01a09ea49';
const CAR = '0fb4c1e3-c1e3-0fb4-e3c1-b40fe3c1b40f';
const QUIET_MS = 6 * 60 * 1000;

const system = await startReplicas({ environment: { RATE_LIMIT: '0' } });
const hurried = await startReplicas({ count: 1, environment: { REQUEST_DEADLINE_MS: '1200' } });
afterAll(async () => {
  await system[Symbol.asyncDispose]();
  await hurried[Symbol.asyncDispose]();
});
beforeEach(async () => {
  await system.newDay();
  await hurried.newDay();
});

const { emulator, run, pass, writes } = system;

const ADD = `mutation ($input: AddPhonesInput!) { addPhones(input: $input) {
  results { phone { graphId number } userErrors { code field } } userErrors { code field }
} }`;
const UPDATE = `mutation ($input: UpdatePhonesInput!) { updatePhones(input: $input) {
  results { phone { graphId number displayName } userErrors { code field } } userErrors { code field }
} }`;

const mine = (where = emulator) =>
  where.phonesOf(INNOCENTY).filter(({ displayName }) => displayName === 'Many');
const numbers = (count: number) =>
  Array.from({ length: count }, (_, at) => ({ number: `+1 425 555 01${10 + at}`, displayName: 'Many' }));
let keys = 0;
const newKey = (): string => {
  keys += 1;
  return `bulk-${keys}`;
};

/** The most writes that were under way at a moment until the answer came. */
async function mostWrites(answer: Promise<unknown>): Promise<number> {
  let most = 0;
  let isOver = false;
  answer.finally(() => {
    isOver = true;
  });
  while (!isOver) {
    const open = emulator.calls.filter(({ path, status }) => status === 0 && !path.endsWith('$batch'));
    most = Math.max(most, open.filter(({ method }) => method !== 'GET').length);
    await nextTurn();
  }
  return most;
}
/** The methods of what travelled in batches. */
const batched = () => emulator.calls.flatMap(({ items }) => items.map(({ method }) => method));

interface Outcome {
  readonly phone: { readonly graphId: string; readonly number: string } | null;
  readonly userErrors: readonly { readonly code: string; readonly field: readonly string[] }[];
}
/** An id, the codes, or null for an error elsewhere. */
const brief = ({ payload }: { payload: { results: (Outcome | null)[] } }) =>
  payload.results.map((result) =>
    result === null ? null : (result.phone?.number ?? result.userErrors.map(({ code }) => code).join()),
  );

describe('addPhones', () => {
  it.each([
    ['of one person one after the other, with one look before', false, 1, { posts: 100, others: 4 }],
    ['of a hundred people sixteen at a time, with looks in batches', true, 16, { posts: 100, others: 6 }],
  ])('adds a hundred %s, in their places', async (_how, isOfMany, atATime, requests) => {
    emulator.faults.add({ on: { method: 'POST', path: '/phones' }, times: 100, do: { delayMs: 15 } });
    const people = emulator.people.slice(20, 120);
    const phones = numbers(100).map((phone, at) => (isOfMany ? { ...phone, userId: people[at]?.id } : phone));
    const asked = run(ADD, { phones, idempotencyKey: newKey() }, { as: isOfMany ? 'admin' : 'innocenty' });
    const most = await mostWrites(asked);
    const { payload, errors } = await asked;
    expect(errors).toBeUndefined();
    expect(brief({ payload })).toEqual(phones.map(({ number }) => number));
    expect(writes()).toHaveLength(requests.posts);
    expect(emulator.calls.length - requests.posts).toBeLessThanOrEqual(requests.others);
    expect(most).toBe(atATime);
    expect(new Set(batched())).toEqual(new Set(isOfMany ? ['GET'] : []));
  });

  it('of which two are the same adds both', async () => {
    const phones = [...numbers(1), ...numbers(1), ...numbers(1)];
    const key = newKey();
    emulator.faults.add({ on: { method: 'POST' }, times: 2, do: { reset: 'after' } });
    const { payload } = await run(ADD, { phones, idempotencyKey: key });
    expect(new Set(payload.results.map(({ phone }: Outcome) => phone?.graphId)).size).toBe(3);
    expect((await run(ADD, { phones, idempotencyKey: key }, { at: 1 })).payload).toEqual(payload);
    expect(mine()).toHaveLength(3);
    expect(writes()).toHaveLength(3);
  });

  it('gives each its own outcome: one that is wrong, one refused, one lost, one that was throttled', async () => {
    const phones = [
      ...numbers(2),
      { number: '', displayName: 'Many' },
      { number: '+1 425 555 0150', displayName: 'Many', userId: FIXTURES.withNone },
      { number: '+1 425 555 0151', displayName: 'Many', idempotencyKey: 'own' },
      { number: '+1 425 555 0152', displayName: 'Many', source: { type: [] } },
    ];
    const { payload, errors } = await run(ADD, { phones, idempotencyKey: newKey() });
    expect(errors).toBeUndefined();
    expect(payload.userErrors).toEqual([]);
    expect(brief({ payload })).toEqual([
      phones[0]?.number,
      phones[1]?.number,
      'INVALID_INPUT',
      'FORBIDDEN',
      'INVALID_INPUT',
      'INVALID_INPUT',
    ]);
    expect(payload.results.map(({ userErrors }: Outcome) => userErrors[0]?.field?.join('.'))).toEqual([
      undefined,
      undefined,
      'input.phones.2.number',
      undefined,
      'input.phones.4.idempotencyKey',
      'input.phones.5.source.type',
    ]);
    expect(mine()).toHaveLength(2);
  });

  it('and trouble with the service for one of them is an error at its place, and the others stand', async () => {
    const phones = numbers(6);
    const key = newKey();
    emulator.faults.add({
      on: { method: 'POST' },
      skip: 2,
      do: { status: 429, headers: { 'retry-after': '1' } },
    });
    const first = await run(ADD, { phones, idempotencyKey: key });
    const failed = first.payload.results.indexOf(null);
    expect(first.errors).toMatchObject([
      { path: ['addPhones', 'results', failed], extensions: { code: 'THROTTLED', graph: { status: 429 } } },
    ]);
    expect(mine()).toHaveLength(5);

    const repeat = await run(ADD, { phones, idempotencyKey: key }, { at: 1 });

    expect(brief(repeat)).toEqual(phones.map(({ number }) => number));
    expect(mine()).toHaveLength(6);
    expect(writes()).toHaveLength(7);
  });

  it('repeated as a whole after any mixture of lost answers adds each once', async () => {
    const phones = numbers(20);
    const key = newKey();
    for (const [skip, action] of [
      [1, { reset: 'after' }],
      [2, { commitThen: 504 }],
      [3, { reset: 'before' }],
      [4, { status: 503 }],
      [5, { truncate: true }],
    ] as const)
      emulator.faults.add({ on: { method: 'POST' }, skip, do: action });
    const first = await run(ADD, { phones, idempotencyKey: key });
    expect(brief(first).filter((code) => code === 'OUTCOME_UNKNOWN')).toHaveLength(2);
    expect(mine()).toHaveLength(18);
    expect(brief(await run(ADD, { phones, idempotencyKey: key }, { at: 1 }))).toEqual(brief(first));
    pass(QUIET_MS);

    const last = await run(ADD, { phones, idempotencyKey: key }, { at: 1 });

    expect(brief(last)).toEqual(phones.map(({ number }) => number));
    expect(mine()).toHaveLength(20);
    expect(writes()).toHaveLength(22);
  });

  it('refuses a place that has another input than before, and leaves the others as they were', async () => {
    const key = newKey();
    await run(ADD, { phones: numbers(3), idempotencyKey: key });
    const [one, , three] = numbers(3);
    const phones = [one, { number: '+1 425 555 0160', displayName: 'Many' }, three];
    const { payload } = await run(ADD, { phones, idempotencyKey: key });
    expect(brief({ payload })).toEqual([one?.number, 'IDEMPOTENCY_KEY_REUSED', three?.number]);
    expect(payload.results[1].userErrors[0].field).toEqual(['input', 'idempotencyKey']);
    expect(mine()).toHaveLength(3);
  });

  it('has keys that no single call can have', async () => {
    const key = newKey();
    await run(ADD, { phones: numbers(1), idempotencyKey: key });
    const single = `mutation ($input: AddPhoneInput!) { addPhone(input: $input) { userErrors { code } } }`;
    const answer = await run(single, { ...numbers(1)[0], idempotencyKey: `${key}/0` });
    expect(answer.payload.userErrors).toMatchObject([{ code: 'INVALID_INPUT' }]);
    await run(single, { ...numbers(1)[0], idempotencyKey: key });
    expect(mine()).toHaveLength(2);
  });

  it('lets each have a key of its own where the call has none', async () => {
    const phones = numbers(2).map((phone, at) => ({ ...phone, idempotencyKey: `${newKey()}-${at}` }));
    const first = await run(ADD, { phones });
    expect((await run(ADD, { phones: phones.toReversed() })).payload.results.toReversed()).toEqual(
      first.payload.results,
    );
    expect(writes()).toHaveLength(2);
  });

  it.each([
    [{ phones: [] }, 'phones'],
    [{ phones: numbers(101) }, 'phones'],
    [{ phones: numbers(1), idempotencyKey: 'a b' }, 'idempotencyKey'],
  ])('refuses a call that cannot be worked on as a whole', async (input, field) => {
    const { payload, errors } = await run(ADD, input);
    expect(errors).toBeUndefined();
    expect(payload).toEqual({
      results: [],
      userErrors: [{ code: 'INVALID_INPUT', field: ['input', field] }],
    });
    expect(emulator.calls).toEqual([]);
  });

  it('sends nothing when keys cannot be looked up, and says so at each place', async () => {
    system.replicas[0]?.store.failFrom(1);
    const { payload, errors } = await run(ADD, { phones: numbers(3), idempotencyKey: newKey() });
    system.replicas[0]?.store.heal();
    expect(brief({ payload })).toEqual([null, null, null]);
    expect(errors.map(({ path }: { path: unknown[] }) => path[2])).toEqual([0, 1, 2]);
    expect(writes()).toEqual([]);
  });

  // A hundred phones and time for a few: whatever was not begun says so, and calling again goes on where it stopped.
  it('says of what it did not come to that nothing was sent, and a repeat goes on from there', async () => {
    const phones = numbers(100);
    const key = newKey();
    const slow = hurried.emulator.faults.add({
      on: { method: 'POST' },
      times: Number.POSITIVE_INFINITY,
      do: { delayMs: 60 },
    });
    const first = await hurried.run(ADD, { phones, idempotencyKey: key });
    const added = brief(first).filter((number) => number !== null).length;
    const skipped = first.errors.filter(
      ({ extensions, message }: { extensions: { code: string }; message: string }) =>
        extensions.code === 'TIMEOUT' && message.includes('Nothing was sent'),
    );
    expect(added).toBeGreaterThan(3);
    expect(skipped.length).toBeGreaterThan(3);
    expect(added + skipped.length).toBe(100);
    expect(hurried.writes()).toHaveLength(added);
    expect(mine(hurried.emulator)).toHaveLength(added);

    slow();
    for (let tries = 0; tries < 20 && mine(hurried.emulator).length < 100; tries += 1)
      await hurried.run(ADD, { phones, idempotencyKey: key });
    expect(
      mine(hurried.emulator)
        .map(({ number }) => number)
        .toSorted(),
    ).toEqual(phones.map(({ number }) => number).toSorted());
    expect(hurried.writes()).toHaveLength(100);
  });

  it('waits when Graph asks to slow down, as long as there is time, and then says so', async () => {
    hurried.emulator.faults.add({
      on: { method: 'POST' },
      skip: 4,
      times: 4,
      do: { status: 429, headers: { 'retry-after': '30' } },
    });
    const { payload, errors } = await hurried.run(ADD, { phones: numbers(30), idempotencyKey: newKey() });
    const codes = errors.map(({ extensions }: { extensions: { code: string } }) => extensions.code);
    expect(new Set(codes)).toEqual(new Set(['THROTTLED']));
    expect(errors.at(-1).extensions.retryAfterSeconds).toBeGreaterThan(25);
    expect(hurried.writes().length).toBeLessThanOrEqual(8);
    expect(mine(hurried.emulator)).toHaveLength(
      payload.results.filter((one: unknown) => one !== null).length,
    );
  });
});

describe('updatePhones', () => {
  const others = () => emulator.phonesOf(INNOCENTY).filter(({ id }) => id !== CAR);

  it('changes each, in its place', async () => {
    const ids = emulator.phonesOf(INNOCENTY).map(({ id }) => id);
    const phones = ids.map((id, at) => ({ id, number: `+1 425 555 017${at}` }));
    const { payload, errors } = await run(UPDATE, { phones });
    expect(errors).toBeUndefined();
    expect(payload.results.map(({ phone }: Outcome) => phone)).toMatchObject(
      phones.map(({ id, number }) => ({ graphId: id, number })),
    );
    expect(writes()).toHaveLength(3);
  });

  it('gives each its own outcome, and its fields by their places', async () => {
    const [other] = others();
    const { payload, errors } = await run(UPDATE, {
      phones: [
        { id: CAR, number: '1' },
        { id: 'nothing-here', number: '1' },
        { id: other?.id, type: null },
        { id: CAR, number: '2' },
        { id: '..', number: '1' },
      ],
    });
    expect(errors).toBeUndefined();
    expect(
      payload.results.map(({ userErrors: [error] }: Outcome) => [error?.code, error?.field?.join('.')]),
    ).toEqual([
      [undefined, undefined],
      ['NOT_FOUND', 'input.phones.1.id'],
      ['INVALID_INPUT', 'input.phones.2.type'],
      ['INVALID_INPUT', 'input.phones.3.id'],
      ['INVALID_INPUT', 'input.phones.4.id'],
    ]);
    expect(emulator.phonesOf(INNOCENTY).find(({ id }) => id === CAR)?.number).toBe('1');
  });

  it('can be repeated as a whole, also with what the caller saw before: what is done is done', async () => {
    const phones = emulator.phonesOf(INNOCENTY).map(({ id, lastModifiedDateTime }, at) => {
      return { id, number: `+1 425 555 018${at}`, expectedLastModifiedDateTime: lastModifiedDateTime };
    });
    emulator.faults.add({ on: { method: 'PATCH', path: CAR }, do: { status: 429 } });
    const first = await run(UPDATE, { phones });
    expect(first.payload.results.filter((one: unknown) => one === null)).toHaveLength(1);
    expect(first.errors).toMatchObject([{ extensions: { code: 'THROTTLED' } }]);

    const repeat = await run(UPDATE, { phones }, { at: 1 });

    expect(repeat.payload.results.map(({ phone }: Outcome) => phone)).toMatchObject(
      phones.map(({ id, number }) => ({ graphId: id, number })),
    );
    expect(writes()).toHaveLength(4);
  });

  it('refuses an empty list', async () => {
    const { payload } = await run(UPDATE, { phones: [] });
    expect(payload).toMatchObject({ results: [], userErrors: [{ code: 'INVALID_INPUT' }] });
  });
});

describe('deletePhones', () => {
  const DELETE = `mutation ($input: DeletePhonesInput!) { deletePhones(input: $input) {
    results { deletedPhoneId userErrors { code field } } userErrors { code field }
  } }`;
  const ids = () => emulator.phonesOf(INNOCENTY).map(({ id }) => id);
  const globally = (id: string) => `${INNOCENTY}/${id}`;
  const outcomes = ({ payload }: { payload: { results: readonly (Deleted | null)[] } }) =>
    payload.results.map((one) => (one === null ? null : (one.deletedPhoneId ?? one.userErrors[0]?.code)));
  interface Deleted {
    readonly deletedPhoneId: string | null;
    readonly userErrors: readonly { readonly code: string; readonly field: readonly string[] | null }[];
  }

  it('takes each out, in its place', async () => {
    const all = ids();
    const answer = await run(DELETE, { phones: all.map((id) => ({ id })) });
    expect(answer.errors).toBeUndefined();
    expect(outcomes(answer)).toEqual(all.map(globally));
    expect(ids()).toEqual([]);
    expect(writes()).toHaveLength(all.length);
  });

  it('gives each its own outcome, and its fields by their places', async () => {
    const [other] = ids().filter((id) => id !== CAR);
    const { payload, errors } = await run(DELETE, {
      phones: [
        { id: CAR },
        { id: 'nothing-here' },
        { id: CAR },
        { id: '..' },
        { id: other, expectedLastModifiedDateTime: '2020-01-01T00:00:00Z' },
        { id: `nobody at all/${CAR}` },
      ],
    });
    expect(errors).toBeUndefined();
    expect(
      payload.results.map(({ deletedPhoneId, userErrors: [error] }: Deleted) => [
        deletedPhoneId ?? error?.code,
        error?.field?.join('.'),
      ]),
    ).toEqual([
      [globally(CAR), undefined],
      ['NOT_FOUND', 'input.phones.1.id'],
      ['INVALID_INPUT', 'input.phones.2.id'],
      ['INVALID_INPUT', 'input.phones.3.id'],
      ['PRECONDITION_FAILED', 'input.phones.4.expectedLastModifiedDateTime'],
      ['INVALID_INPUT', 'input.phones.5.id'],
    ]);
    expect(ids()).not.toContain(CAR);
    expect(ids()).toContain(other);
  });

  it('repeated as a whole after lost answers takes out the rest, and asks for nothing that is gone', async () => {
    const all = ids();
    const phones = all.map((id) => ({ id }));
    emulator.faults.add({ on: { method: 'DELETE' }, do: { status: 429 } });
    const first = await run(DELETE, { phones });
    expect(outcomes(first).filter((one) => one === null)).not.toEqual([]);
    const sent = writes().length;
    const left = ids();
    pass(QUIET_MS);

    const repeat = await run(DELETE, { phones }, { at: 1 });

    expect(outcomes(repeat)).toEqual(all.map((id) => (left.includes(id) ? globally(id) : 'NOT_FOUND')));
    expect(writes()).toHaveLength(sent + left.length);
    expect(ids()).toEqual([]);
  });

  it('whose answer is lost is a success when the phone is gone', async () => {
    const all = ids();
    emulator.faults.add({ on: { method: 'DELETE' }, times: 2, do: { reset: 'after' } });
    const answer = await run(DELETE, { phones: all.map((id) => ({ id })) });
    expect(outcomes(answer)).toEqual(all.map(globally));
    expect(writes()).toHaveLength(all.length);
  });

  it.each([[[]], [Array.from({ length: 101 }, (_, at) => ({ id: `id-${at}` }))]])(
    'refuses a call of none, and of more than a hundred',
    async (phones) => {
      const { payload } = await run(DELETE, { phones });
      expect(payload).toMatchObject({ results: [], userErrors: [{ code: 'INVALID_INPUT' }] });
      expect(emulator.calls).toEqual([]);
    },
  );
});
