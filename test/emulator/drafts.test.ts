// The early drafts of the documentation: "Create phones" in the old namespace, "Add phones" by $ref, and "Update
// itemphone" under /user. Each response must be the one that the draft shows.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TestEmulator } from '../support/emulator.ts';
import { ask, startTestEmulator } from '../support/emulator.ts';

const INNOCENTY = 'db789417-4ccb-41d1-a0a9-47b01a09ea49';
const NAMESAKE = 'efee1b77-fb3b-4f65-99d6-274c11914d12';
const OF_USER = `/beta/user/${INNOCENTY}/profile/phones`;
const BY_REF = '/beta/me/profile/phones/$ref';
const GUID = expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
const EAST = expect.stringMatching(/^2020-07-08T15:00:00\.\d{7}\+03:00$/);

const draft = (namespace: string) => ({
  '@odata.type': `#${namespace}.itemPhone`,
  allowedAudiences: 'String',
  inference: {
    '@odata.type': `${namespace}.inferenceData`,
    confidenceScore: 'Double',
    userHasVerifiedAccuracy: true,
  },
  createdBy: {
    '@odata.type': `${namespace}.identitySet`,
    application: {
      '@odata.type': `${namespace}.identity`,
      displayName: 'Display Name value',
      id: 'Id value',
    },
    device: { '@odata.type': `${namespace}.identity` },
    user: { '@odata.type': `${namespace}.identity` },
  },
  displayName: 'Display Name value',
  type: 'String',
  number: 'Number value',
});
const EARLY = 'Microsoft.Fast.PI.ViewGenerator.V2.Profile.Models';
const GRAPH = 'microsoft.graph';

let emulator: TestEmulator;
beforeEach(async () => {
  emulator = await startTestEmulator({ drafts: true });
});
afterEach(() => emulator.close());

describe('the requests of the drafts have the responses of the drafts, with the option drafts', () => {
  it.each([
    ['Create phones', OF_USER, EARLY],
    ['Add phones', BY_REF, GRAPH],
  ])('%s', async (_, path, namespace) => {
    const json = draft(namespace);
    const { status, body } = await ask(emulator, 'POST', path, { json });
    expect(status).toBe(201);
    expect(body).toEqual({
      ...json,
      id: GUID,
      createdDateTime: EAST,
      lastModifiedDateTime: EAST,
      lastModifiedBy: { '@odata.type': `${namespace}.identitySet` },
    });
  });

  it('Update itemphone', async () => {
    const path = `/beta/user/${NAMESAKE}/profile/phones/e13f7a4d-303c-464f-a6af-80ea18eb74f3`;
    const json = { allowedAudiences: 'organization', type: 'other' };
    const { status, body } = await ask(emulator, 'PATCH', path, { as: 'namesake', json });
    const popov = { user: { id: NAMESAKE, displayName: 'Innocenty Popov' } };
    expect(status).toBe(200);
    expect(body).toEqual({
      '@odata.type': '#microsoft.graph.itemPhone',
      id: 'e13f7a4d-303c-464f-a6af-80ea18eb74f3',
      allowedAudiences: 'organization',
      inference: null,
      createdDateTime: '2020-07-06T06:34:12.2294868Z',
      createdBy: popov,
      lastModifiedDateTime: expect.stringMatching(/^2020-07-08T12:00:00\.000\d{4}Z$/),
      lastModifiedBy: popov,
      source: { type: 'User' },
      displayName: 'Car Phone',
      type: 'other',
      number: '+7 499 234 56 78',
    });
  });

  it('rejects the trailing comma of that page, which is not JSON', async () => {
    const path = `/beta/user/${NAMESAKE}/profile/phones/e13f7a4d-303c-464f-a6af-80ea18eb74f3`;
    const text = '{ "allowedAudiences": "organization", "type": "other", }';
    const headers = { 'content-type': 'application/json' };
    expect((await ask(emulator, 'PATCH', path, { as: 'namesake', text, headers })).status).toBe(400);
  });

  it('stores read-only properties of the body as received', async () => {
    const json = {
      id: '6cd63392-3392-6cd6-9233-d66c9233d66c',
      createdDateTime: '2016-12-31T23:59:45.9448095+03:00',
      lastModifiedDateTime: '2017-01-01T00:00:42.7561162+03:00',
      number: 'Number value',
    };
    const { body } = await ask(emulator, 'POST', OF_USER, { json });
    expect(body).toMatchObject({ '@odata.type': '#microsoft.graph.itemPhone', ...json });
  });

  it('returns the phone in the list, as it was stored', async () => {
    await ask(emulator, 'POST', OF_USER, { json: draft(EARLY) });
    const { body } = await ask(emulator, 'GET', '/beta/me/profile/phones');
    expect(body.value.at(-1)).toMatchObject({ ...draft(EARLY), createdDateTime: EAST });
  });

  it.each([
    { extension: '12' },
    { number: 5 },
    { createdBy: [] },
    { '@odata.type': '#microsoft.graph.user' },
    [],
  ])('rejects a body that is not an itemPhone with 400: %j', async (json) => {
    expect((await ask(emulator, 'POST', OF_USER, { json })).status).toBe(400);
  });

  it('checks the permissions', async () => {
    const json = draft(EARLY);
    expect((await ask(emulator, 'POST', OF_USER, { as: 'reader', json })).status).toBe(403);
    expect((await ask(emulator, 'POST', BY_REF, { as: 'reader', json })).status).toBe(403);
  });

  it('rejects other methods', async () => {
    expect((await ask(emulator, 'GET', OF_USER)).status).toBe(405);
    expect((await ask(emulator, 'GET', BY_REF)).status).toBe(405);
  });
});

describe('without the option drafts, their paths are rejected', () => {
  it.each([
    ['POST', OF_USER],
    ['PATCH', `${OF_USER}/0fb4c1e3-c1e3-0fb4-e3c1-b40fe3c1b40f`],
    ['POST', BY_REF],
  ])('%s %s', async (method, path) => {
    await using plain = await startTestEmulator();
    expect((await ask(plain, method, path, { json: { number: '1' } })).status).toBe(400);
    expect(plain.phonesOf(INNOCENTY)).toHaveLength(3);
  });
});
