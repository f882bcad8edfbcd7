// Two gateways share one Entra ID, one Microsoft Graph and one Redis. A token of one gateway serves the other. Reading or
// changing Redis reveals no token and replaces none. The fake Entra ID counts the exchanges. The emulator records the
// user of each request.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config/config.ts';
import { startStandalone } from '../../src/process/standalone.ts';
import { silentLogger } from '../../src/runtime/log.ts';
import { systemRandom } from '../../src/runtime/random.ts';
import { certificateFile, temporaryFolder } from '../support/certificate.ts';
import { until } from '../support/emulator.ts';
import {
  type EntraProduct,
  idOf,
  makeKey,
  SECRET,
  startEntraProduct,
  tokenAnswer,
} from '../support/entra.ts';
import { ask, startTestProduct, tokenOf } from '../support/product.ts';
import { isRedisMissing, patientClock, redisSkipped, startRedis, type TestRedis } from '../support/redis.ts';

const key = await makeKey('key-1');
const QUERY = '{ me { id displayName } }';
const CLAIMS = Buffer.from('{"access_token":{"acrs":{"essential":true,"value":"c1"}}}').toString('base64');

describe.skipIf(isRedisMissing)(`Replicas${redisSkipped}`, () => {
  let redis: TestRedis;
  let one: EntraProduct;
  let two: EntraProduct;
  const start = (beside?: EntraProduct, environment = {}, patience = 20) =>
    startEntraProduct({
      key,
      patience,
      environment: { REDIS_URL: redis.url, APP_ONLY: 'on', ...environment },
      ...(beside === undefined ? {} : { beside }),
    });
  beforeEach(async () => {
    redis = await startRedis();
    one = await start();
    two = await start(one);
  });
  afterEach(async () => {
    await two[Symbol.asyncDispose]();
    await one[Symbol.asyncDispose]();
    await redis[Symbol.asyncDispose]();
  });
  const exchanges = () => one.entra.tokenRequests.length;
  /** Returns the token entries in Redis, by name. */
  const tokens = async () =>
    new Map([...(await redis.dump())].filter(([name]) => name.startsWith('profile-phones:token:')));
  /** Waits for a write to Redis that the request does not wait for. */
  const left = (count: number) => until(async () => (await tokens()).size === count);
  const put = (name: string, value: string) => redis.command('SET', name, value);

  async function expectPerson(product: EntraProduct, name: string, token: string): Promise<void> {
    const { status, body } = await product.ask(QUERY, token);
    expect([status, body.data?.me?.id]).toEqual([200, idOf(one.emulator, name)]);
  }

  describe('share tokens', () => {
    it('so that an exchange of one serves the other', async () => {
      const token = await one.userToken('innocenty');
      await expectPerson(one, 'innocenty', token);
      await left(1);
      await expectPerson(two, 'innocenty', token);
      await expectPerson(two, 'innocenty', token);
      expect(exchanges()).toBe(1);
    });

    it('for as long as a token is valid, even if Redis keeps it longer', async () => {
      one.entra.onToken = () => tokenAnswer(tokenOf(one.emulator, 'innocenty'), 600);
      const token = await one.userToken('innocenty');
      await expectPerson(one, 'innocenty', token);
      await left(1);
      const [name = ''] = (await tokens()).keys();
      const ttl = Number(await redis.command('PTTL', name));
      expect(ttl).toBeGreaterThan(500_000);
      expect(ttl).toBeLessThanOrEqual(540_000);
      await redis.command('PERSIST', name);
      two.pass(541_000);
      await expectPerson(two, 'innocenty', token);
      expect(exchanges()).toBe(2);
    });

    it('of the gateway itself, encrypted with its client secret', async () => {
      const id = one.emulator.people[1]?.id;
      const query = 'query ($id: ID!) { user(id: $id) { displayName } }';
      const token = await one.appToken(['Phones.Read.All']);
      expect((await one.ask(query, token, { id })).status).toBe(200);
      await left(1);
      expect((await two.ask(query, token, { id })).status).toBe(200);
      expect(exchanges()).toBe(1);
      await using other = await start(one, { AZURE_CLIENT_SECRET: `${SECRET}, another` });
      expect((await other.ask(query, token, { id })).status).toBe(200);
      expect(exchanges()).toBe(2);
    });

    it('of the gateway itself, encrypted with its certificate key; with federated credentials nothing is shared', async () => {
      await using folder = await temporaryFolder();
      const { path } = await certificateFile(folder.path);
      const query = 'query ($id: ID!) { user(id: $id) { displayName } }';
      const id = one.emulator.people[1]?.id;
      const token = await one.appToken(['Phones.Read.All']);
      for (const [environment, count] of [
        [{ AZURE_CLIENT_CERTIFICATE_PATH: path }, 1],
        [{ AZURE_FEDERATED_TOKEN_FILE: path }, 2],
      ] as const) {
        one.entra.tokenRequests.length = 0;
        await redis.command('FLUSHALL');
        await using third = await start(one, environment);
        await using fourth = await start(one, environment);
        expect((await third.ask(query, token, { id })).status).toBe(200);
        await left(2 - count);
        expect((await fourth.ask(query, token, { id })).status).toBe(200);
        expect(exchanges()).toBe(count);
      }
    });

    it('also with the emulator’s Entra ID', async () => {
      const environment = { AUTH_MODE: 'entra', REDIS_URL: redis.url };
      await using first = await startTestProduct({ environment, outside: { clock: patientClock } });
      const { entra, url } = first.emulator;
      const { config } = readConfig({
        ...environment,
        PORT: '0',
        ADMIN_PORT: '0',
        GRAPH_BASE_URL: url,
        AZURE_AUTHORITY_HOST: entra.authority,
        AZURE_TENANT_ID: entra.tenantId,
        AZURE_CLIENT_ID: entra.gateway.clientId,
        AZURE_CLIENT_SECRET: entra.gateway.clientSecret,
      });
      if (config === null) throw new Error('the configuration is wrong');
      const second = await startStandalone(config, {
        clock: patientClock,
        random: systemRandom,
        logger: silentLogger,
      });
      const token = await entra.userToken('innocenty');
      expect((await ask(first.url, token, QUERY)).body.errors).toBeUndefined();
      await left(1);
      first.emulator.clearCalls();
      expect((await ask(second.url, token, QUERY)).body.data.me.displayName).toBe('Innocenty Popov');
      const paths = first.emulator.calls.map(({ path }) => path);
      expect(paths.length).toBeGreaterThan(0);
      expect(paths.filter((path) => path.includes('/token'))).toEqual([]);
      await second.close();
    });
  });

  describe('remove a token that Microsoft Graph rejects', () => {
    it('from Redis too, and keep the one that replaced it', async () => {
      const token = await one.userToken('innocenty');
      await expectPerson(one, 'innocenty', token);
      await left(1);
      const before = await tokens();
      one.emulator.faults.add({ on: {}, do: { status: 401 } });
      await expectPerson(two, 'innocenty', token);
      expect(exchanges()).toBe(2);
      await until(async () => {
        const now = await tokens();
        return now.size === 1 && [...now.values()][0] !== [...before.values()][0];
      });
      expect([...(await tokens()).keys()]).toEqual([...before.keys()]);
    });

    it('from Redis even when no other token is available', async () => {
      const token = await one.userToken('innocenty');
      await expectPerson(one, 'innocenty', token);
      await left(1);
      one.emulator.faults.add({ on: {}, do: { status: 401 } });
      one.entra.onToken = () => ({ status: 503, body: '' });
      const { body } = await two.ask(QUERY, token);
      expect(body.errors[0].extensions.code).toBe('UPSTREAM_UNAVAILABLE');
      expect((await tokens()).size).toBe(0);
    });

    it('in favor of one with the requested claims, for all replicas', async () => {
      const token = await one.userToken('innocenty');
      await expectPerson(one, 'innocenty', token);
      await left(1);
      const before = [...(await tokens()).values()];
      const challenge = `Bearer realm="", error="insufficient_claims", claims="${CLAIMS}"`;
      const refuse = () =>
        one.emulator.faults.add({ on: {}, do: { status: 401, headers: { 'WWW-Authenticate': challenge } } });
      // The stand-in hands out another person's token from here on: whoever it answers for has the new one.
      one.entra.onToken = () => tokenAnswer(tokenOf(one.emulator, 'namesake'));
      refuse();
      await expectPerson(one, 'namesake', token);
      expect(one.entra.tokenRequests.at(-1)?.form['claims']).toContain('acrs');
      await until(async () => [...(await tokens()).values()].some((value) => !before.includes(value)));
      await expectPerson(two, 'namesake', token);
      expect(exchanges()).toBe(2);
    });

    it('in favor of the one another replica got meanwhile, without an exchange', async () => {
      const token = await one.userToken('innocenty');
      await expectPerson(one, 'innocenty', token);
      await left(1);
      await expectPerson(two, 'innocenty', token);
      const before = [...(await tokens()).values()];
      one.entra.onToken = () => tokenAnswer(tokenOf(one.emulator, 'namesake'));
      one.emulator.faults.add({ on: {}, do: { status: 401 } });
      await expectPerson(one, 'namesake', token);
      await until(async () => [...(await tokens()).values()].some((value) => !before.includes(value)));
      one.emulator.faults.add({ on: {}, do: { status: 401 } });
      await expectPerson(two, 'namesake', token);
      expect(exchanges()).toBe(2);
    });
  });

  describe('reveal nothing to a reader of Redis', () => {
    it('no token, id or name, in any encoding', async () => {
      const people = ['innocenty', 'namesake', 'admin'];
      const theirs = await Promise.all(
        people.map((name) => one.userToken(name, { name: `Name of ${name}` })),
      );
      for (const token of theirs) expect((await one.ask(QUERY, token)).status).toBe(200);
      const app = await one.appToken(['Phones.Read.All']);
      await one.ask('query ($id: ID!) { user(id: $id) { displayName } }', app, {
        id: idOf(one.emulator, 'admin'),
      });
      await left(4);
      const dump = await redis.dump();
      const secrets = [
        ...[...theirs, app].flatMap((token) => [token, ...token.split('.')]),
        ...one.emulator.tokens.flatMap(({ token, person }) => [token, person ?? token]),
        ...[
          'Innocenty',
          'Innocenty Popov',
          'Name of innocenty',
          'innocenty',
          'namesake',
          SECRET,
          'demo-token',
        ],
      ];
      const text = [...dump].flat().join('\n');
      const bytes = [...dump.values()].map((value) => Buffer.from(value, 'base64url').toString('latin1'));
      const seen = [text, ...bytes].join('\n');
      const names = [...dump.keys()].filter((name) => name !== 'profile-phones:secret');
      expect(names.every((name) => /^profile-phones:token:[\w-]{43}$/.test(name))).toBe(true);
      for (const secret of secrets.flatMap(forms)) expect(seen).not.toContain(secret);
      for (const before of ['', 'a', 'ab'])
        expect(
          forms('Innocenty Popov').some((form) => btoa(`${before}Innocenty Popov.`).includes(form)),
        ).toBe(true);
    });
  });

  describe('accept nothing from a writer to Redis', () => {
    it.each<[string, (value: string) => string]>([
      ['garbage', () => 'garbage'],
      ['nothing', () => ''],
      ['half of it', (value) => value.slice(0, value.length / 2)],
      ['another first letter', (value) => `${value.startsWith('A') ? 'B' : 'A'}${value.slice(1)}`],
      ['a token in clear', () => '9999999999999 demo-token-admin'],
    ])('but exchange anew, when it has %s for a token', async (_what, alter) => {
      const token = await one.userToken('innocenty');
      await expectPerson(one, 'innocenty', token);
      await left(1);
      for (const [name, value] of await tokens()) await put(name, alter(value));
      await expectPerson(two, 'innocenty', token);
      expect(exchanges()).toBe(2);
    });

    it('and exchange again when Redis has one user’s token in place of another’s', async () => {
      const [mine, theirs] = [await one.userToken('innocenty'), await one.userToken('admin')];
      await expectPerson(one, 'innocenty', mine);
      await left(1);
      const [[ofMine = '', sealedForMe = ''] = []] = await tokens();
      await expectPerson(one, 'admin', theirs);
      await left(2);
      const ofTheirs = [...(await tokens()).keys()].find((name) => name !== ofMine) ?? '';
      await put(ofMine, (await tokens()).get(ofTheirs) ?? '');
      await put(ofTheirs, sealedForMe);
      await expectPerson(two, 'innocenty', mine);
      await expectPerson(two, 'admin', theirs);
      expect(exchanges()).toBe(4);
    });

    it('and find nothing with another token of the same user', async () => {
      await expectPerson(one, 'innocenty', await one.userToken('innocenty', { aio: '1' }));
      await left(1);
      await expectPerson(two, 'innocenty', await one.userToken('innocenty', { aio: '2' }));
      expect(exchanges()).toBe(2);
    });
  });

  describe('work without Redis', () => {
    it('when it is killed in the middle, and share again when it is back', async () => {
      const people = ['innocenty', 'namesake', 'admin'];
      const wave = async (aio: string) => {
        const tokens = await Promise.all(people.map((name) => one.userToken(name, { aio })));
        const all = [one, two].flatMap((product) =>
          people.map((name, at) => expectPerson(product, name, tokens[at] ?? '')),
        );
        await Promise.all(all);
      };
      await wave('1');
      const under = wave('2');
      await redis.kill();
      await under;
      await wave('3');
      await redis.restart();
      await until(async () => {
        await expectPerson(one, 'innocenty', await one.userToken('innocenty', { aio: crypto.randomUUID() }));
        return (await tokens()).size > 0;
      });
    });

    it('when it is down at the start: ready, and serving', async () => {
      await redis.kill();
      await using third = await start(one);
      await expectPerson(third, 'innocenty', await one.userToken('innocenty'));
      expect((await fetch(`${third.adminUrl}/readyz`)).status).toBe(200);
    });

    it('and leave no connection open when they end', async () => {
      const connections = async () => {
        const list = String(await redis.command('CLIENT', 'LIST'));
        return list.split('\n').filter((line) => line.includes('name=profile-phones')).length;
      };
      expect(await connections()).toBe(2);
      const third = await start(one);
      expect(await connections()).toBe(3);
      await third[Symbol.asyncDispose]();
      await until(async () => (await connections()) === 2);
    });

    it('when it is up but does not respond', async () => {
      await using third = await start(one, {}, 1);
      await using fourth = await start(one, {}, 1);
      redis.freeze();
      const token = await one.userToken('innocenty');
      await expectPerson(third, 'innocenty', token);
      await expectPerson(fourth, 'innocenty', token);
      expect(exchanges()).toBe(2);
      redis.thaw();
    });
  });
});

/** Every form in which the text can occur inside other text: plain, hexadecimal, and base64 at each of three offsets. */
function forms(text: string): string[] {
  const inBase64 = [0, 1, 2].flatMap((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), Buffer.from(text)]).toString('base64');
    const certain = encoded.slice(Math.ceil((before * 4) / 3), -4);
    return [certain, certain.replaceAll('+', '-').replaceAll('/', '_')];
  });
  const hex = Buffer.from(text).toString('hex');
  // Shorter ones occur by coincidence.
  return [text, hex, hex.toUpperCase(), ...inBase64].filter((form) => form.length >= 8);
}
