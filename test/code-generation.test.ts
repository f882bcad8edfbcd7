// Code generation is disabled once the program listens. In child processes with several configurations, every kind of request
// works, and every way to generate code from a string fails.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startCollector } from './support/collector.ts';
import { askEverything } from './support/every-request.ts';
import { type Processes, startProcesses } from './support/processes.ts';
import { isRedisMissing, redisSkipped, startRedis } from './support/redis.ts';

const WAYS = join(import.meta.dirname, 'support/code-ways.ts');
const ORIGIN = 'https://app.contoso.com';
const DEMO = 'demo-token-innocenty';

type Environment = Readonly<Record<string, string>>;

function start(environment: Environment): Promise<Processes> {
  const common = {
    WORKERS: '1',
    CORS_ORIGINS: ORIGIN,
    RATE_LIMIT: '0',
    LIMIT_EVENT_LOOP_DELAY_MS: '0',
    DRAIN_DELAY_MS: '0',
  };
  return startProcesses({ ...common, ...environment }, [WAYS]);
}

/** Sends every kind of request, rotates the log, sends them again, tries every way to generate code, and stops the process. */
async function expectNoCode(
  { url, adminUrl, ...processes }: Processes,
  pids: readonly number[],
  place: { token?: string; explorer: boolean; introspection: boolean },
): Promise<void> {
  for (const _time of [1, 2]) {
    const asked = await askEverything({ url, adminUrl, token: DEMO, origin: ORIGIN, ...place });
    const answered = asked.map(({ what, status, codes }) => [what, status, ...codes]);
    expect(answered).toEqual(asked.map(({ what, expected }) => [what, ...expected]));
    for (const pid of pids) process.kill(pid, 'SIGHUP');
  }
  for (const pid of pids) process.kill(pid, 'SIGIO');
  await processes.logged(({ msg }) => msg === 'ways', pids.length);
  for (const { outcomes } of processes.log.filter(({ msg }) => msg === 'ways')) expectRefused(outcomes);
  process.kill(processes.pid, 'SIGTERM');
  expect(await processes.ended).toEqual({ code: 0, signal: null });
  expect(processes.text.filter((line) => line.includes('EvalError') && !line.includes('"ways"'))).toEqual([]);
  expect(processes.log.filter(({ level }) => level === 'error')).toEqual([]);
}

function expectRefused(outcomes: unknown): void {
  const entries = Object.entries(outcomes as Record<string, string>);
  expect(entries.length).toBeGreaterThan(25);
  expect(entries.filter(([, outcome]) => outcome !== 'EvalError')).toEqual([]);
}

async function withAuditFile(use: (path: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'audit-'));
  await use(join(folder, 'audit.jsonl'));
  await rm(folder, { recursive: true });
}

describe('No code is generated from strings, and none is needed', () => {
  it.each(['sandbox', 'graphiql'])('with traces and the explorer %s', async (explorer) => {
    await using collector = await startCollector();
    await withAuditFile(async (AUDIT_LOG) => {
      const tracing = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_BSP_SCHEDULE_DELAY: '10' };
      await using processes = await start({ EXPLORER: explorer, AUDIT_LOG, ...tracing });
      await expectNoCode(processes, [processes.pid], { explorer: true, introspection: true });
    });
    expect(collector.spans).not.toEqual([]);
  });

  it.skipIf(isRedisMissing)(
    `in workers, and in the process that looks after them${redisSkipped}`,
    async () => {
      await withAuditFile(async (AUDIT_LOG) => {
        await using processes = await start({ WORKERS: '2', AUDIT_LOG });
        const pids = [processes.pid, ...processes.workers().values()];
        expect(pids).toHaveLength(3);
        await expectNoCode(processes, pids, { explorer: true, introspection: true });
      });
    },
  );

  it('with AUTH_MODE=entra', async () => {
    await withAuditFile(async (AUDIT_LOG) => {
      await using processes = await start({ AUTH_MODE: 'entra', AUDIT_LOG });
      const token = await signedToken(processes);
      await expectNoCode(processes, [processes.pid], { token, explorer: true, introspection: true });
    });
  });

  const PRODUCTION = { NODE_ENV: 'production', GRAPH_CLOUD: 'emulator' };

  it('in production', async () => {
    await withAuditFile(async (AUDIT_LOG) => {
      await using processes = await start({ ...PRODUCTION, AUDIT_LOG });
      await expectNoCode(processes, [processes.pid], { explorer: false, introspection: false });
    });
  });

  it.skipIf(isRedisMissing)(`with Redis${redisSkipped}`, async () => {
    await using redis = await startRedis();
    await withAuditFile(async (AUDIT_LOG) => {
      await using processes = await start({ ...PRODUCTION, REDIS_URL: redis.url, AUDIT_LOG });
      await expectNoCode(processes, [processes.pid], { explorer: false, introspection: false });
    });
  });

  it('with trusted documents', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'documents-'));
    const path = join(folder, 'documents.json');
    await writeFile(path, JSON.stringify({ me: '{ me { displayName phones { number } } }' }));
    await using processes = await start({ TRUSTED_DOCUMENTS: path });
    const post = (body: object) =>
      fetch(processes.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${DEMO}` },
        body: JSON.stringify(body),
      });
    const statuses = [];
    for (const body of [{ doc_id: 'me' }, { doc_id: 'me' }, { query: '{ me { id } }' }])
      statuses.push((await post(body)).status);
    expect(statuses).toEqual([200, 200, 400]);
    process.kill(processes.pid, 'SIGIO');
    await processes.logged(({ msg }) => msg === 'ways');
    expectRefused(processes.log.find(({ msg }) => msg === 'ways')?.['outcomes']);
    await rm(folder, { recursive: true });
  });
});

/** Gets a token as `npm run token` does. */
async function signedToken({ text }: Processes): Promise<string> {
  const [, emulator] = text.map((line) => /^Graph +(\S+)/.exec(line)).find((match) => match !== null) ?? [];
  const response = await fetch(`${emulator}/emulator/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'innocenty' }),
  });
  const { token } = (await response.json()) as { token: string };
  return token;
}
