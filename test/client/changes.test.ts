// Changes through the client: an addition adds one phone, however often requests and responses are lost on the way.
import { describe, expect, it } from 'vitest';
import { PhonesError } from '../../client/index.ts';
import { personOf } from '../clients/every-client.ts';
import { connect } from './connected.ts';
import type { Fate } from './network.ts';

const BUSY: Fate = { status: 503, headers: { 'retry-after': '7' }, body: '<html>' };

describe('addPhone', () => {
  it.each<[string, Fate[]]>([
    ['nothing is lost', []],
    ['the request is lost', ['lose-request']],
    ['the response is lost', ['lose-response']],
    ['both are lost, again and again', ['lose-response', 'lose-request', 'lose-response', 'lose-request']],
    ['a proxy answers first', [BUSY, { status: 502 }]],
  ])('adds one phone when %s', async (_what, fates) => {
    await using connected = await connect();
    const { client, network, product } = connected;
    const before = product.emulator.phonesOf(personOf(product, 'innocenty')).length;
    network.next(...fates);

    const result = await client.addPhone({ number: '+1 425 555 0199', type: 'MOBILE' });

    expect(result).toMatchObject({ ok: true, phone: { number: '+1 425 555 0199', type: 'MOBILE' } });
    expect(product.emulator.phonesOf(personOf(product, 'innocenty'))).toHaveLength(before + 1);
    const keys = network.received.map(({ body }) => body.variables.input.idempotencyKey);
    expect(keys).toEqual(Array.from({ length: fates.length + 1 }, () => result.idempotencyKey));
  });

  it('takes another key each time', async () => {
    await using connected = await connect();
    const one = await connected.client.addPhone({ number: '+1 425 555 0199' });
    const other = await connected.client.addPhone({ number: '+1 425 555 0199' });
    expect(one.idempotencyKey).not.toBe(other.idempotencyKey);
    expect(one).toMatchObject({ ok: true });
    expect(other).toMatchObject({ ok: true });
  });

  it('says what the caller can act on as data, and does not try again', async () => {
    await using connected = await connect();
    const { client, network } = connected;
    const result = await client.addPhone({ number: '' });
    expect(result).toMatchObject({
      ok: false,
      userErrors: [{ code: 'INVALID_INPUT', field: ['input', 'number'], retryable: false }],
    });
    expect(network.received).toHaveLength(1);
  });

  it('gives up when its budget is spent, and tells the key to go on with', async () => {
    await using connected = await connect();
    const { client, network, pauses, product } = connected;
    network.next(...Array.from({ length: 20 }, (): Fate => 'lose-response'));

    const failed = await client
      .addPhone({ number: '+1 425 555 0199' }, { budgetMs: 8_000 })
      .catch((error) => error);

    expect(failed).toBeInstanceOf(PhonesError);
    expect(failed).toMatchObject({ code: 'NETWORK', retryable: true });
    const total = pauses.reduce((sum, pause) => sum + pause, 0);
    expect(total).toBeLessThan(8_000);
    expect(pauses.length).toBeGreaterThan(3);
    network.calm();
    const input = { number: '+1 425 555 0199', idempotencyKey: failed.idempotencyKey };
    expect(await client.addPhone(input)).toMatchObject({ ok: true });
    const there = product.emulator.phonesOf(personOf(product, 'innocenty'));
    expect(there.filter(({ number }) => number === '+1 425 555 0199')).toHaveLength(1);
  });
});

describe('updatePhone and deletePhone', () => {
  it('change and delete, also when the first response is lost', async () => {
    await using connected = await connect();
    const { client, network, product } = connected;
    const [phone] = (await client.me()).phones;
    if (phone === undefined) throw new Error('the person has no phone');

    network.next('lose-response');
    const changed = await client.updatePhone({ id: phone.id, displayName: 'Another' });
    expect(changed).toMatchObject({
      ok: true,
      phone: { id: phone.id, displayName: 'Another', number: phone.number },
    });

    network.next('lose-response');
    expect(await client.deletePhone({ id: phone.id })).toEqual({ ok: true, deletedPhoneId: phone.id });
    expect((await client.me()).phones.map(({ id }) => id)).not.toContain(phone.id);
    expect(await client.deletePhone({ id: phone.id })).toMatchObject({
      ok: false,
      userErrors: [{ code: 'NOT_FOUND' }],
    });
    expect(product.emulator.calls.filter(({ method }) => method === 'DELETE')).toHaveLength(3);

    // A try that was turned away has deleted nothing.
    const headers = { 'content-type': 'application/json' };
    const errors = [{ message: 'no', extensions: { code: 'OVERLOADED', retryable: true } }];
    network.next({ status: 503, headers, body: JSON.stringify({ errors }) });
    expect(await client.deletePhone({ id: phone.id })).toMatchObject({
      ok: false,
      userErrors: [{ code: 'NOT_FOUND' }],
    });
  });
});
