// What workers share, and how the limits of the configuration are divided between them.
import { mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readConfig } from '../../src/config/config.ts';
import { countWorkers, shareOf } from '../../src/process/worker-shares.ts';
import { until } from '../support/emulator.ts';
import {
  type Client,
  createClient,
  type LogLine,
  type Processes,
  startProcesses,
} from '../support/processes.ts';
import { isRedisMissing, redisSkipped } from '../support/redis.ts';

/** Opens clients with a connection each, until both workers have some of them. */
async function clientsOfBoth(
  processes: Processes,
  query: string,
): Promise<{ clients: Client[]; asked: number }> {
  const clients: Client[] = [];
  const workers = (): Set<unknown> => new Set(processes.log.filter(isOperation).map(({ worker }) => worker));
  for (;;) {
    const more = Array.from({ length: 8 }, () => createClient(processes.url));
    clients.push(...more);
    await Promise.all(more.map((client) => client.ask(query)));
    await processes.logged(isOperation, clients.length);
    if (workers().size === 2) break;
  }
  onTestFinished(() => {
    for (const client of clients) client.close();
  });
  return { clients, asked: clients.length };
}

const isOperation = ({ msg }: LogLine): boolean => msg === 'operation';

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'workers-'));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

const CHANGE = 'mutation { addPhone(input: { number: "+1 425 555 0177" }) { userErrors { code } } }';

describe.skipIf(isRedisMissing)(`The audit trail of several workers${redisSkipped}`, () => {
  it('identifies a caller by the same hash in all workers, and has complete records', async () => {
    const path = join(folder(), 'audit.jsonl');
    await using processes = await startProcesses({
      AUDIT_LOG: path,
      RATE_LIMIT: '0',
      LIMIT_EVENT_LOOP_DELAY_MS: '0',
    });
    const { clients } = await clientsOfBoth(processes, CHANGE);
    await Promise.all(clients.flatMap((client) => [client.ask(CHANGE), client.ask(CHANGE)]));

    const records = readRecords(path);
    expect(records).toHaveLength(clients.length * 3 * 2);
    expect(new Set(records.map(({ principal }) => principal)).size).toBe(1);
    expect(records[0]?.principal).toMatch(/^hmac:/);
  });

  // Every change must run and leave its records, also when the machine is busy.
  it('continues in a new file in all workers after SIGHUP', async () => {
    const path = join(folder(), 'audit.jsonl');
    await using processes = await startProcesses({
      AUDIT_LOG: path,
      RATE_LIMIT: '0',
      LIMIT_EVENT_LOOP_DELAY_MS: '0',
    });
    const { clients, asked } = await clientsOfBoth(processes, CHANGE);
    const changeAll = () => Promise.all(clients.map((client) => client.ask(CHANGE)));
    // A terminal that closes signals all processes, so workers get SIGHUP twice.
    for (const told of [[processes.pid], [...processes.workers().values(), processes.pid]]) {
      rmSync(`${path}.1`, { force: true });
      renameSync(path, `${path}.1`);
      for (const pid of told) process.kill(pid, 'SIGHUP');
      // Until all workers have reopened it, records go to the old file.
      await until(async () => {
        await changeAll();
        const old = readRecords(`${path}.1`).length;
        await changeAll();
        return readRecords(`${path}.1`).length === old;
      });
      expect(readRecords(`${path}.1`).length).toBeGreaterThanOrEqual(asked * 2);
      expect(readRecords(path).length).toBeGreaterThanOrEqual(asked * 2);
    }
    expect(processes.log.filter(({ msg }) => msg === 'a worker has ended')).toEqual([]);
  });
});

function readRecords(path: string): { readonly principal: string | null }[] {
  return readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

const ADD = `mutation { addPhone(input: { number: "+1 425 555 0178", idempotencyKey: "the-same-for-all" }) {
  phone { id } userErrors { code }
} }`;

describe.skipIf(isRedisMissing)(`State that workers share${redisSkipped}`, () => {
  it('adds one phone for a key, whichever workers get the requests', async () => {
    await using processes = await startProcesses({ RATE_LIMIT: '0' });
    const { clients } = await clientsOfBoth(processes, ADD);
    const answers = await Promise.all(clients.map((client) => client.ask(ADD)));
    const bodies = new Set(answers.map(({ body }) => body.trim()));
    expect([...bodies]).toEqual([
      expect.stringMatching(/^\{"data":\{"addPhone":\{"phone":\{"id":"[^"]+"\},"userErrors":\[\]\}\}\}$/),
    ]);
  });
});

describe.skipIf(isRedisMissing)(`The embedded emulator of the primary${redisSkipped}`, () => {
  it('replaces Microsoft Graph and Entra ID in all workers, whatever registration is configured', async () => {
    await using processes = await startProcesses({
      AUTH_MODE: 'entra',
      AZURE_FEDERATED_TOKEN_FILE: '/nowhere/token',
      AZURE_CLIENT_CERTIFICATE_PATH: '/nowhere/certificate.pem',
      RATE_LIMIT: '0',
    });
    const emulator = processes.text
      .map((line) => /^Graph +(\S+)/.exec(line)?.[1])
      .find((url) => url !== undefined);
    const made = await fetch(`${emulator}/emulator/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'innocenty' }),
    });
    const { token } = (await made.json()) as { token: string };
    const query = '{ me { displayName } }';
    const workers = (): Set<unknown> =>
      new Set(processes.log.filter(isOperation).map(({ worker }) => worker));
    for (let asked = 1; workers().size < 2; asked += 1) {
      const client = createClient(processes.url);
      const { body } = await client.ask(query, {}, token);
      client.close();
      expect(body.trim()).toBe('{"data":{"me":{"displayName":"Innocenty Popov"}}}');
      await processes.logged(isOperation, asked);
    }
  });
});

describe.skipIf(isRedisMissing)(`The admin port of several workers${redisSkipped}`, () => {
  it('has summed counters, labelled process metrics, and keeps counters when a worker is replaced', async () => {
    await using processes = await startProcesses({});
    const { asked } = await clientsOfBoth(processes, '{ me { displayName } }');

    const before = await readMetrics(processes);
    const leaving = processes.worker(2);
    process.kill(leaving, 'SIGTERM');
    await processes.logged(({ msg, pid }) => msg === 'a worker has ended' && pid === leaving);
    await processes.logged(({ msg }) => msg === 'a worker is ready', 3);
    const after = await readMetrics(processes);

    for (const metrics of [before, after]) {
      expect(metrics.get('graphql_operation_duration_seconds_count{type="query",outcome="ok"}')).toBe(asked);
      const workers = ['1', '2', 'primary'];
      const resident = workers.map((worker) =>
        metrics.get(`process_resident_memory_bytes{worker="${worker}"}`),
      );
      expect(resident.every((bytes) => bytes !== undefined && bytes > 10_000_000)).toBe(true);
      const started = workers.map((worker) => metrics.get(`process_start_time_seconds{worker="${worker}"}`));
      expect(started.every((seconds) => seconds !== undefined && seconds > 1e9)).toBe(true);
      expect([...metrics.keys()].filter((name) => /^process_resident/.test(name))).toHaveLength(3);
    }
  });
});

async function readMetrics({ adminUrl }: Processes): Promise<ReadonlyMap<string, number>> {
  const text = await (await fetch(`${adminUrl}/metrics`)).text();
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const pairs = lines.map((line) => [
    line.slice(0, line.lastIndexOf(' ')),
    Number(line.slice(line.lastIndexOf(' '))),
  ]);
  return new Map(pairs as [string, number][]);
}

describe.skipIf(isRedisMissing)(
  `A worker that has all the connections that it may have${redisSkipped}`,
  () => {
    it('closes one more, and serves the open ones', async () => {
      await using processes = await startProcesses({ LIMIT_CONNECTIONS: '4' });
      const clients = Array.from({ length: 12 }, () => createClient(processes.url));
      const outcomes = await Promise.allSettled(
        clients.map((client) => client.ask('{ me { displayName } }')),
      );
      for (const client of clients) client.close();

      const answered = outcomes.filter(({ status }) => status === 'fulfilled');
      const reasons = outcomes.flatMap((outcome) =>
        outcome.status === 'rejected' ? [outcome.reason.code] : [],
      );
      expect(answered.length).toBeGreaterThanOrEqual(2);
      expect(answered.length).toBeLessThanOrEqual(4);
      expect(new Set(reasons)).toEqual(new Set(['ECONNRESET']));
    });
  },
);

describe('Limits of the whole gateway are divided between workers', () => {
  const config = readConfig({
    LIMIT_IN_FLIGHT: '2000',
    LIMIT_CONNECTIONS: '10',
    LIMIT_UNSENT_BYTES: '1000000',
    GRAPH_CONNECTIONS: '2',
    RATE_LIMIT: '50',
    GRAPH_CONCURRENCY: '8',
  }).config;

  it('request slots and connections, at least one each, but not limits of one caller', () => {
    if (config === null) throw new Error('the configuration is wrong');
    const share = shareOf({ ...config, workers: 4 });
    expect(share).toEqual({
      ...config,
      workers: 4,
      load: { ...config.load, inFlight: 500, connections: 2, unsentBytes: 250_000 },
      upstream: { concurrency: 8, connections: 1 },
    });
    expect(share.load.requestsPerMinute).toBe(50);
  });

  it('by the configured number of workers, or one for each core', () => {
    if (config === null) throw new Error('the configuration is wrong');
    expect(countWorkers(config)).toBe(1);
    expect(countWorkers({ ...config, workers: 7 })).toBe(7);
    const all = countWorkers({ ...config, workers: 'auto' });
    expect(all).toBeGreaterThanOrEqual(1);
    expect(all).toBeLessThanOrEqual(64);
  });
});
