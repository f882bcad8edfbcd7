// Reads through the client, and what they cost upstream.
import { describe, expect, it } from 'vitest';
import { PhonesError } from '../../client/index.ts';
import { personOf } from '../clients/every-client.ts';
import { upstream } from '../support/product.ts';
import { connect } from './connected.ts';

describe('user', () => {
  it('reads all people who are wanted in one turn with one request, each once', async () => {
    await using connected = await connect();
    const { client, network, product } = connected;
    const [innocenty = '', admin = ''] = ['innocenty', 'admin'].map((name) => personOf(product, name));
    const nobody = '00000000-0000-4000-8000-000000000000';

    const people = await Promise.all([innocenty, nobody, admin, innocenty].map((id) => client.user(id)));

    expect(people.map((one) => one?.id ?? null)).toEqual([innocenty, null, admin, innocenty]);
    expect(people[0]?.phones).toHaveLength(product.emulator.phonesOf(innocenty).length);
    expect(network.received.map(({ body }) => body.variables)).toEqual([{ ids: [innocenty, nobody, admin] }]);
    expect(upstream(product.emulator)).toEqual(['BATCH 6']);
  });

  it('fails for one person alone', async () => {
    await using connected = await connect();
    const { client, product } = connected;
    const id = personOf(product, 'innocenty');
    const [good, bad] = await Promise.allSettled([client.user(id), client.user('not an id')]);
    expect(good).toMatchObject({ status: 'fulfilled', value: { id } });
    expect(bad).toMatchObject({ status: 'rejected', reason: { code: 'BAD_USER_INPUT', path: ['users', 1] } });
  });

  it('reads a person again in a later turn', async () => {
    await using connected = await connect();
    const id = personOf(connected.product, 'innocenty');
    await connected.client.user(id);
    await connected.client.user(id);
    expect(connected.network.received).toHaveLength(2);
  });
});

describe('users', () => {
  it('reads any number, a hundred at a time, in the order asked', async () => {
    await using connected = await connect();
    const { client, network, product } = connected;
    const ids = product.emulator.people.slice(0, 150).map(({ id }) => id);
    const people = await client.users(ids);
    expect(people.map((one) => (one instanceof PhonesError ? one.code : one?.id))).toEqual(ids);
    expect(network.received.map(({ body }) => body.variables.ids.length)).toEqual([100, 50]);
  });
});

describe('directory', () => {
  it('goes on from page to page to the end', async () => {
    await using connected = await connect();
    const { client, network, product } = connected;
    const ids: string[] = [];
    for await (const { id } of client.directory({ pageSize: 80, phones: false })) ids.push(id);
    expect(ids).toEqual(product.emulator.people.map(({ id }) => id));
    expect(network.received).toHaveLength(3);
  });

  it('reads no more pages than are looked at', async () => {
    await using connected = await connect();
    for await (const { phones } of connected.client.directory({ pageSize: 10 })) if (phones.length > 0) break;
    expect(connected.network.received).toHaveLength(1);
  });

  it('hands over whom it cannot read, or ends with the error', async () => {
    await using connected = await connect();
    const { client, product } = connected;
    const [, second] = product.emulator.people;
    const path = `/${second?.id}/profile/phones`;
    const fault = { on: { method: 'GET', path }, times: Number.POSITIVE_INFINITY, do: { status: 403 } };
    product.emulator.faults.add(fault);
    const left: string[] = [];
    const read: string[] = [];
    const onError = ({ code }: PhonesError, { id }: { id: string }) => void left.push(`${id} ${code}`);
    for await (const { id } of client.directory({ pageSize: 5, onError })) {
      read.push(id);
      if (read.length === 4) break;
    }
    expect(left).toEqual([`${second?.id} FORBIDDEN`]);
    expect(read).not.toContain(second?.id);
    await expect(Array.fromAsync(client.directory({ pageSize: 5 }))).rejects.toMatchObject({
      code: 'FORBIDDEN',
    });
  });
});
