// Workers that end, are killed, or drain, under constant load.
import { describe, expect, it, onTestFinished } from 'vitest';
import { startTestEmulator, type TestEmulator, until } from '../support/emulator.ts';
import {
  createClient,
  isAlive,
  isReady,
  type LogLine,
  type Processes,
  startLoad,
  startProcesses,
} from '../support/processes.ts';
import { isRedisMissing, redisSkipped } from '../support/redis.ts';

const QUERY = '{ me { displayName } }';
const ANSWER = '{"data":{"me":{"displayName":"Innocenty Popov"}}}';
const CLIENTS = 6;
const HELD = 8;
const HELD_MS = 60_000;
const OPERATIONS = ({ msg }: LogLine): boolean => msg === 'operation';

function startOn(emulator: TestEmulator, environment: Record<string, string> = {}): Promise<Processes> {
  const limits = { RATE_LIMIT: '0', LIMIT_EVENT_LOOP_DELAY_MS: '0' };
  return startProcesses({ GRAPH_BASE_URL: emulator.url, ...limits, ...environment });
}

const anyWorker = (processes: Processes): number => processes.worker(1);

/** Resolves after this many more responses. */
async function more(load: { readonly answered: number }, many: number): Promise<void> {
  const before = load.answered;
  await until(() => load.answered >= before + many);
}

/** Requests in flight on separate connections, and a function that lets Microsoft Graph respond. */
async function hold(processes: Processes, emulator: TestEmulator) {
  emulator.faults.add({ on: {}, times: Number.POSITIVE_INFINITY, do: { delayMs: HELD_MS } });
  const answers: Promise<boolean>[] = [];
  // Each for another user, because equal reads of one caller share a request to Graph.
  for (const { id, userPrincipalName } of emulator.people.slice(0, HELD)) {
    const answer = createClient(processes.url).ask(`{ user(id: "${userPrincipalName}") { id } }`);
    answers.push(
      answer.then(({ body, isLast }) => isLast && body.includes(`{"data":{"user":{"id":"${id}"}}}`)),
    );
    await until(() => emulator.calls.length === answers.length);
  }
  return { answers, release: () => emulator.clock.advance(HELD_MS) };
}

describe.skipIf(isRedisMissing)(`A worker that is killed under load${redisSkipped}`, () => {
  it('loses only the requests that it had, and is replaced', async () => {
    await using emulator = await startTestEmulator();
    await using processes = await startOn(emulator);
    const load = startLoad(processes.url, CLIENTS, QUERY, ANSWER);
    await more(load, 200);
    const victim = anyWorker(processes);
    process.kill(victim, 'SIGKILL');
    await processes.logged(isReady, 3);
    await more(load, 200);

    const { broken } = await load.stop();

    expect(
      broken.map(({ code }) => code).filter((code) => code !== 'ECONNRESET' && code !== 'EPIPE'),
    ).toEqual([]);
    expect(new Set(broken.map(({ client }) => client)).size).toBe(broken.length);
    expect(anyWorker(processes)).not.toBe(victim);
    expect(processes.log.filter(({ msg }) => msg === 'a worker has ended')).toMatchObject([
      { worker: 'primary', number: 1, pid: victim, code: null, signal: 'SIGKILL' },
    ]);
  });
});

describe.skipIf(isRedisMissing)(`A worker that is stopped${redisSkipped}`, () => {
  it('loses no connection that it has not accepted, and the other workers keep the pool ready', async () => {
    await using emulator = await startTestEmulator();
    await using processes = await startOn(emulator);
    const still = anyWorker(processes);
    // A stopped process does not notice the end of the primary.
    onTestFinished(() => {
      if (isAlive(still)) process.kill(still, 'SIGKILL');
    });
    process.kill(still, 'SIGSTOP');
    const clients = Array.from({ length: 12 }, () => createClient(processes.url));
    const replies = await Promise.all(clients.map((client) => client.ask(QUERY)));
    const ready = await fetch(`${processes.adminUrl}/readyz`);
    for (const client of clients) client.close();
    // A stopped process handles no other signal.
    process.kill(still, 'SIGKILL');
    await processes.logged(isReady, 3);

    expect(new Set(replies.map(({ body }) => body.trim()))).toEqual(new Set([ANSWER]));
    expect(ready.status).toBe(200);
  });
});

describe.skipIf(isRedisMissing)(`A worker that is told to go${redisSkipped}`, () => {
  it('completes its requests, loses none, and is replaced', async () => {
    await using emulator = await startTestEmulator();
    await using processes = await startOn(emulator, { DRAIN_DELAY_MS: '1000' });
    const load = startLoad(processes.url, CLIENTS, QUERY, ANSWER);
    await more(load, 200);
    process.kill(anyWorker(processes), 'SIGTERM');
    await processes.logged(({ msg }) => msg === 'a worker has ended');
    await processes.logged(isReady, 3);

    expect((await load.stop()).broken).toEqual([]);
    expect(processes.log.find(({ msg }) => msg === 'a worker has ended')).toMatchObject({
      code: 0,
      signal: null,
    });
  });
});

describe.skipIf(isRedisMissing)(`SIGTERM${redisSkipped}`, () => {
  it('completes every request that was sent, and exits with 0', async () => {
    await using emulator = await startTestEmulator();
    await using processes = await startOn(emulator);
    const { answers, release } = await hold(processes, emulator);

    process.kill(processes.pid, 'SIGTERM');
    await processes.logged(({ msg, worker }) => msg === 'draining' && worker !== 'primary', 2);
    const ready = await fetch(`${processes.adminUrl}/readyz`);
    const live = await fetch(`${processes.adminUrl}/livez`);
    release();

    expect(await Promise.all(answers)).toEqual(answers.map(() => true));
    expect([ready.status, await ready.json(), live.status]).toEqual([
      503,
      { status: 'not ready', reason: 'draining' },
      200,
    ]);
    expect(await processes.ended).toEqual({ code: 0, signal: null });
    expect([...processes.workers().values()].filter(isAlive)).toEqual([]);
  });

  it('serves requests during the drain delay, which a second signal skips', async () => {
    await using emulator = await startTestEmulator();
    await using processes = await startOn(emulator, { DRAIN_DELAY_MS: '300000' });
    process.kill(processes.pid, 'SIGTERM');
    await processes.logged(({ msg }) => msg === 'draining', 3);
    const client = createClient(processes.url);
    const during = await client.ask(QUERY);
    // A signal from a terminal or a service manager may reach a worker after the order of the primary.
    for (const pid of processes.workers().values()) process.kill(pid, 'SIGTERM');
    const after: number[] = [];
    while (after.length < 40) after.push((await client.ask(QUERY)).status);
    process.kill(processes.pid, 'SIGTERM');

    expect(await processes.ended).toEqual({ code: 0, signal: null });
    expect([during.status, during.isLast, new Set(after)]).toEqual([200, true, new Set([200])]);
    client.close();
  });
});

describe.skipIf(isRedisMissing)(`A primary that is killed${redisSkipped}`, () => {
  it('leaves no process behind, after the requests in flight', async () => {
    await using emulator = await startTestEmulator();
    await using processes = await startOn(emulator, { DRAIN_DELAY_MS: '300000' });
    const workers = [...processes.workers().values()];
    const { answers, release } = await hold(processes, emulator);

    process.kill(processes.pid, 'SIGKILL');
    await processes.ended;
    await processes.logged(({ msg, worker }) => msg === 'draining' && worker !== 'primary', 2);
    expect(workers.filter(isAlive)).toEqual(workers);
    release();

    expect(await Promise.all(answers)).toEqual(answers.map(() => true));
    await until(() => workers.every((pid) => !isAlive(pid)));
    await expect(fetch(processes.url)).rejects.toThrow();
  });
});

describe.skipIf(isRedisMissing)(`Two workers${redisSkipped}`, () => {
  it('both serve requests, and the pool is ready once', async () => {
    await using emulator = await startTestEmulator();
    await using processes = await startOn(emulator);
    const served = () => new Set(processes.log.filter(OPERATIONS).map(({ worker }) => worker));
    const broken: unknown[] = [];
    // One worker can accept all connections of a load, so each round has new ones.
    for (let rounds = 1; served().size < 2; rounds += 1) {
      const load = startLoad(processes.url, CLIENTS, QUERY, ANSWER);
      await processes.logged(OPERATIONS, rounds * CLIENTS);
      broken.push(...(await load.stop()).broken);
    }
    expect(served()).toEqual(new Set([1, 2]));
    expect(broken).toEqual([]);
    expect(processes.text.filter((line) => line.startsWith('GraphQL '))).toHaveLength(1);
  });
});
