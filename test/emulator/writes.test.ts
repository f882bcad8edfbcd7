import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FIXTURES } from '../../emulator/emulator.ts';
import type { AskOptions, Reply, TestEmulator } from '../support/emulator.ts';
import { ask, startTestEmulator } from '../support/emulator.ts';

const PHONES = '/beta/me/profile/phones';
const CAR_PHONE = '0fb4c1e3-c1e3-0fb4-e3c1-b40fe3c1b40f';
const INNOCENTY = 'db789417-4ccb-41d1-a0a9-47b01a09ea49';

let emulator: TestEmulator;
beforeEach(async () => {
  emulator = await startTestEmulator();
});
afterEach(() => emulator.close());

const create = (json: unknown, options?: AskOptions): Promise<Reply> =>
  ask(emulator, 'POST', PHONES, { json, ...options });
const update = (json: unknown, options?: AskOptions, id = CAR_PHONE): Promise<Reply> =>
  ask(emulator, 'PATCH', `${PHONES}/${id}`, { json, ...options });
const read = async (id = CAR_PHONE): Promise<Reply['body']> => {
  const { '@odata.context': _, ...phone } = (await ask(emulator, 'GET', `${PHONES}/${id}`)).body;
  return phone;
};

describe('profile-post-phones: create', () => {
  it('has the response of the documentation for its example', async () => {
    const { status, headers, body } = await create({ displayName: 'Car Phone', number: '+7 499 342 22 13' });
    const popov = { displayName: 'Innocenty Popov', id: INNOCENTY };
    const author = { application: null, device: null, user: popov };
    expect(status).toBe(201);
    expect(headers.has('location')).toBe(false);
    expect(body).toEqual({
      '@odata.context': expect.stringContaining('/profile/phones/$entity'),
      id: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
      allowedAudiences: 'organization',
      inference: null,
      createdDateTime: expect.stringMatching(/^2020-07-08T12:00:00\.000\d{4}Z$/),
      createdBy: author,
      lastModifiedDateTime: body.createdDateTime,
      lastModifiedBy: author,
      displayName: 'Car Phone',
      type: null,
      number: '+7 499 342 22 13',
      isSearchable: false,
      sources: null,
    });
  });

  it('stores all six properties that can be set', async () => {
    const json = {
      allowedAudiences: 'everyone',
      displayName: 'Fax',
      inference: { confidenceScore: 0.5, userHasVerifiedAccuracy: false },
      number: '+1 425 555 0100',
      source: { type: ['User', 'AAD'] },
      type: 'homeFax',
    };
    const { body } = await create(json);
    expect(await read(body.id)).toMatchObject(json);
  });

  it('accepts and stores null for nullable properties', async () => {
    const json = { allowedAudiences: null, displayName: null, inference: null, number: null, source: null };
    expect((await create(json)).body).toMatchObject(json);
  });

  it('accepts numbers of any format, length and characters', async () => {
    for (const number of ['', 'x1234', '☎', 'a'.repeat(5000), '\u0000', '</script>']) {
      expect((await create({ number })).body.number).toBe(number);
    }
  });

  it('accepts source.type as a string, as in the documentation, and returns a list, as in the metadata', async () => {
    expect((await create({ source: { type: 'User' } })).body.source).toEqual({ type: ['User'] });
    expect((await create({ source: {} })).body.source).toEqual({ type: [] });
  });

  it('accepts a confidence score as a number, or as INF, -INF or NaN', async () => {
    for (const confidenceScore of [0, -3.5, 1e300, 'INF', '-INF', 'NaN', null]) {
      const { body } = await create({ inference: { confidenceScore } });
      expect(body.inference).toEqual({ confidenceScore, userHasVerifiedAccuracy: null });
    }
  });

  it('accepts the right @odata.type, with and without #, and rejects any other', async () => {
    expect((await create({ '@odata.type': '#microsoft.graph.itemPhone', number: '1' })).status).toBe(201);
    expect((await create({ '@odata.type': 'microsoft.graph.itemPhone', number: '1' })).status).toBe(201);
    expect((await create({ '@odata.type': '#microsoft.graph.itemEmail', number: '1' })).status).toBe(400);
  });

  it('assigns a new id and a later time to each phone, also when the clock stands still', async () => {
    const first = (await create({ number: '1' })).body;
    const second = (await create({ number: '2' })).body;
    expect(second.id).not.toBe(first.id);
    expect(second.createdDateTime > first.createdDateTime).toBe(true);
  });

  it('names the application as the author when there is no user', async () => {
    const path = `/beta/users/${FIXTURES.withNone}/profile/phones`;
    const { status, body } = await ask(emulator, 'POST', path, {
      as: 'service-writer',
      json: { number: '1' },
    });
    expect(status).toBe(201);
    expect(body.createdBy).toEqual({
      application: { displayName: 'Demo service-writer', id: expect.any(String) },
      device: null,
      user: null,
    });
  });
});

describe('profile-post-phones: an invalid body is rejected with 400, and nothing is stored', () => {
  it.each([
    ['a read-only property', { id: 'x' }],
    ['a read-only property', { createdBy: null }],
    ['a read-only property', { createdDateTime: '2020-07-06T06:34:12Z' }],
    ['a read-only property', { lastModifiedBy: {} }],
    ['a read-only property', { lastModifiedDateTime: null }],
    ['a read-only property', { isSearchable: true }],
    ['a read-only property', { sources: [] }],
    ['an unknown property', { extension: '12' }],
    ['an unknown property', { Number: '1' }],
    ['an unknown annotation', { '@odata.id': 'x' }],
    ['a property of every object', { toString: 'x' }],
    ['a number that is no text', { number: 4255550100 }],
    ['a display name that is no text', { displayName: [] }],
    ['an unknown type', { type: 'satellite' }],
    ['a type in the wrong case', { type: 'Home' }],
    ['two types', { type: 'home,mobile' }],
    ['a null type', { type: null }],
    ['a type beyond the last', { type: 10 }],
    ['an inference that is no object', { inference: true }],
    ['an inference that is a list', { inference: [] }],
    ['an unknown member of the inference', { inference: { score: 1 } }],
    ['a score that is no number', { inference: { confidenceScore: 'Double' } }],
    ['a verification that is no boolean', { inference: { userHasVerifiedAccuracy: 'yes' } }],
    ['a source that is a text', { source: 'User' }],
    ['an unknown member of the source', { source: { kind: 'User' } }],
    ['a source type that is no text', { source: { type: 1 } }],
    ['a source type with a hole', { source: { type: ['User', null] } }],
  ])('%s: %j', async (_, wrong) => {
    const before = emulator.phonesOf(INNOCENTY);
    const { status, body } = await create({ displayName: 'x', ...wrong });
    expect([status, typeof body.error.code]).toEqual([400, 'string']);
    expect(emulator.phonesOf(INNOCENTY)).toEqual(before);
  });

  it('has the error of Graph for an unknown property', async () => {
    const { body } = await create({ extension: '12' });
    expect(body.error).toMatchObject({
      code: 'RequestBodyRead',
      message:
        "The property 'extension' does not exist on type 'microsoft.graph.itemPhone'. Make sure to only use property names that are defined by the type or mark the type as open type.",
    });
  });
});

describe('errors: the body of a write must be a JSON object with its media type', () => {
  const UNREADABLE =
    'Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.';

  it.each([
    ['broken JSON', { text: '{"number":', headers: { 'content-type': 'application/json' } }],
    ['a trailing comma', { text: '{"type": "other",}', headers: { 'content-type': 'application/json' } }],
    ['nothing', { headers: { 'content-type': 'application/json' } }],
    ['a list', { json: [] }],
    ['a text', { json: 'number' }],
    ['null', { json: null }],
  ])('%s is rejected with 400', async (_, options) => {
    const { status, body } = await ask(emulator, 'POST', PHONES, options);
    expect([status, body.error.code, body.error.message]).toEqual([400, 'BadRequest', UNREADABLE]);
  });

  it('another media type is rejected with 415', async () => {
    const headers = { 'content-type': 'text/plain' };
    expect((await ask(emulator, 'POST', PHONES, { text: '{}', headers })).status).toBe(415);
  });

  it('parameters of the media type are ignored', async () => {
    const headers = { 'content-type': 'Application/JSON; charset=utf-8;odata.metadata=minimal' };
    expect((await ask(emulator, 'POST', PHONES, { text: '{"number":"1"}', headers })).status).toBe(201);
  });

  it('more than 4 MB is rejected with 413', async () => {
    const { status } = await create({ number: 'x'.repeat(4 * 1024 * 1024) });
    expect(status).toBe(413);
  });
});

describe('itemphone-update: update', () => {
  it('returns 200 with the whole phone, and keeps other properties', async () => {
    const before = await read();
    emulator.clock.advance(1000);
    const { status, body } = await update({ allowedAudiences: 'everyone', type: 'other' });
    expect(status).toBe(200);
    expect(body).toEqual({
      ...before,
      '@odata.context': expect.any(String),
      allowedAudiences: 'everyone',
      type: 'other',
      lastModifiedDateTime: expect.stringMatching(/^2020-07-08T12:00:01\.000\d{4}Z$/),
    });
  });

  it('sets the last author, and keeps the creator', async () => {
    const path = `/beta/users/${INNOCENTY}/profile/phones/${CAR_PHONE}`;
    const { body } = await ask(emulator, 'PATCH', path, { as: 'admin', json: { number: '1' } });
    expect(body.lastModifiedBy.user.displayName).toBe('Grace Okafor');
    expect(body.createdBy.user.displayName).toBe('Innocenty Popov');
  });

  it('clears nullable properties by an explicit null', async () => {
    await update({ inference: { confidenceScore: 1 }, source: { type: 'User' } });
    const cleared = {
      allowedAudiences: null,
      displayName: null,
      inference: null,
      number: null,
      source: null,
    };
    expect((await update(cleared)).body).toMatchObject(cleared);
  });

  it('keeps the members of inference that are not sent', async () => {
    await update({ inference: { confidenceScore: 0.5, userHasVerifiedAccuracy: false } });
    const { body } = await update({ inference: { userHasVerifiedAccuracy: true } });
    expect(body.inference).toEqual({ confidenceScore: 0.5, userHasVerifiedAccuracy: true });
  });

  it('changes nothing for an empty body', async () => {
    const before = await read();
    expect((await update({})).status).toBe(200);
    expect(await read()).toEqual(before);
  });

  it.each([{ type: null }, { id: 'x' }, { createdDateTime: null }, { extension: '1' }, { number: 5 }, []])(
    'rejects %j with 400, and changes nothing',
    async (json) => {
      const before = await read();
      expect((await update(json)).status).toBe(400);
      expect(await read()).toEqual(before);
    },
  );

  it('returns 204 without a body for Prefer: return=minimal', async () => {
    const { status, headers, body } = await update(
      { type: 'home' },
      { headers: { prefer: 'return=minimal' } },
    );
    expect([status, headers.get('preference-applied'), body]).toEqual([204, 'return=minimal', '']);
    expect((await read()).type).toBe('home');
  });

  it('returns 404 with an empty message for an unknown phone', async () => {
    const { status, body } = await update({ type: 'home' }, {}, 'e13f7a4d-303c-464f-a6af-80ea18eb74f3');
    expect([status, body.error.code, body.error.message]).toEqual([404, 'UnknownError', '']);
  });
});

describe('itemphone-delete: delete', () => {
  it('returns 204 once, then 404', async () => {
    const first = await ask(emulator, 'DELETE', `${PHONES}/${CAR_PHONE}`);
    const second = await ask(emulator, 'DELETE', `${PHONES}/${CAR_PHONE}`);
    expect([first.status, first.body, second.status]).toEqual([204, '', 404]);
    expect(emulator.phonesOf(INNOCENTY).map(({ id }) => id)).not.toContain(CAR_PHONE);
  });

  it('ignores If-Match, since phones have no entity tags', async () => {
    const headers = { 'if-match': 'W/"x"' };
    expect((await ask(emulator, 'DELETE', `${PHONES}/${CAR_PHONE}`, { headers })).status).toBe(204);
  });
});

describe('profile-delete: the profile as a whole', () => {
  it('is deleted with all its phones', async () => {
    const { status } = await ask(emulator, 'DELETE', '/beta/me/profile');
    expect([status, emulator.phonesOf(INNOCENTY)]).toEqual([204, []]);
  });

  it('can be read, with its phones', async () => {
    const { body } = await ask(emulator, 'GET', `/beta/users/${FIXTURES.innocenty}/profile`);
    expect(body).toMatchObject({ id: INNOCENTY, phones: [{ id: CAR_PHONE }, {}, {}] });
  });
});
