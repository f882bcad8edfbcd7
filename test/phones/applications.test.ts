// Keys and phones where the gateway knows who is calling: callers by their ids and not by their tokens, and phones by the
// application that made them.
import { afterAll, beforeEach, expect, it } from 'vitest';
import { FIXTURES } from '../../emulator/emulator.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { ask, startTestProduct } from '../support/product.ts';

const INNOCENTY = 'db789417-4ccb-41d1-a0a9-47b01a09ea49';
const NUMBER = '+1 425 555 0190';
const ADD = `mutation ($input: AddPhoneInput!) { addPhone(input: $input) {
  phone { id createdBy { application { objectId } } } userErrors { code }
} }`;

const hasty = { ...systemClock, sleep: (ms: number) => systemClock.sleep(ms / 25) };
const product = await startTestProduct({
  environment: { AUTH_MODE: 'entra', APP_ONLY: 'on' },
  outside: { clock: hasty },
});
const { emulator } = product;
const { entra } = emulator;
afterAll(() => product.close());
beforeEach(() => emulator.reset());

const mine = () => emulator.phonesOf(INNOCENTY).filter(({ number }) => number === NUMBER);
const posts = () =>
  emulator.calls.filter(({ method, path }) => method === 'POST' && path.includes('/phones'));
async function add(token: string, key: string, userId?: string) {
  const input = { number: NUMBER, idempotencyKey: key, ...(userId === undefined ? {} : { userId }) };
  const { body } = await ask(product.url, token, ADD, { input });
  return body.data.addPhone;
}
const lose = (action: Parameters<typeof emulator.faults.add>[0]['do']) =>
  emulator.faults.add({ on: { method: 'POST', path: '/phones' }, do: action });

it('a phone of this application is found again', async () => {
  lose({ reset: 'after' });
  const { phone, userErrors } = await add(await entra.userToken('innocenty'), 'found');
  expect(userErrors).toEqual([]);
  expect(phone).toEqual({
    id: `${INNOCENTY}/${mine()[0]?.id}`,
    createdBy: { application: { objectId: entra.gateway.clientId } },
  });
  expect(posts()).toHaveLength(1);
});

it('a phone that looks the same and is of another application is not taken for it', async () => {
  const token = await entra.userToken('innocenty');
  lose({ reset: 'before' });
  expect((await add(token, 'not-this')).userErrors).toEqual([{ code: 'OUTCOME_UNKNOWN' }]);
  const scope = 'User.ReadWrite';
  await fetch(`${emulator.url}/beta/me/profile/phones`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${await entra.graphToken('innocenty', { scope })}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ number: NUMBER }),
  });
  expect(mine()).toHaveLength(1);
  expect((await add(token, 'not-this')).userErrors).toEqual([{ code: 'OUTCOME_UNKNOWN' }]);
});

it('a key is the same with another token of the same person and application, and by every name of the person', async () => {
  const one = await add(await entra.userToken('innocenty'), 'the-same');
  const token = await entra.userToken('innocenty', { expiresInSeconds: 900 });
  for (const userId of [undefined, INNOCENTY, FIXTURES.innocenty])
    expect(await add(token, 'the-same', userId)).toEqual(one);
  expect(posts()).toHaveLength(1);
});

it('a key is another with another application', async () => {
  await add(await entra.userToken('innocenty'), 'shared');
  await add(await entra.userToken('innocenty', { client: entra.clients.unlisted }), 'shared');
  expect(posts()).toHaveLength(2);
});

it('an application by itself has keys that outlive its token', async () => {
  const roles = ['Phones.ReadWrite.All'];
  const one = await add(await entra.appToken(roles), 'machine', INNOCENTY);
  const other = await add(await entra.appToken(roles, { expiresInSeconds: 900 }), 'machine', INNOCENTY);
  expect(one.userErrors).toEqual([]);
  expect(other).toEqual(one);
  expect(posts()).toHaveLength(1);
});
