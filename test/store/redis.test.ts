// Redis as it is on bad days: killed, started again, stopped in its tracks, full, out of reach, behind TLS. The server is a
// real one; only the TLS in front of it is Node's.

import { readFileSync } from 'node:fs';
import {
  type AddressInfo,
  connect as connectTcp,
  createServer as createTcpServer,
  type Server,
} from 'node:net';
import { join } from 'node:path';
import { createServer as createTlsServer, getCACertificates, setDefaultCACertificates } from 'node:tls';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { selfSigned } from '../../emulator/entra/certificate.ts';
import { makeKeyPair } from '../../emulator/entra/keys.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { DEADLINE_MS, START_MS } from '../../src/store/redis.ts';
import { type Store, StoreFailure } from '../../src/store/store.ts';
import { manualClock, until } from '../support/emulator.ts';
import { connectTo, isRedisMissing, redisSkipped, startRedis, type TestRedis } from '../support/redis.ts';

const LONG = 60_000;
const UNREACHABLE = { name: 'StoreFailure', kind: 'unreachable' };

function recorder() {
  const lines: string[] = [];
  const { promise: spoken, resolve: speak } = Promise.withResolvers<void>();
  const write = (line: string): void => {
    lines.push(line);
    speak();
  };
  const logger = pino({ level: 'debug', base: null }, { write });
  return { lines, logger, spoken, said: () => lines.map((line) => JSON.parse(line)) };
}

const server = (redis: Pick<TestRedis, 'host' | 'port'>) => ({
  tls: false,
  host: redis.host,
  port: redis.port,
  username: null,
  secret: null,
  database: 0,
});

/** That stores have, one each. */
async function connections(redis: TestRedis): Promise<number> {
  const list = String(await redis.command('CLIENT', 'LIST'));
  return list.split('\n').filter((line) => line.includes('name=profile-phones')).length;
}

const answers = (store: Store) =>
  until(async () => {
    return await store.get('probe').then(
      () => true,
      () => false,
    );
  });

describe.skipIf(isRedisMissing)(`Redis that is killed${redisSkipped}`, () => {
  it('fails what is asked meanwhile, all of it, and is found again by itself once it is back', async () => {
    await using redis = await startRedis();
    const { logger, said } = recorder();
    const store = await connectTo(redis, { logger });
    const other = await connectTo(redis);
    await store.put('a', 'before', LONG);
    expect(await store.replace('a', 'before', 'after', LONG)).toBe(true);

    await redis.kill();
    await until(() => said().length === 1);
    for (const attempt of [
      store.get('a'),
      store.add('a', 'b', LONG),
      store.put('a', 'b', LONG),
      store.replace('a', 'after', 'b', LONG),
      store.remove('a', 'after'),
    ]) {
      await expect(attempt).rejects.toMatchObject(UNREACHABLE);
    }

    await redis.restart();
    await Promise.all([answers(store), answers(other)]);
    expect(await store.get('a')).toBeNull();
    expect(await store.add('a', 'anew', LONG)).toBeNull();
    // Redis has forgotten the scripts as well.
    expect(await other.replace('a', 'anew', 'replaced', LONG)).toBe(true);
    expect(said().map(({ level, reason }) => [level, reason])).toEqual([
      [50, expect.stringMatching(/^(ECONNRESET|SocketClosedUnexpectedlyError)$/)],
      [30, undefined],
    ]);
    await Promise.all([store.close(), other.close()]);
  });

  it('again and again, in the middle of everything, harms nothing but what is under way', async () => {
    await using redis = await startRedis();
    const { logger, said } = recorder();
    const store = await connectTo(redis, { logger });
    let isOver = false;
    const seen = new Set<string>();
    async function use(at: number): Promise<void> {
      while (!isOver) {
        const attempts = [store.put(`x${at}`, 'v', LONG), store.replace(`x${at}`, 'v', 'w', LONG)];
        for (const { status, ...rest } of await Promise.allSettled(attempts)) {
          seen.add(status === 'rejected' ? (rest as PromiseRejectedResult).reason.kind : status);
        }
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
    const users = Array.from({ length: 20 }, (_, at) => use(at));
    for (let round = 0; round < 3; round += 1) {
      await answers(store);
      await redis.kill();
      await until(() => said().length === round * 2 + 1);
      await redis.restart();
    }
    await answers(store);
    isOver = true;
    await Promise.all(users);
    expect(seen).toEqual(new Set(['fulfilled', 'unreachable']));
    expect(said().map(({ level }) => level)).toEqual([50, 30, 50, 30, 50, 30]);
    await store.close();
  });
});

describe.skipIf(isRedisMissing)(`Redis that says nothing any more${redisSkipped}`, () => {
  it('fails commands at their deadline, then at once, and is found again when it wakes', async () => {
    await using redis = await startRedis();
    const { logger, said } = recorder();
    const clock = manualClock();
    const store = await connectTo(redis, { logger, clock });
    await store.put('a', 'kept', LONG);
    redis.freeze();
    for (let waited = 0; waited < 1_000; waited += DEADLINE_MS) {
      expect(said()).toEqual([]);
      const attempt = expect(store.get('a')).rejects.toMatchObject(UNREACHABLE);
      clock.advance(DEADLINE_MS - 1);
      expect(clock.waiting).toBe(1);
      clock.advance(1);
      await attempt;
    }
    // The connection was given up, and no time goes by from here on.
    const many = Array.from({ length: 100 }, () => store.get('a'));
    await Promise.all(many.map((attempt) => expect(attempt).rejects.toMatchObject(UNREACHABLE)));
    redis.thaw();
    await answers(store);
    expect(await store.get('a')).toBe('kept');
    await until(async () => (await connections(redis)) === 1);
    expect(said().map(({ level, reason }) => [level, reason])).toEqual([
      [50, 'silent'],
      [30, undefined],
    ]);
    await store.close();
  });

  it('for a moment only, keeps its connection, and nobody is told', async () => {
    await using redis = await startRedis();
    const { logger, said } = recorder();
    const clock = manualClock();
    const store = await connectTo(redis, { logger, clock });
    redis.freeze();
    const attempt = expect(store.get('a')).rejects.toMatchObject(UNREACHABLE);
    clock.advance(DEADLINE_MS);
    await attempt;
    redis.thaw();
    await answers(store);
    expect(await connections(redis)).toBe(1);
    expect(said()).toEqual([]);
    await store.close();
  });
});

describe.skipIf(isRedisMissing)(`Redis that is not there at the start${redisSkipped}`, () => {
  it('holds nothing up, is told once, and is taken when it comes', async () => {
    await using redis = await startRedis();
    await redis.kill();
    const { logger, said } = recorder();
    const store = await connectTo(redis, { logger });
    await expect(store.get('a')).rejects.toMatchObject(UNREACHABLE);
    expect(said()).toEqual([
      expect.objectContaining({
        level: 50,
        redis: `redis://127.0.0.1:${redis.port}`,
        reason: 'ECONNREFUSED',
      }),
    ]);
    await redis.restart();
    await answers(store);
    expect(said().map(({ level }) => level)).toEqual([50, 30]);
    await store.close();
  });

  it('but silent, does not hold up the start for long, is told, and is taken when it wakes', async () => {
    await using redis = await startRedis();
    redis.freeze();
    const { logger, said, spoken } = recorder();
    const clock = manualClock();
    const connecting = connectTo(redis, { logger, clock });
    clock.advance(START_MS);
    const store = await connecting;
    await expect(store.get('a')).rejects.toMatchObject(UNREACHABLE);
    // Only the client's own patience with a silent connection, which is 5 seconds, brings it to this.
    await spoken;
    expect(said()[0]).toMatchObject({ level: 50, reason: 'SocketTimeoutError' });
    redis.thaw();
    await answers(store);
    await store.close();
  });

  it('is not waited for once the store is closed', async () => {
    await using redis = await startRedis();
    await redis.kill();
    const store = await connectTo(redis);
    await store.close();
    await expect(store.get('a')).rejects.toMatchObject(UNREACHABLE);
  });
});

describe.skipIf(isRedisMissing)(`Redis that refuses${redisSkipped}`, () => {
  it('for want of memory, is full', async () => {
    await using redis = await startRedis('--maxmemory', '1', '--maxmemory-policy', 'noeviction');
    const { logger, said } = recorder();
    const store = await connectTo(redis, { logger });
    for (const attempt of [store.put('a', 'b', LONG), store.add('a', 'b', LONG)]) {
      await expect(attempt).rejects.toMatchObject({ name: 'StoreFailure', kind: 'full' });
    }
    expect(await store.get('a')).toBeNull();
    expect(said().map(({ level, reason }) => [level, reason])).toEqual([[50, 'OOM']]);
    await store.close();
  });

  it('a wrong password, cannot be reached; the log says so, without it', async () => {
    await using redis = await startRedis('--requirepass', 'right');
    const { logger, lines, said } = recorder();
    const secret = 'canary-password';
    const store = await connectTo(redis, { logger, server: { ...server(redis), secret } });
    await expect(store.get('a')).rejects.toMatchObject(UNREACHABLE);
    expect(said().map(({ reason }) => reason)).toEqual(['WRONGPASS']);
    expect(lines.join('')).not.toContain('canary');
    await store.close();
  });

  it('everything but what is needed, is enough', async () => {
    const page = readFileSync(join(import.meta.dirname, '../../docs/deployment.md'), 'utf8');
    const [, rights = ''] = /^ACL SETUSER gateway on >password (.*)$/m.exec(page) ?? [];
    expect(rights).toContain('~profile-phones:*');
    await using redis = await startRedis('--user', 'gateway', 'on', '>sesame', ...rights.split(' '));
    const { logger, said } = recorder();
    const store = await connectTo(redis, {
      logger,
      server: { ...server(redis), username: 'gateway', secret: 'sesame' },
    });
    expect(await store.add('a', 'b', LONG)).toBeNull();
    expect(await store.replace('a', 'b', 'c', LONG)).toBe(true);
    expect(await store.get('a')).toBe('c');
    expect(await store.remove('a', 'c')).toBe(true);
    await store.put('a', 'd', LONG);
    expect(said()).toEqual([]);
    expect([...(await redis.dump()).keys()]).toEqual(['profile-phones:a']);
    await store.close();
  });

  it('some of what is needed, does not keep the rest from working, and is told once', async () => {
    const rights = '~profile-phones:* -@all +@connection +get +set';
    await using redis = await startRedis('--user', 'gateway', 'on', '>sesame', ...rights.split(' '));
    const { logger, said } = recorder();
    const store = await connectTo(redis, {
      logger,
      server: { ...server(redis), username: 'gateway', secret: 'sesame' },
    });
    await store.put('a', 'd', LONG);
    expect(await store.get('a')).toBe('d');
    await expect(store.remove('a', 'd')).rejects.toMatchObject(UNREACHABLE);
    await expect(store.remove('a', 'd')).rejects.toMatchObject(UNREACHABLE);
    expect(said().map(({ reason, msg }) => [reason, msg])).toEqual([['NOPERM', 'Redis refuses a command']]);
    await store.close();
  });
});

describe.skipIf(isRedisMissing)(`Redis in a database of its own${redisSkipped}`, () => {
  it('is used there and nowhere else', async () => {
    await using redis = await startRedis();
    const store = await connectTo(redis, { server: { ...server(redis), database: 3 } });
    await store.put('a', 'b', LONG);
    expect(await redis.command('INFO', 'keyspace')).toMatch(/db3:keys=1/);
    expect((await redis.dump()).size).toBe(0);
    await store.close();
  });
});

describe.skipIf(isRedisMissing)(`Redis over TLS${redisSkipped}`, () => {
  it('is taken with a certificate that Node trusts, asked for by name, and not otherwise', async () => {
    await using redis = await startRedis();
    const pair = await makeKeyPair();
    const cert = selfSigned('localhost', pair, systemClock.now());
    const key = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
    const names: string[] = [];
    const tls = createTlsServer({
      key,
      cert,
      SNICallback: (name, done) => {
        names.push(name);
        done(null);
      },
    });
    tls.on('secureConnection', (socket) => {
      const plain = connectTcp(redis.port, redis.host);
      for (const end of [socket, plain]) end.on('error', () => {});
      socket.pipe(plain).pipe(socket);
    });
    const port = await listen(tls);
    const place = { ...server(redis), tls: true, host: 'localhost', port };

    const { logger, said } = recorder();
    const refused = await connectTo(redis, { logger, server: place });
    await expect(refused.get('a')).rejects.toMatchObject(UNREACHABLE);
    expect(said()).toEqual([
      expect.objectContaining({ redis: `rediss://localhost:${port}`, reason: 'DEPTH_ZERO_SELF_SIGNED_CERT' }),
    ]);
    await refused.close();

    const usual = getCACertificates('default');
    setDefaultCACertificates([...usual, cert]);
    try {
      const store = await connectTo(redis, { server: place });
      await store.put('a', 'over TLS', LONG);
      expect((await redis.dump()).get('profile-phones:a')).toBe('over TLS');
      expect(new Set(names)).toEqual(new Set(['localhost']));
      await store.close();

      const byAddress = await connectTo(redis, { logger, server: { ...place, host: '127.0.0.1' } });
      await expect(byAddress.get('a')).rejects.toMatchObject(UNREACHABLE);
      expect(said().at(-1)?.reason).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
      await byAddress.close();
    } finally {
      setDefaultCACertificates(usual);
      tls.close();
    }
  });
});

describe('What is not Redis', () => {
  it('cannot be reached, and does no harm', async () => {
    const web = createTcpServer((socket) => {
      socket.on('error', () => {});
      socket.on('data', () => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'));
    });
    const port = await listen(web);
    const { logger, said } = recorder();
    const store = await connectTo({ host: '127.0.0.1', port }, { logger, deadlineMs: 50 });
    await expect(store.get('a')).rejects.toEqual(new StoreFailure('unreachable'));
    expect(said().map(({ level }) => level)).toEqual([50]);
    await store.close();
    web.close();
  });
});

async function listen(listener: Server): Promise<number> {
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  return (listener.address() as AddressInfo).port;
}
