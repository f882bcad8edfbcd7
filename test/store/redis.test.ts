// Redis in trouble: killed, restarted, frozen, full, unreachable, behind TLS. The server is a real Redis; only the TLS in
// front of it is Node's.
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
import { COMMAND_TIMEOUT_MS, CONNECT_TIMEOUT_MS } from '../../src/store/redis.ts';
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

const addressOf = (redis: Pick<TestRedis, 'host' | 'port'>) => ({
  tls: false,
  host: redis.host,
  port: redis.port,
  username: null,
  password: null,
  database: 0,
});

/** Counts the connections of stores. Each store has one. */
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
  it('fails all commands meanwhile, and is used again after its restart', async () => {
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
    // Redis has lost the scripts too.
    expect(await other.replace('a', 'anew', 'replaced', LONG)).toBe(true);
    expect(said().map(({ level, reason }) => [level, reason])).toEqual([
      [50, expect.stringMatching(/^(ECONNRESET|SocketClosedUnexpectedlyError)$/)],
      [30, undefined],
    ]);
    await Promise.all([store.close(), other.close()]);
  });

  it('repeatedly and under load fails only the pending commands', async () => {
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

describe.skipIf(isRedisMissing)(`Redis that does not respond${redisSkipped}`, () => {
  it('fails commands at their timeout, then at once, and is used again when it responds', async () => {
    await using redis = await startRedis();
    const { logger, said } = recorder();
    const clock = manualClock();
    const store = await connectTo(redis, { logger, clock });
    await store.put('a', 'kept', LONG);
    redis.freeze();
    for (let waited = 0; waited < 1_000; waited += COMMAND_TIMEOUT_MS) {
      expect(said()).toEqual([]);
      const attempt = expect(store.get('a')).rejects.toMatchObject(UNREACHABLE);
      clock.advance(COMMAND_TIMEOUT_MS - 1);
      expect(clock.waiting).toBe(1);
      clock.advance(1);
      await attempt;
    }
    // The connection was replaced. From here on, commands fail without waiting.
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

  it('for a moment only keeps its connection, and nothing is logged', async () => {
    await using redis = await startRedis();
    const { logger, said } = recorder();
    const clock = manualClock();
    const store = await connectTo(redis, { logger, clock });
    redis.freeze();
    const attempt = expect(store.get('a')).rejects.toMatchObject(UNREACHABLE);
    clock.advance(COMMAND_TIMEOUT_MS);
    await attempt;
    redis.thaw();
    await answers(store);
    expect(await connections(redis)).toBe(1);
    expect(said()).toEqual([]);
    await store.close();
  });
});

describe.skipIf(isRedisMissing)(`Redis that is down at the start${redisSkipped}`, () => {
  it('does not block the start, is logged once, and is used when it is up', async () => {
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

  it('but accepts connections blocks the start until the timeout, is logged, and is used when it responds', async () => {
    await using redis = await startRedis();
    redis.freeze();
    const { logger, said, spoken } = recorder();
    const clock = manualClock();
    const connecting = connectTo(redis, { logger, clock });
    clock.advance(CONNECT_TIMEOUT_MS);
    const store = await connecting;
    await expect(store.get('a')).rejects.toMatchObject(UNREACHABLE);
    // Only the client's own socket timeout of 5 seconds ends this connection.
    await spoken;
    expect(said()[0]).toMatchObject({ level: 50, reason: 'SocketTimeoutError' });
    redis.thaw();
    await answers(store);
    await store.close();
  });

  it('is not retried after the store is closed', async () => {
    await using redis = await startRedis();
    await redis.kill();
    const store = await connectTo(redis);
    await store.close();
    await expect(store.get('a')).rejects.toMatchObject(UNREACHABLE);
  });
});

describe.skipIf(isRedisMissing)(`Redis that rejects${redisSkipped}`, () => {
  it('writes for lack of memory is full', async () => {
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

  it('the password is unreachable, and the log names the error without the password', async () => {
    await using redis = await startRedis('--requirepass', 'right');
    const { logger, lines, said } = recorder();
    const password = 'canary-password';
    const store = await connectTo(redis, { logger, address: { ...addressOf(redis), password } });
    await expect(store.get('a')).rejects.toMatchObject(UNREACHABLE);
    expect(said().map(({ reason }) => reason)).toEqual(['WRONGPASS']);
    expect(lines.join('')).not.toContain('canary');
    await store.close();
  });

  it('all commands but the needed ones is enough', async () => {
    const page = readFileSync(join(import.meta.dirname, '../../docs/deployment.md'), 'utf8');
    const [, rights = ''] = /^ACL SETUSER gateway on >password (.*)$/m.exec(page) ?? [];
    expect(rights).toContain('~profile-phones:*');
    await using redis = await startRedis('--user', 'gateway', 'on', '>sesame', ...rights.split(' '));
    const { logger, said } = recorder();
    const store = await connectTo(redis, {
      logger,
      address: { ...addressOf(redis), username: 'gateway', password: 'sesame' },
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

  it('some needed commands still runs the others, and the rejection is logged once', async () => {
    const rights = '~profile-phones:* -@all +@connection +get +set';
    await using redis = await startRedis('--user', 'gateway', 'on', '>sesame', ...rights.split(' '));
    const { logger, said } = recorder();
    const store = await connectTo(redis, {
      logger,
      address: { ...addressOf(redis), username: 'gateway', password: 'sesame' },
    });
    await store.put('a', 'd', LONG);
    expect(await store.get('a')).toBe('d');
    await expect(store.remove('a', 'd')).rejects.toMatchObject(UNREACHABLE);
    await expect(store.remove('a', 'd')).rejects.toMatchObject(UNREACHABLE);
    expect(said().map(({ reason, msg }) => [reason, msg])).toEqual([['NOPERM', 'Redis rejected a command']]);
    await store.close();
  });
});

describe.skipIf(isRedisMissing)(`Redis with a database number${redisSkipped}`, () => {
  it('is used in that database only', async () => {
    await using redis = await startRedis();
    const store = await connectTo(redis, { address: { ...addressOf(redis), database: 3 } });
    await store.put('a', 'b', LONG);
    expect(await redis.command('INFO', 'keyspace')).toMatch(/db3:keys=1/);
    expect((await redis.dump()).size).toBe(0);
    await store.close();
  });
});

describe.skipIf(isRedisMissing)(`Redis over TLS${redisSkipped}`, () => {
  it('is used with a certificate that Node trusts for its name, and with no other', async () => {
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
    const address = { ...addressOf(redis), tls: true, host: 'localhost', port };

    const { logger, said } = recorder();
    const refused = await connectTo(redis, { logger, address });
    await expect(refused.get('a')).rejects.toMatchObject(UNREACHABLE);
    expect(said()).toEqual([
      expect.objectContaining({ redis: `rediss://localhost:${port}`, reason: 'DEPTH_ZERO_SELF_SIGNED_CERT' }),
    ]);
    await refused.close();

    const usual = getCACertificates('default');
    setDefaultCACertificates([...usual, cert]);
    try {
      const store = await connectTo(redis, { address });
      await store.put('a', 'over TLS', LONG);
      expect((await redis.dump()).get('profile-phones:a')).toBe('over TLS');
      expect(new Set(names)).toEqual(new Set(['localhost']));
      await store.close();

      const byAddress = await connectTo(redis, { logger, address: { ...address, host: '127.0.0.1' } });
      await expect(byAddress.get('a')).rejects.toMatchObject(UNREACHABLE);
      expect(said().at(-1)?.reason).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
      await byAddress.close();
    } finally {
      setDefaultCACertificates(usual);
      tls.close();
    }
  });
});

describe('A server that is not Redis', () => {
  it('is unreachable and does no harm', async () => {
    const web = createTcpServer((socket) => {
      socket.on('error', () => {});
      socket.on('data', () => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'));
    });
    const port = await listen(web);
    const { logger, said } = recorder();
    const store = await connectTo({ host: '127.0.0.1', port }, { logger, timeoutMs: 50 });
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
