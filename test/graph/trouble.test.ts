// Reads and changes while Microsoft Graph throttles or fails, on a fake clock. A call that waits resolves only when a test
// advances the clock. A call that fails at once fails without advancing it.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LEAST_CALLS, PAUSE_MS } from '../../src/graph/circuit-breaker.ts';
import { graphPath } from '../../src/graph/paths.ts';
import { Cancellation } from '../../src/runtime/cancellation.ts';
import { GatewayError } from '../../src/runtime/errors.ts';
import { seededRandom } from '../../src/runtime/random.ts';
import { manualClock, until } from '../support/emulator.ts';
import { type Connected, connectGraph } from '../support/graph.ts';
import { type Held, type ScriptedGraph, startScriptedGraph } from '../support/scripted-graph.ts';

const path = (id: string) => graphPath(['users', id]);
const TENANT = { 'retry-after': '2', 'x-ms-throttle-scope': 'Tenant_Application/ReadWrite/app/home' };

let upstream: ScriptedGraph;
let connected: Connected;
let clock: ReturnType<typeof manualClock>;
let logged: object[];

beforeEach(async () => {
  upstream = await startScriptedGraph();
  clock = manualClock();
  logged = [];
  const log = (fields: object, message: string) => void logged.push({ ...fields, message });
  const logger = { debug: log, info: log, warn: log, error: log };
  const random = { ...seededRandom(7), fraction: () => 0 };
  connected = connectGraph(upstream.url, { clock, random, logger });
});
afterEach(async () => {
  await upstream[Symbol.asyncDispose]();
  await connected[Symbol.asyncDispose]();
});

const paused = (times: number) => until(() => connected.guard.figures.throttled >= times);
const read = (name: string, id = '1', ms = 5_000, tenantId: string | null = null) =>
  connected.open(name, { ms, tenantId }).read(path(id));
const nothingSent = () => expect(upstream.untaken).toBe(0);

/** A read that gets this response and whose caller goes away. */
async function throttle(name: string, headers: Record<string, string>, tenantId: string | null = null) {
  const failed = read(name, 'throttled', 1, tenantId).catch(() => {});
  (await upstream.next()).refuse(429, headers);
  await failed;
}

describe('after a 429', () => {
  it('a read waits as long as Graph asks, and is resent once', async () => {
    const answer = read('a');
    (await upstream.next()).refuse(429, { 'retry-after': '2' });
    await paused(1);
    clock.advance(1_999);
    nothingSent();
    clock.advance(1);
    (await upstream.next()).answer({ id: 'now' });
    expect(await answer).toEqual({ id: 'now' });
    nothingSent();
  });

  it('other reads with enough time wait too, and all share a batch', async () => {
    await throttle('a', { 'retry-after': '2' });
    const answers = Promise.all([read('a', '1'), read('a', '2')]);
    await paused(1);
    nothingSent();
    clock.advance(2_000);
    const request = await upstream.next();
    expect(request.urls).toEqual(['/users/1', '/users/2']);
    request.answer({});
    await answers;
  });

  it('a read with too little time fails at once with retryAfterSeconds, and nothing is sent', async () => {
    await throttle('a', { 'retry-after': '2' });
    clock.advance(500);
    await expect(read('a', '1', 1_400)).rejects.toMatchObject({
      code: 'THROTTLED',
      retryable: true,
      retryAfterSeconds: 1.5,
      graph: undefined,
    });
    nothingSent();
  });

  it('of two waiters of one read, one waits and the other fails at once', async () => {
    await throttle('a', { 'retry-after': '2' });
    const patient = read('a', '1', 3_000);
    const hurried = read('a', '1', 1_000);
    await expect(hurried).rejects.toMatchObject({ code: 'THROTTLED', retryAfterSeconds: 2 });
    await expect(read('a', '1', 1_000)).rejects.toMatchObject({ code: 'THROTTLED' });
    clock.advance(2_000);
    (await upstream.next()).answer({ id: 'late' });
    expect(await patient).toEqual({ id: 'late' });
  });

  it('a read whose waiter leaves during the pause is not sent', async () => {
    await throttle('a', { 'retry-after': '2' });
    const cancellation = new Cancellation();
    const left = connected.open('a', { cancellation }).read(path('1'));
    await paused(1);
    cancellation.cancel();
    await expect(left).rejects.toMatchObject({ code: 'TIMEOUT' });
    const other = read('a', '2');
    await paused(2);
    clock.advance(2_000);
    const request = await upstream.next();
    expect(request.urls).toEqual(['/users/2']);
    request.answer({});
    await other;
  });

  it('waiting reads take no permit of the semaphore', async () => {
    await connected[Symbol.asyncDispose]();
    connected = connectGraph(upstream.url, { clock, concurrency: 1 });
    await throttle('a', { 'retry-after': '2', 'x-ms-throttle-scope': 'User/Read/app/a' });
    const answer = read('a');
    await paused(1);
    clock.advance(2_000);
    (await upstream.next()).answer({ id: 'now' });
    expect(await answer).toEqual({ id: 'now' });
  });

  it('other callers do not wait', async () => {
    await throttle('a', { 'retry-after': '60' });
    const other = read('b');
    (await upstream.next()).answer({ id: 'fine' });
    expect(await other).toEqual({ id: 'fine' });
  });

  it('with the scope of tenant and application, all callers of the tenant wait', async () => {
    await throttle('a', TENANT, 'home');
    await expect(read('b', '1', 1_000, 'home')).rejects.toMatchObject({ code: 'THROTTLED' });
    nothingSent();
    const elsewhere = read('c', '1', 1_000, 'elsewhere');
    (await upstream.next()).answer({ id: 'fine' });
    expect(await elsewhere).toEqual({ id: 'fine' });
    expect(connected.guard.figures.pauses).toEqual({ principal: 0, tenant: 1, application: 0 });
    expect(logged).toEqual([
      { scope: 'tenant', affects: 'all', ms: 2_000, message: 'Microsoft Graph throttles' },
    ]);
  });

  it('in a batch, the other items succeed, and new reads wait', async () => {
    const session = connected.open('a');
    const answers = session.readAll([path('1'), path('2')]);
    const request = await upstream.next();
    request.answerEach([
      { status: 429, headers: { 'Retry-After': '2' }, body: { error: {} } },
      { status: 200, headers: {}, body: { id: 'two' } },
    ]);
    await paused(1);
    await expect(read('a', '3', 1_000)).rejects.toMatchObject({ code: 'THROTTLED' });
    clock.advance(2_000);
    const again = await upstream.next();
    expect(again.urls).toEqual(['/users/1']);
    again.answer({ id: 'one' });
    expect(await answers).toEqual([{ id: 'one' }, { id: 'two' }]);
  });

  it('for a whole batch, all its reads wait', async () => {
    const answers = connected.open('a').readAll([path('1'), path('2')]);
    (await upstream.next()).refuse(429, { 'retry-after': '2' });
    await paused(1);
    await expect(read('a', '3', 1_000)).rejects.toMatchObject({ code: 'THROTTLED' });
    clock.advance(2_000);
    (await upstream.next()).answer({});
    expect(await answers).toEqual([{}, {}]);
  });

  it('many waiting reads return a few at a time', async () => {
    await throttle('a', TENANT, 'home');
    const answers = Promise.all(
      Array.from({ length: 40 }, (_, at) => read(`caller ${at}`, '1', 9_000, 'home')),
    );
    await paused(40);
    clock.advance(2_000);
    const first = [
      await upstream.next(),
      await upstream.next(),
      await upstream.next(),
      await upstream.next(),
    ];
    await paused(40 + 36);
    nothingSent();
    for (const request of first) request.answer({});
    let answered = first.length;
    while (answered < 40) {
      const before = connected.guard.figures.throttled;
      clock.advance(250);
      await until(() => upstream.untaken > 0 || connected.guard.figures.throttled > before);
      while (upstream.untaken > 0) {
        (await upstream.next()).answer({});
        answered += 1;
      }
    }
    expect(await answers).toHaveLength(40);
  });
});

describe('a change during a pause', () => {
  it('that is longer than its time left fails at once as not sent', async () => {
    await throttle('a', { 'retry-after': '600' });
    const session = connected.open('a');
    const error = await session.write({ method: 'POST', path: path('1'), body: {} }).catch((e) => e);
    expect(error).toMatchObject({ code: 'THROTTLED', retryable: true, retryAfterSeconds: 600 });
    expect(error).toBeInstanceOf(GatewayError);
    expect([session.writes, session.requests]).toEqual([[], 0]);
    nothingSent();
  });

  it('that is shorter waits for the end of the pause', async () => {
    await throttle('a', { 'retry-after': '2' });
    const write = connected.open('a').write({ method: 'DELETE', path: path('1') });
    await paused(1);
    clock.advance(1_999);
    nothingSent();
    clock.advance(1);
    (await upstream.next()).answer({});
    expect(await write).toMatchObject({ status: 200 });
  });

  it('and its reads wait for the end of the pause too, when there is time', async () => {
    await throttle('a', { 'retry-after': '2' });
    const session = connected.open('a').isolated();
    const answer = session.read(path('1'));
    await paused(1);
    clock.advance(1_999);
    nothingSent();
    clock.advance(1);
    (await upstream.next()).answer({ id: 'now' });
    expect(await answer).toEqual({ id: 'now' });
    await throttle('a', { 'retry-after': '60' });
    await expect(session.read(path('1'))).rejects.toMatchObject({ code: 'THROTTLED', retryAfterSeconds: 60 });
    nothingSent();
  });

  it('of reads only is sent', async () => {
    await throttle('a', { 'retry-after': '2', 'x-ms-throttle-scope': 'User/Read/app/a' });
    const write = connected.open('a').write({ method: 'DELETE', path: path('1') });
    (await upstream.next()).answer({});
    expect(await write).toMatchObject({ status: 200 });
  });

  it('that it has caused itself makes reads wait too', async () => {
    const write = connected.open('a').write({ method: 'DELETE', path: path('1') });
    (await upstream.next()).refuse(429, { 'retry-after': '2' });
    await expect(write).rejects.toMatchObject({ kind: 'throttled' });
    await expect(read('a', '1', 1_000)).rejects.toMatchObject({ code: 'THROTTLED' });
    nothingSent();
  });
});

describe('after another response that asks for a pause', () => {
  it.each([
    ['509, without a word of how long', 509, {}, 250],
    ['429, without a word of how long', 429, {}, 250],
    ['503, with one', 503, { 'retry-after': '2' }, 2_000],
  ])('%s', async (_name, status, headers: Record<string, string>, ms) => {
    const answer = read('a');
    (await upstream.next()).refuse(status, headers);
    await paused(1);
    clock.advance(ms - 1);
    nothingSent();
    clock.advance(1);
    (await upstream.next()).answer({ id: 'now' });
    expect(await answer).toEqual({ id: 'now' });
  });
});

describe('after a 503', () => {
  it('the retry of a read or a batch uses a new connection', async () => {
    for (const ids of [['1'], ['2', '3']]) {
      const answers = connected.open('a').readAll(ids.map(path));
      const first = await upstream.next();
      first.refuse(503);
      const again = await retried();
      again.answer({});
      expect(again.connection).not.toBe(first.connection);
      expect(await answers).toEqual(ids.map(() => ({})));
    }
  });

  it('in an item of a batch, the retry uses a new connection too', async () => {
    const answers = connected.open('a').readAll([path('1'), path('2')]);
    const first = await upstream.next();
    first.answer({}, 503);
    const again = await retried();
    again.answer({});
    expect(again.connection).not.toBe(first.connection);
    await answers;
  });

  /** Retries have no delay with this random source. */
  async function retried(): Promise<Held> {
    const next = upstream.next();
    await until(() => clock.waiting > 1);
    clock.advance(0);
    return next;
  }
});

describe('an upstream that fails', () => {
  /** Changes are not retried, so each is one call. */
  async function fail(times: number): Promise<void> {
    for (let time = 0; time < times; time += 1) {
      const write = connected.open(`caller ${time}`).write({ method: 'DELETE', path: path('1') });
      (await upstream.next()).refuse(500);
      await expect(write).rejects.toMatchObject({ kind: 'unavailable' });
    }
  }

  it('opens the circuit: reads and changes of all callers fail at once, and nothing is sent', async () => {
    await fail(LEAST_CALLS);
    const told = { code: 'UPSTREAM_UNAVAILABLE', retryable: true, retryAfterSeconds: PAUSE_MS / 1000 };
    await expect(read('a')).rejects.toMatchObject(told);
    // Even with much time left: the end of an outage is unknown.
    const session = connected.open('b', { ms: 60_000 });
    await expect(session.write({ method: 'DELETE', path: path('1') })).rejects.toMatchObject(told);
    expect(await session.readAll([path('1'), path('2')])).toEqual([
      expect.objectContaining(told),
      expect.objectContaining(told),
    ]);
    expect(session.writes).toEqual([]);
    nothingSent();
    expect(connected.guard.figures).toMatchObject({ breaker: 'open', rejected: 3 });
  });

  it('is probed by one call at a time after the pause, and called by all after three successful probes', async () => {
    await fail(LEAST_CALLS);
    clock.advance(PAUSE_MS);
    for (let probe = 0; probe < 3; probe += 1) {
      const first = read('a');
      const request = await upstream.next();
      await expect(read('b')).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
      nothingSent();
      request.answer({ id: 'a' });
      await first;
    }
    const answers = Promise.all([read('a'), read('b')]);
    for (const request of [await upstream.next(), await upstream.next()]) request.answer({});
    await answers;
    expect(logged).toEqual([
      { failed: 20, calls: 20, message: 'Microsoft Graph is failing, the circuit is open' },
      { message: 'Microsoft Graph responds again, the circuit is closed' },
    ]);
  });

  it('does not open the circuit because of callers who go away', async () => {
    for (let time = 0; time < 2 * LEAST_CALLS; time += 1) {
      const cancellation = new Cancellation();
      const left = connected.open('a', { cancellation }).read(path('1'));
      const request = await upstream.next();
      cancellation.cancel();
      await expect(left).rejects.toMatchObject({ code: 'TIMEOUT' });
      await request.abandoned;
    }
    expect(connected.guard.breaker.state).toBe('closed');
  });

  it('does not open the circuit because of rejected requests', async () => {
    for (const status of [400, 401, 403, 404, 409, 412, 413]) {
      for (let time = 0; time < LEAST_CALLS; time += 1) {
        const write = connected.open('a').write({ method: 'DELETE', path: path('1') });
        (await upstream.next()).refuse(status);
        await expect(write).rejects.toMatchObject({ name: 'GraphFailure' });
      }
    }
    expect(connected.guard.breaker.state).toBe('closed');
  });

  it.each([
    [3_000, 'closed'],
    [4_000, 'open'],
  ])('when changes hang for %d ms, until their deadline: %s', async (ms, state) => {
    for (let round = 0; round < 2; round += 1) {
      const writes = Array.from({ length: LEAST_CALLS / 2 }, (_, at) =>
        connected.open(`caller ${at}`, { ms }).write({ method: 'DELETE', path: path('1') }),
      );
      const ends = Promise.allSettled(writes);
      const requests = await Promise.all(writes.map(() => upstream.next()));
      clock.advance(ms);
      for (const end of await ends) expect(end).toMatchObject({ reason: { kind: 'timeout' } });
      await Promise.all(requests.map(({ abandoned }) => abandoned));
    }
    expect(connected.guard.breaker.state).toBe(state);
  });

  it.each([[['1']], [['1', '2']]])(
    'that hangs is asked for %j once more within the deadline',
    async (ids) => {
      const answers = connected.open('a').readAll(ids.map(path));
      const first = await upstream.next();
      const next = upstream.next();
      clock.advance(4_000);
      await first.abandoned;
      await until(() => clock.waiting > 0);
      clock.advance(0);
      (await next).answer({ id: 'now' });
      expect(await answers).toEqual(ids.map(() => ({ id: 'now' })));
    },
  );

  it('that is slow with a change is waited for longer than with a read', async () => {
    const write = connected.open('a').write({ method: 'DELETE', path: path('1') });
    const request = await upstream.next();
    clock.advance(4_999);
    await turn();
    request.answer({});
    expect(await write).toMatchObject({ status: 200 });
  });

  it('is logged once, however often a probe fails', async () => {
    await fail(LEAST_CALLS);
    for (const ms of [PAUSE_MS, 2 * PAUSE_MS]) {
      clock.advance(ms);
      await fail(1);
      expect(connected.guard.breaker.state).toBe('open');
    }
    expect(logged).toHaveLength(1);
  });
});

describe('the retries of the process', () => {
  it('share one budget for reads and resent writes', async () => {
    const session = connected.open('a');
    let taken = 0;
    while (session.mayTryAgain()) taken += 1;
    expect(taken).toBe(20);
    const answer = session.read(path('1'));
    (await upstream.next()).refuse(500);
    await expect(answer).rejects.toMatchObject({ kind: 'unavailable' });
    nothingSent();
  });

  it('are added to the budget by reads that succeed at once, not by retried ones', async () => {
    const session = connected.open('a');
    for (let taken = 0; taken < 15; taken += 1) session.mayTryAgain();
    for (let time = 0; time < 5; time += 1) {
      const answer = session.read(path(String(time)));
      (await upstream.next()).refuse(500);
      await until(() => clock.waiting > 1);
      clock.advance(0);
      (await upstream.next()).answer({});
      await answer;
    }
    expect(session.mayTryAgain()).toBe(false);
    for (let time = 0; time < 5; time += 1) {
      const answer = session.read(path(String(time)));
      (await upstream.next()).answer({});
      await answer;
    }
    expect([session.mayTryAgain(), session.mayTryAgain()]).toEqual([true, false]);
  });
});

/** Resolves once ended reads have been settled. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
