// App-only access: off by default, limited to the application roles, and never a way around a user's permissions.
import { describe, expect, it } from 'vitest';
import { createGuard } from '../../src/graph/guard.ts';
import { graphPath } from '../../src/graph/paths.ts';
import { createRetryPolicy, DEFAULT_RETRY } from '../../src/graph/retry.ts';
import { createGraph } from '../../src/graph/session.ts';
import { Cancellation } from '../../src/runtime/cancellation.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { silentLogger } from '../../src/runtime/log.ts';
import type { Principal } from '../../src/runtime/principal.ts';
import { seededRandom } from '../../src/runtime/random.ts';
import { makeKey, refusal, startEntraProduct } from '../support/entra.ts';
import { upstream } from '../support/product.ts';

const key = await makeKey('key-1');
const start = (environment = {}) =>
  startEntraProduct({ key, environment: { APP_ONLY: 'on', ...environment } });

const READ = ['Phones.Read.All'];
const WRITE = ['Phones.ReadWrite.All'];
const USER = 'query ($id: ID!) { user(id: $id) { displayName phones { number } } }';
const ADD = `mutation ($id: ID) { addPhone(input: { userId: $id, number: "+1 425 555 0170" }) { phone { number } userErrors { code message field } } }`;
const UPDATE = `mutation ($phone: ID!) { updatePhone(input: { id: $phone, number: "+1 425 555 0171" }) { phone { number } userErrors { code field } } }`;
const DELETE = `mutation ($phone: ID!) { deletePhone(input: { id: $phone }) { deletedPhoneId userErrors { code field } } }`;

describe('app-only access', () => {
  it.each([{}, { APP_ONLY: 'off' }])('is rejected unless APP_ONLY is on: %j', async (environment) => {
    await using product = await startEntraProduct({ key, environment });
    const { status, body } = await product.ask(USER, await product.appToken([...READ, ...WRITE]), {
      id: 'x',
    });
    expect([status, body.errors[0].extensions]).toEqual([403, { code: 'FORBIDDEN' }]);
    expect(product.entra.tokenRequests).toEqual([]);
  });

  it('uses the gateway’s own token, one for all applications of a tenant', async () => {
    await using product = await start();
    const [, second] = product.emulator.people;
    for (const roles of [READ, WRITE]) {
      const { body } = await product.ask(USER, await product.appToken(roles), { id: second?.id });
      expect(body).toMatchObject({ data: { user: { displayName: second?.displayName } } });
    }
    expect(product.entra.tokenRequests).toHaveLength(1);
    const form = product.entra.tokenRequests[0]?.form;
    expect(form).toMatchObject({
      grant_type: 'client_credentials',
      scope: `${product.emulator.url}/.default`,
    });
    expect(form).not.toHaveProperty('assertion');
    expect(new Set(product.emulator.calls.map(({ token }) => token))).toEqual(new Set(['service-writer']));
  });

  it('renews the token when Microsoft Graph rejects it', async () => {
    await using product = await start();
    const id = product.emulator.people[1]?.id;
    product.emulator.faults.add({ on: {}, do: { status: 401 } });
    expect((await product.ask(USER, await product.appToken(READ), { id })).status).toBe(200);
    expect(product.entra.tokenRequests).toHaveLength(2);
  });

  it('has no signed-in user: me is FORBIDDEN and nothing is sent', async () => {
    await using product = await start();
    for (const query of [
      '{ me { id } }',
      '{ me { __typename } }',
      '{ me { phones { number } } }',
      '{ me { phone(id: "x") { id } } }',
    ]) {
      const { status, body } = await product.ask(query, await product.appToken(WRITE));
      expect(status).toBe(200);
      expect(body.data).toEqual({ me: null });
      expect(body.errors[0]).toMatchObject({
        message: expect.stringMatching(/application without a user/),
        extensions: { code: 'FORBIDDEN' },
      });
    }
    expect(upstream(product.emulator)).toEqual([]);
  });

  it('with the read role reads the directory and any user', async () => {
    await using product = await start();
    const ids = product.emulator.people.slice(0, 3).map((person) => person.id);
    const query = 'query ($ids: [ID!]!) { users(ids: $ids) { id } directory(first: 2) { nodes { id } } }';
    const { body } = await product.ask(query, await product.appToken(READ), { ids });
    expect(body.errors).toBeUndefined();
    expect(body.data.directory.nodes).toHaveLength(2);
  });

  it('with the read role only changes nothing, and nothing is sent', async () => {
    await using product = await start();
    const token = await product.appToken(READ);
    const [person] = product.emulator.people;
    const variables = { id: person?.id, phone: '0fb4c1e3-c1e3-0fb4-e3c1-b40fe3c1b40f' };
    for (const [field, document] of Object.entries({
      addPhone: ADD,
      updatePhone: UPDATE,
      deletePhone: DELETE,
    })) {
      const { body } = await product.ask(document, token, variables);
      expect(body.data[field].userErrors).toMatchObject([{ code: 'FORBIDDEN', field: null }]);
    }
    expect(upstream(product.emulator)).toEqual([]);
  });

  it('with the write role has to name the user, or nothing is sent', async () => {
    await using product = await start();
    const token = await product.appToken(WRITE);
    const [person] = product.emulator.people;
    const phone = '0fb4c1e3-c1e3-0fb4-e3c1-b40fe3c1b40f';
    for (const [field, document] of Object.entries({
      addPhone: ADD,
      updatePhone: UPDATE,
      deletePhone: DELETE,
    })) {
      const { body } = await product.ask(document, token, { phone });
      expect(body.data[field].userErrors).toMatchObject([
        { code: 'INVALID_INPUT', field: ['input', field === 'addPhone' ? 'userId' : 'id'] },
      ]);
    }
    expect(upstream(product.emulator)).toEqual([]);
    const added = await product.ask(ADD, token, { id: person?.id });
    expect(added.body.data.addPhone).toEqual({ phone: { number: '+1 425 555 0170' }, userErrors: [] });
    expect(upstream(product.emulator)).toEqual([`POST /users/${person?.id}/profile/phones`]);
  });

  it('reports UPSTREAM_UNAVAILABLE when the gateway itself gets no token', async () => {
    await using product = await start();
    product.entra.onToken = () => refusal('invalid_grant');
    const { status, body } = await product.ask(USER, await product.appToken(READ), {
      id: product.emulator.people[0]?.id,
    });
    expect([status, body.errors[0].extensions]).toEqual([
      200,
      { code: 'UPSTREAM_UNAVAILABLE', retryable: false },
    ]);
  });
});

describe('a user whose token exchange fails', () => {
  it('gets nothing with the gateway’s own permissions', async () => {
    await using product = await start();
    product.entra.onToken = ({ form }) =>
      form['grant_type'] === 'client_credentials'
        ? {
            status: 200,
            body: { access_token: 'demo-token-service-writer', expires_in: 3600, token_type: 'Bearer' },
          }
        : refusal('invalid_grant');
    const token = await product.userToken('innocenty', { roles: WRITE });
    const id = product.emulator.people[1]?.id;
    for (const [query, variables] of [
      [USER, { id }],
      [ADD, { id }],
    ] as const) {
      expect((await product.ask(query, token, variables)).status).toBe(401);
    }
    expect(product.entra.tokenRequests.map(({ form }) => form['grant_type'])).not.toContain(
      'client_credentials',
    );
    expect(upstream(product.emulator)).toEqual([]);
  });
});

describe('a request of any module for app-only access', () => {
  it('is not sent when the access level does not allow it', async () => {
    const sent: string[] = [];
    const outside = { clock: systemClock, random: seededRandom(1), logger: silentLogger };
    const open = (accessLevel: Principal['accessLevel']) =>
      createGraph({
        client: {
          send: async ({ method, path }) => {
            sent.push(`${method} ${path}`);
            return {
              status: 204,
              body: null,
              bytes: 0,
              trace: { status: 204, requestId: null, clientRequestId: null },
            };
          },
        },
        reads: { join: () => () => undefined, wrote() {} },
        guard: createGuard(outside),
        retry: createRetryPolicy(DEFAULT_RETRY, outside.random),
        ...outside,
        lacks: [],
        readBytes: 1_000_000,
        sourceForm: 'list',
        roots: [],
      }).open({
        principal: {
          key: 'k',
          owner: 'o',
          accessLevel,
          identity: null,
          token: async () => 't',
          renew: async () => null,
        },
        cancellation: new Cancellation(),
        deadline: systemClock.elapsed() + 5_000,
      });
    const own = graphPath(['me', 'profile', 'phones', 'x']);
    const others = graphPath(['users', 'y', 'profile', 'phones', 'x']);
    const refused = { code: 'FORBIDDEN' };
    await expect(open('app-read').write({ method: 'DELETE', path: others })).rejects.toMatchObject(refused);
    await expect(open('app-write').write({ method: 'DELETE', path: own })).rejects.toMatchObject(refused);
    await expect(open('app-write').read(own)).rejects.toMatchObject(refused);
    await open('app-write').write({ method: 'DELETE', path: others });
    await open('user').write({ method: 'DELETE', path: own });
    expect(sent).toEqual([`DELETE ${others}`, `DELETE ${own}`]);
  });
});
