import { afterAll, describe, expect, it } from 'vitest';
import { FIXTURES } from '../../emulator/emulator.ts';
import { ask, startTestEmulator } from '../support/emulator.ts';
import { graphSchema } from './graph-schema.ts';

const emulator = await startTestEmulator();
afterAll(() => emulator.close());
const schema = graphSchema();
const PHONES = '/beta/me/profile/phones';
const FULL = {
  number: '+1 425 555 0100',
  type: 'mobile',
  displayName: 'Mobile',
  allowedAudiences: 'everyone',
};

describe('responses are valid by the OpenAPI description of Microsoft Graph', () => {
  it('create', async () => {
    const { status, body } = await ask(emulator, 'POST', PHONES, { json: FULL });
    expect(status).toBe(201);
    expect(schema.itemPhone(body)).toEqual([]);
  });

  it('create with an inference and a source', async () => {
    const json = {
      ...FULL,
      inference: { confidenceScore: 'INF', userHasVerifiedAccuracy: true },
      source: { type: 'User' },
    };
    const { body } = await ask(emulator, 'POST', PHONES, { json });
    expect(schema.itemPhone(body)).toEqual([]);
  });

  it('get, update and delete', async () => {
    const { body: phone } = await ask(emulator, 'POST', PHONES, { json: FULL });
    const got = await ask(emulator, 'GET', `${PHONES}/${phone.id}`);
    const updated = await ask(emulator, 'PATCH', `${PHONES}/${phone.id}`, { json: { type: 'home' } });
    const deleted = await ask(emulator, 'DELETE', `${PHONES}/${phone.id}`);
    expect([got.status, updated.status, deleted.status]).toEqual([200, 200, 204]);
    expect(schema.itemPhone(got.body)).toEqual([]);
    expect(schema.itemPhone(updated.body)).toEqual([]);
    expect(deleted.body).toBe('');
  });

  it('list, with a count and a link to the next page', async () => {
    const path = `/beta/users/${FIXTURES.withThirty}/profile/phones?$count=true`;
    const { body } = await ask(emulator, 'GET', path);
    expect(body).toMatchObject({ '@odata.count': 30, '@odata.nextLink': expect.any(String) });
    expect(schema.itemPhones(body)).toEqual([]);
  });

  it('requests within a batch', async () => {
    const json = {
      requests: [
        { id: 'list', method: 'GET', url: `/users/${FIXTURES.withEveryType}/profile/phones` },
        { id: 'error', method: 'GET', url: '/me/profile/phones/nobody' },
      ],
    };
    const { body } = await ask(emulator, 'POST', '/beta/$batch', { json });
    const bodyOf = (id: string): unknown =>
      body.responses.find((response: { id: string }) => response.id === id).body;
    expect(schema.itemPhones(bodyOf('list'))).toEqual([]);
    expect(schema.error(bodyOf('error'))).toEqual([]);
  });

  it('errors', async () => {
    const errors = [
      await ask(emulator, 'GET', PHONES, { as: null }),
      await ask(emulator, 'GET', '/beta/users', { as: 'reader' }),
      await ask(emulator, 'GET', `${PHONES}/nobody`),
      await ask(emulator, 'PUT', PHONES, { json: {} }),
      await ask(emulator, 'POST', PHONES, { json: { type: 'satellite' } }),
    ];
    expect(errors.map(({ status }) => status)).toEqual([401, 403, 404, 405, 400]);
    expect(errors.flatMap(({ body }) => schema.error(body))).toEqual([]);
  });
});

describe('the phones of all users are valid by the description', () => {
  it('except for these values, which Microsoft Graph is known to return', async () => {
    const deviations = new Set<string>();
    for (const { id } of emulator.people) {
      const { body } = await ask(emulator, 'GET', `/beta/users/${id}/profile/phones?$top=999`);
      for (const phone of body.value) for (const found of schema.itemPhone(phone)) deviations.add(found);
    }
    expect([...deviations].sort()).toEqual([
      '/allowedAudiences "contacts,organization"',
      '/allowedAudiences "family,contacts"',
      '/allowedAudiences "organization,unknownFutureValue"',
      '/source {"type":"User"}',
      '/source/type "User"',
      '/type "satellite"',
      '/type null',
    ]);
  });

  it('and the validator rejects a property that Graph does not have', () => {
    expect(schema.itemPhone({ id: 'x', type: 'home', extension: '12' })).toEqual(['/extension "12"']);
  });
});
