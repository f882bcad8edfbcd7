// One phone for a key, whatever becomes of answers, of replicas, of their store and of time. Two gateways share a store
// before one emulator; each has its own way to the store, which can be troubled. Their sleeps are shortened, and time can
// be let go by.
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { type EmulatorResponse, FIXTURES } from '../../emulator/emulator.ts';
import { until } from '../support/emulator.ts';
import { DONE, LOST } from '../support/lost-answers.ts';
import { startReplicas } from '../support/replicas.ts';
import { written } from '../support/troubled-store.ts';

const INNOCENTY = 'db789417-4ccb-41d1-a0a9-47b01a09ea49';
const DEADLINE_MS = 2_500;
/** After a phone was sent. */
const QUIET_MS = 5 * 60 * 1000 + DEADLINE_MS;
/** Longer than any lease lasts here. */
const LEASE_MS = DEADLINE_MS + 6_000;

const texts: { all: readonly string[] } = { all: [] };
const system = await startReplicas({
  environment: { REQUEST_DEADLINE_MS: String(DEADLINE_MS) },
  behind(store) {
    const diary = written(store);
    texts.all = diary.texts;
    return diary.store;
  },
});
const { emulator, replicas, run, runAndLeave, idle, pass, writes } = system;
const [first, second] = replicas;
if (first === undefined || second === undefined) throw new Error('there are not two replicas');
afterAll(() => system[Symbol.asyncDispose]());
beforeEach(async () => {
  for (const { store } of replicas) {
    store.heal();
    store.clear();
  }
  await system.newDay();
});

const ADD = `mutation ($input: AddPhoneInput!) { addPhone(input: $input) {
  phone { id: graphId number displayName lastModifiedBy { user { objectId } } } userErrors { code field message }
} }`;
const DELETE = `mutation ($input: DeletePhoneInput!) { deletePhone(input: $input) { deletedPhoneId } }`;

let keys = 0;
const newKey = (): string => {
  keys += 1;
  return `key-${keys}`;
};
const NUMBER = '+1 425 555 0130';
const mine = () => emulator.phonesOf(INNOCENTY).filter(({ number }) => number === NUMBER);
const add = (key: string | null, at = 0, more: Record<string, unknown> = {}, as?: string) =>
  run(ADD, { number: NUMBER, idempotencyKey: key, ...more }, { at, ...(as === undefined ? {} : { as }) });
const codesOf = ({ payload }: { payload: { userErrors: { code: string }[] } }) =>
  payload.userErrors.map(({ code }) => code);
const strike = (action: Parameters<typeof emulator.faults.add>[0]['do'], times = 1) =>
  emulator.faults.add({ on: { method: 'POST', path: '/phones' }, times, do: action });
/** What arrives late, or from elsewhere: a POST that no gateway sends any more. */
const post = async (as = 'demo-token-innocenty', body: object = { number: NUMBER }) => {
  const response = await fetch(`${emulator.url}/beta/me/profile/phones`, {
    method: 'POST',
    headers: { authorization: `Bearer ${as}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return ((await response.json()) as { id: string }).id;
};
/** What could not be written down is tried again while nobody waits; the next test is not to meet it. */
const writtenDown = (times: number) =>
  until(() => first.store.calls.filter((call) => call === 'replace key').length >= times);

describe('a phone whose answer was lost is found again', () => {
  it.each(DONE)('%s', async (_what, action) => {
    const key = newKey();
    strike(action);

    const { payload, errors } = await add(key);
    const repeat = await add(key, 1);

    expect(errors).toBeUndefined();
    expect(payload.userErrors).toEqual([]);
    expect(payload.phone).toMatchObject({ id: mine()[0]?.id, number: NUMBER, lastModifiedBy: { user: {} } });
    expect(repeat.payload).toEqual(payload);
    expect(writes()).toHaveLength(1);
    expect(mine()).toHaveLength(1);
  });

  it('with all that it can have, as Graph stores it', async () => {
    strike({ reset: 'after' });
    const { payload } = await add(newKey(), 0, {
      type: 'BUSINESS_FAX',
      displayName: 'Fax ',
      allowedAudiences: ['ORGANIZATION', 'ME', 'CONTACTS'],
      inference: { confidenceScore: 0.5 },
      source: { type: ['User', 'AAD'] },
    });
    expect(payload.phone?.id).toBe(mine()[0]?.id);
    expect(payload.userErrors).toEqual([]);
  });

  it('on the second page of a long list', async () => {
    strike({ reset: 'after' });
    const { payload } = await add(newKey(), 0, { userId: FIXTURES.withThirty }, 'admin');
    const person = emulator.people.find(({ userPrincipalName }) => userPrincipalName === FIXTURES.withThirty);
    expect(payload.phone.id).toBe(emulator.phonesOf(person?.id ?? '').at(-1)?.id);
    expect(writes()).toHaveLength(1);
  });

  it('when the list cannot be read at first', async () => {
    strike({ reset: 'after' });
    emulator.faults.add({ on: { method: 'GET', path: /phones$/ }, times: 2, do: { status: 503 } });
    const { payload } = await add(newKey());
    expect(payload.userErrors).toEqual([]);
    expect(mine()).toHaveLength(1);
  });

  it('by a later repeat, when the work was done after everybody had stopped looking', async () => {
    const key = newKey();
    strike({ status: 504 });
    expect(codesOf(await add(key))).toEqual(['OUTCOME_UNKNOWN']);
    const id = await post();

    const { payload } = await add(key, 1);

    expect(payload).toMatchObject({ phone: { id }, userErrors: [] });
    expect(mine()).toHaveLength(1);
  });
});

describe('a phone that was not added is not sent again before it can be told', () => {
  it.each(LOST)('%s', async (_what, action) => {
    const key = newKey();
    strike(action);

    expect(codesOf(await add(key))).toEqual(['OUTCOME_UNKNOWN']);
    expect(codesOf(await add(key, 1))).toEqual(['OUTCOME_UNKNOWN']);
    pass(QUIET_MS - 60_000);
    expect(codesOf(await add(key, 1))).toEqual(['OUTCOME_UNKNOWN']);
    expect(writes()).toHaveLength(1);
    pass(60_000);
    const sent = await add(key, 1);
    const repeat = await add(key);

    expect(sent.payload.userErrors).toEqual([]);
    expect(repeat.payload).toEqual(sent.payload);
    expect(writes()).toHaveLength(2);
    expect(mine()).toHaveLength(1);
  });

  it('not even after the quiet, when the list cannot be read', async () => {
    const key = newKey();
    strike({ reset: 'before' });
    await add(key);
    pass(QUIET_MS);
    emulator.faults.add({ on: { method: 'GET', path: /phones$/ }, times: 20, do: { status: 503 } });
    expect(codesOf(await add(key))).toEqual(['OUTCOME_UNKNOWN']);
    expect(writes()).toHaveLength(1);
  });

  it('and a second try that is refused leaves it as it was', async () => {
    const key = newKey();
    strike({ reset: 'before' });
    await add(key);
    pass(QUIET_MS);
    strike({ status: 400 });
    expect(codesOf(await add(key))).toEqual(['REJECTED']);
    const id = await post();
    expect((await add(key, 1)).payload).toMatchObject({ phone: { id }, userErrors: [] });
  });
});

describe('a phone that is somebody else’s is not taken for it', () => {
  it('one that was there before', async () => {
    await post();
    strike({ reset: 'before' });
    expect(codesOf(await add(newKey()))).toEqual(['OUTCOME_UNKNOWN']);
    expect(mine()).toHaveLength(1);
  });

  it('one that was added without a key in the meantime', async () => {
    const key = newKey();
    strike({ reset: 'before' });
    await add(key);
    await add(null, 1);
    expect(codesOf(await add(key))).toEqual(['OUTCOME_UNKNOWN']);
  });

  it('one that did not show before, and is old', async () => {
    const key = newKey();
    await post();
    pass(6 * 60 * 1000);
    const isEmpty = { rewrite: (answer: EmulatorResponse) => ({ ...answer, body: { value: [] } }) };
    emulator.faults.add({ on: { method: 'GET', path: 'select=id' }, do: isEmpty });
    strike({ reset: 'before' });
    expect(codesOf(await add(key))).toEqual(['OUTCOME_UNKNOWN']);
  });

  it('one of another key with the same content', async () => {
    const [lost, other] = [newKey(), newKey()];
    strike({ reset: 'before' });
    expect(codesOf(await add(lost))).toEqual(['OUTCOME_UNKNOWN']);
    expect(codesOf(await add(other, 1))).toEqual([]);
    expect(codesOf(await add(lost, 1))).toEqual(['OUTCOME_UNKNOWN']);
    expect(mine()).toHaveLength(1);
  });

  it('one that another key found for itself', async () => {
    const [lost, other] = [newKey(), newKey()];
    strike({ reset: 'before' });
    await add(lost);
    strike({ reset: 'after' });
    expect(codesOf(await add(other, 1))).toEqual([]);
    expect(codesOf(await add(lost))).toEqual(['OUTCOME_UNKNOWN']);
  });

  it('one with another number, name or type', async () => {
    const key = newKey();
    strike({ reset: 'before' });
    await add(key, 0, { displayName: 'Attic', type: 'MOBILE' });
    await post(undefined, { number: NUMBER, displayName: 'Attic' });
    await post(undefined, { number: NUMBER, displayName: 'Cellar', type: 'mobile' });
    await post(undefined, { number: '+1 425 555 0131', displayName: 'Attic', type: 'mobile' });
    const more = { displayName: 'Attic', type: 'MOBILE' };
    expect(codesOf(await add(key, 0, more))).toEqual(['OUTCOME_UNKNOWN']);
  });

  it('and of several that could be it none is, nor is any taken away', async () => {
    const key = newKey();
    strike({ status: 504 });
    await add(key);
    await post();
    await post();
    expect(codesOf(await add(key))).toEqual(['DUPLICATE_SUSPECTED']);
    pass(QUIET_MS);
    expect(codesOf(await add(key, 1))).toEqual(['DUPLICATE_SUSPECTED']);
    expect(mine()).toHaveLength(2);
    expect(writes()).toHaveLength(3);
  });
});

describe('what was there before', () => {
  // The read that is under way began earlier, and could miss what was added since.
  it('is read for each addition anew, though the same caller is reading the same at that moment', async () => {
    const list = '/beta/me/profile/phones?$select=id';
    await add(newKey());
    emulator.clearCalls();
    emulator.faults.add({ on: { method: 'GET', path: list }, do: { delayMs: 300 } });
    const reading = run('{ me { phones { graphId } } }', {});
    await until(() => emulator.calls.length === 1);
    expect(codesOf(await add(newKey(), 0, { displayName: 'Attic' }))).toEqual([]);
    const lists = emulator.calls.filter(({ path }) => path === list).map(({ status }) => status);
    expect(lists).toEqual([0, 200]);
    await reading;
  });
});

describe('many calls at once with one key make one phone', () => {
  it.each([['when all goes well', null], ...DONE.filter(([what]) => !what.startsWith('no answer'))] as const)(
    '%s',
    async (_what, action) => {
      const key = newKey();
      if (action !== null) strike(action);
      const answers = await Promise.all(Array.from({ length: 12 }, (_, at) => add(key, at % 2)));
      expect(answers.flatMap(codesOf)).toEqual([]);
      expect(new Set(answers.map(({ payload }) => payload.phone.id)).size).toBe(1);
      expect(writes()).toHaveLength(1);
      expect(mine()).toHaveLength(1);
    },
  );

  it('and two keys with the same content make two', async () => {
    strike({ reset: 'after' }, 2);
    const [one, other] = [newKey(), newKey()];
    const answers = await Promise.all([add(one), add(other, 1), add(one, 1), add(other)]);
    expect(answers.flatMap(codesOf)).toEqual([]);
    expect(answers[0]?.payload).toEqual(answers[2]?.payload);
    expect(answers[1]?.payload).toEqual(answers[3]?.payload);
    expect(new Set(answers.map(({ payload }) => payload.phone.id)).size).toBe(2);
    expect(mine()).toHaveLength(2);
    expect(writes()).toHaveLength(2);
  });

  it('and of two inputs with one key one is refused', async () => {
    const key = newKey();
    const answers = await Promise.all([add(key), add(key, 1, { displayName: 'Attic' })]);
    expect(answers.flatMap(codesOf)).toEqual(['IDEMPOTENCY_KEY_REUSED']);
    expect(writes()).toHaveLength(1);
  });

  it('and who cannot wait any longer is told that it is under way', async () => {
    const key = newKey();
    const hold = first.store.holdAt(4, 'before');
    const slow = add(key);
    await hold.held;
    const { payload } = await add(key, 1);
    expect(payload.userErrors).toMatchObject([
      { code: 'IDEMPOTENCY_IN_PROGRESS', field: ['input', 'idempotencyKey'] },
    ]);
    expect(writes()).toEqual([]);
    hold.release();
    await slow;
  });
});

describe('a replica that goes away in the middle', () => {
  // It sent the phone, and died before it could write down what came of it: its lease and its record stay behind.
  it('after sending: another finds the phone, once the lease is over', async () => {
    const key = newKey();
    first.store.failFrom(5);
    const told = await add(key);
    expect(told.payload.userErrors).toEqual([]);
    pass(LEASE_MS);

    const { payload } = await add(key, 1);

    expect(payload.phone.id).toBe(told.payload.phone.id);
    expect(writes()).toHaveLength(1);
    first.store.heal();
    first.store.clear();
    await writtenDown(1);
  });

  it('before sending: another does not send before it can be told', async () => {
    const key = newKey();
    first.store.failAt(4, 'after');
    expect((await add(key)).errors).toMatchObject([{ extensions: { code: 'UPSTREAM_UNAVAILABLE' } }]);
    pass(LEASE_MS);
    expect(codesOf(await add(key, 1))).toEqual(['OUTCOME_UNKNOWN']);
    expect(writes()).toEqual([]);
    pass(QUIET_MS);
    expect(codesOf(await add(key, 1))).toEqual([]);
    expect(writes()).toHaveLength(1);
  });

  // It has taken the lease, and stands still for longer than that lasts. Another takes over; when the first wakes up, the
  // key is no longer as it left it.
  it('and comes back before it wrote down that it sends: it sends nothing', async () => {
    const key = newKey();
    const hold = first.store.holdAt(4, 'before');
    const slow = add(key);
    await hold.held;
    pass(LEASE_MS);
    const { payload } = await add(key, 1);
    hold.release();

    expect(codesOf(await slow)).toEqual(['IDEMPOTENCY_IN_PROGRESS']);
    expect(payload.userErrors).toEqual([]);
    expect(writes()).toHaveLength(1);
  });

  it('and comes back after it wrote down that it sends: it is too late, and it sends nothing', async () => {
    const key = newKey();
    const hold = first.store.holdAt(4, 'after');
    const slow = add(key);
    await hold.held;
    pass(LEASE_MS);
    expect(codesOf(await add(key, 1))).toEqual(['OUTCOME_UNKNOWN']);
    hold.release();

    expect((await slow).errors).toMatchObject([{ extensions: { code: 'TIMEOUT', retryable: true } }]);
    expect(writes()).toEqual([]);
    expect(codesOf(await add(key, 1))).toEqual([]);
    expect(writes()).toHaveLength(1);
  });
});

describe('a caller who goes away', () => {
  it('after the phone was sent: what became of it is found out all the same', async () => {
    const key = newKey();
    strike({ hang: 'after-commit' });
    const sent = () => until(() => writes().length === 1);
    await runAndLeave(ADD, { number: NUMBER, idempotencyKey: key }, { leave: sent });
    await idle();
    expect(first.store.calls).toContain('replace key');

    const { payload } = await add(key, 1);

    expect(payload).toMatchObject({ phone: { id: mine()[0]?.id }, userErrors: [] });
    expect(writes()).toHaveLength(1);
  });
});

describe('a caller who goes away before', () => {
  it('has nothing sent, and the key is free', async () => {
    const input = { number: NUMBER, idempotencyKey: newKey() };
    await add(newKey(), 0, { displayName: 'Attic' });
    await run(DELETE, { id: mine()[0]?.id });
    emulator.clearCalls();
    emulator.faults.add({ on: { method: 'GET', path: 'select=id' }, do: { delayMs: 300 } });
    await runAndLeave(ADD, input, { leave: () => until(() => emulator.calls.length === 1) });
    await idle();
    expect(emulator.calls).toHaveLength(1);
    expect(writes()).toEqual([]);
    expect((await run(ADD, input)).payload.userErrors).toEqual([]);
    expect(writes()).toHaveLength(1);
  });
});

describe('a store that fails', () => {
  /** How a key goes through the store when all is well. */
  const WAY = ['get key', 'add lease', 'get key', 'add key', 'add phone', 'replace key', 'remove lease'];

  it('is asked seven times for a phone, and once for a repeat', async () => {
    await using own = await startReplicas({ count: 1 });
    const [replica] = own.replicas;
    const input = { number: NUMBER, idempotencyKey: 'one' };
    replica?.store.clear();
    await own.run(ADD, input);
    expect(replica?.store.calls).toEqual(WAY);
    replica?.store.clear();
    await own.run(ADD, input);
    expect(replica?.store.calls).toEqual(['get key']);
  });

  // Whoever deletes a phone that was added under a key does not want it back, also when the store was away in between.
  it('after the phone was added: it is written down as soon as the store is back', async () => {
    const key = newKey();
    first.store.failFrom(5);
    const { payload } = await add(key);
    first.store.heal();
    first.store.clear();
    await writtenDown(1);
    await run(DELETE, { id: payload.phone.id });
    pass(LEASE_MS + QUIET_MS);
    expect(codesOf(await add(key, 1))).toEqual(['NOT_FOUND']);
    expect(mine()).toEqual([]);
  });

  it('altogether: a call with a key sends nothing, and one without is not kept from it', async () => {
    first.store.failFrom(1);
    const { payload, errors } = await add(newKey());
    expect(payload).toBeNull();
    expect(errors).toMatchObject([
      { path: ['addPhone'], extensions: { code: 'UPSTREAM_UNAVAILABLE', retryable: true } },
    ]);
    expect(errors[0].message).toMatch(/nothing was sent/);
    expect(writes()).toEqual([]);
    expect(codesOf(await add(null))).toEqual([]);
    expect(writes()).toHaveLength(1);
  });

  it('for it is full: a call with a key sends nothing', async () => {
    first.store.failAt(2, 'before', 'full');
    const { errors } = await add(newKey());
    expect(errors).toMatchObject([{ extensions: { code: 'OVERLOADED', retryable: true } }]);
    expect(writes()).toEqual([]);
  });

  const STEPS = WAY.flatMap((what, at) =>
    (['before', 'after'] as const).map((moment) => [at + 1, moment, what] as const),
  );
  const SENT = WAY.indexOf('add phone');

  it.each(STEPS)(
    'at step %i, %s %s: who was told of a phone has one, and never are there two',
    async (nth, moment, what) => {
      const key = newKey();
      first.store.failAt(nth, moment);

      const told = await add(key);
      if (nth <= SENT) {
        expect(told.errors).toMatchObject([{ extensions: { code: 'UPSTREAM_UNAVAILABLE' } }]);
        expect(mine()).toEqual([]);
      } else {
        expect(told.payload).toMatchObject({ phone: { id: mine()[0]?.id }, userErrors: [] });
      }
      pass(LEASE_MS + QUIET_MS);
      const repeat = await add(key, 1);

      expect(repeat.payload).toMatchObject({ phone: { id: mine()[0]?.id }, userErrors: [] });
      expect(mine()).toHaveLength(1);
      expect(writes()).toHaveLength(1);
      if (what === 'add phone' || what === 'replace key') await writtenDown(2);
    },
  );

  it.each([1, 2, 3, 4])('while a phone is looked for, at step %i: then it is not known', async (after) => {
    const key = newKey();
    strike({ reset: 'after' });
    first.store.failAt(4 + after, 'before');
    const told = await add(key);
    expect(told.errors).toBeUndefined();
    if (after <= 2) expect(codesOf(told)).toEqual(['OUTCOME_UNKNOWN']);
    else expect(told.payload.phone.id).toBe(mine()[0]?.id);
    pass(LEASE_MS);
    expect((await add(key, 1)).payload).toMatchObject({ phone: { id: mine()[0]?.id }, userErrors: [] });
    expect(writes()).toHaveLength(1);
    if (after > 2) await writtenDown(2);
  });
});

describe('a key belongs to a caller and a person, however they are named', () => {
  it('a token that was renewed is still the same caller', async () => {
    const key = newKey();
    const scope = 'User.ReadWrite User.ReadBasic.All';
    const [old, renewed] = await Promise.all([
      emulator.entra.graphToken('innocenty', { scope }),
      emulator.entra.graphToken('innocenty', { scope, expiresInSeconds: 1_800 }),
    ]);
    expect(old).not.toBe(renewed);
    const one = await add(key, 0, {}, old);
    const other = await add(key, 1, {}, renewed);
    expect(one.payload.userErrors).toEqual([]);
    expect(other.payload).toEqual(one.payload);
    expect(writes()).toHaveLength(1);
  });

  it.each([
    ['object id', INNOCENTY],
    ['object id in capitals', INNOCENTY.toUpperCase()],
    ['user principal name', FIXTURES.innocenty],
  ])('oneself is the same person by %s', async (_what, userId) => {
    const key = newKey();
    const one = await add(key);
    const other = await add(key, 1, { userId });
    expect(other.payload).toEqual(one.payload);
    expect(writes()).toHaveLength(1);
  });

  it('another caller, or another person, is another key', async () => {
    const key = newKey();
    await add(key);
    await add(key, 1, { userId: INNOCENTY }, 'admin');
    await add(key, 0, { userId: FIXTURES.withNone }, 'admin');
    expect(writes()).toHaveLength(3);
  });

  it('who is asked for once, and then known for a while', async () => {
    await add(newKey(), 0, { userId: FIXTURES.namesake }, 'namesake');
    emulator.clearCalls();
    await add(newKey(), 0, { userId: FIXTURES.namesake, displayName: 'Attic' }, 'namesake');
    expect(emulator.calls.map(({ method, path }) => `${method} ${path.replace('/beta', '')}`)).toEqual([
      `GET /users/${FIXTURES.namesake}/profile/phones?$select=id`.replace('@', '%40'),
      `POST /users/${FIXTURES.namesake}/profile/phones`.replace('@', '%40'),
    ]);
  });

  it('an application, which has no self, keeps its keys by its token', async () => {
    const key = newKey();
    const userId = FIXTURES.withNone;
    const token = await emulator.entra.graphAppToken(['User.ReadWrite.All']);
    const one = await add(key, 0, { userId }, token);
    const other = await add(key, 0, { userId }, token);
    expect(one.payload.userErrors).toEqual([]);
    expect(other.payload).toEqual(one.payload);
    expect(writes()).toHaveLength(1);
  });

  it('when Graph cannot say who calls, nothing is sent', async () => {
    emulator.faults.add({ on: { method: 'GET', path: '/beta/me' }, times: 5, do: { status: 503 } });
    const { errors, payload } = await add(newKey(), 1, {}, 'admin');
    expect(payload).toBeNull();
    expect(errors).toMatchObject([{ extensions: { code: 'UPSTREAM_UNAVAILABLE', retryable: true } }]);
    expect(errors[0].message).toMatch(/Nothing was changed/);
    expect(writes()).toEqual([]);
  });
});

describe('what a key answers', () => {
  it('a phone that was deleted since is said to be', async () => {
    const key = newKey();
    const { payload } = await add(key);
    await run(DELETE, { id: payload.phone.id });
    expect(codesOf(await add(key, 1))).toEqual(['NOT_FOUND']);
    expect(mine()).toEqual([]);
  });

  it('a phone that does not show at once is looked for again', async () => {
    const key = newKey();
    const { payload } = await add(key);
    emulator.faults.add({ on: { method: 'GET', path: payload.phone.id }, do: { status: 404 } });
    expect((await add(key, 1)).payload).toEqual(payload);
  });

  it('is free again after a refusal, and after a throttling', async () => {
    const key = newKey();
    strike({ status: 400 });
    expect(codesOf(await add(key))).toEqual(['REJECTED']);
    strike({ status: 429 });
    expect((await add(key, 1)).errors).toMatchObject([{ extensions: { code: 'THROTTLED' } }]);
    expect(codesOf(await add(key))).toEqual([]);
    expect(mine()).toHaveLength(1);
  });

  it('is looked for first after a throttling: it may have been added all the same', async () => {
    const key = newKey();
    strike({ commitThen: 429 });
    expect((await add(key)).errors).toMatchObject([{ extensions: { code: 'THROTTLED' } }]);
    expect((await add(key, 1)).payload).toMatchObject({ phone: { id: mine()[0]?.id }, userErrors: [] });
    expect(writes()).toHaveLength(1);
  });

  it('ends after a day without use', async () => {
    const key = newKey();
    await add(key);
    pass(23 * 60 * 60 * 1000);
    await add(key);
    expect(writes()).toHaveLength(1);
    pass(60 * 60 * 1000);
    await add(key);
    expect(writes()).toHaveLength(2);
  });

  it('a profile that cannot be read is one that nothing is sent to', async () => {
    emulator.faults.add({ on: { method: 'GET', path: 'phones?' }, times: 5, do: { reset: 'before' } });
    const { errors } = await add(newKey());
    expect(errors).toMatchObject([{ extensions: { code: 'UPSTREAM_UNAVAILABLE', retryable: true } }]);
    expect(writes()).toEqual([]);
  });
});

// All of the above has been through it by now.
describe('the store', () => {
  it('holds no number, name, token, key or person', () => {
    expect(texts.all.length).toBeGreaterThan(500);
    const all = texts.all.join('\n');
    expect(all).toMatch(/"state":"sent"/);
    const plain = /555 01|55501|Attic|Cellar|demo-token|eyJhb|key-\d|contoso|db789417/i;
    expect(plain.exec(all)?.[0]).toBeUndefined();
    const encoded = [NUMBER, INNOCENTY].flatMap((secret) =>
      (['base64', 'base64url', 'hex'] as const).map((form) => Buffer.from(secret).toString(form)),
    );
    expect(encoded.filter((secret) => all.includes(secret))).toEqual([]);
  });
});
