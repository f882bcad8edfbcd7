// What reads share and what they never share. The upstream responds when the test tells it to, so timing is deterministic.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { graphPath } from '../../src/graph/paths.ts';
import type { GraphSession } from '../../src/graph/session.ts';
import { Cancellation } from '../../src/runtime/cancellation.ts';
import { until } from '../support/emulator.ts';
import { type Connected, connectGraph } from '../support/graph.ts';
import { type ScriptedGraph, startScriptedGraph } from '../support/scripted-graph.ts';

let upstream: ScriptedGraph;
let connected: Connected;

beforeEach(async () => {
  upstream = await startScriptedGraph();
  connected = connectGraph(upstream.url);
});
afterEach(async () => {
  await upstream[Symbol.asyncDispose]();
  await connected[Symbol.asyncDispose]();
});

function open(name: string, cancellation = new Cancellation()): GraphSession {
  return connected.open(name, { cancellation });
}

const path = (id: string) => graphPath(['users', id]);

describe('reads of one principal', () => {
  it('of one turn share a batch, also from different operations', async () => {
    const answers = Promise.all([
      open('a').read(path('1')),
      open('a').read(path('2')),
      open('a').read(path('3')),
    ]);
    const request = await upstream.next();
    expect(request).toMatchObject({ method: 'POST', path: '/$batch', token: 'token-of-a' });
    expect(request.urls).toEqual(['/users/1', '/users/2', '/users/3']);
    request.answer({ id: 'x' });
    expect(await answers).toEqual([{ id: 'x' }, { id: 'x' }, { id: 'x' }]);
    expect(upstream.untaken).toBe(0);
  });

  it('are sent as a batch of twenty and a single request when there are twenty-one', async () => {
    const answers = Promise.all(Array.from({ length: 21 }, (_, id) => open('a').read(path(String(id)))));
    const requests = [await upstream.next(), await upstream.next()];
    expect(requests.map(({ urls }) => urls.length).sort()).toEqual([1, 20]);
    for (const request of requests) request.answer({});
    expect(await answers).toHaveLength(21);
  });

  it('join an identical read in flight', async () => {
    const first = open('a').read(path('1'));
    const request = await upstream.next();
    const second = open('a').read(path('1'));
    request.answer({ id: 'one' });
    expect(await Promise.all([first, second])).toEqual([{ id: 'one' }, { id: 'one' }]);
    expect(upstream.untaken).toBe(0);
  });

  it('are not identical when their headers differ', async () => {
    const plain = open('a').read(path('1'));
    const eventual = open('a').read(path('1'), { ConsistencyLevel: 'eventual' });
    const request = await upstream.next();
    expect(request.urls).toEqual(['/users/1', '/users/1']);
    request.answer({});
    await Promise.all([plain, eventual]);
  });

  it('that start after a write never join one that started before it', async () => {
    const before = open('a').read(path('1'));
    const early = await upstream.next();
    const write = open('a').write({ method: 'POST', path: path('1'), body: {} });
    (await upstream.next()).answer({ id: 'written' }, 201);
    await write;
    const after = open('a').read(path('1'));
    const late = await upstream.next();
    late.answer({ state: 'new' });
    early.answer({ state: 'old' });
    expect(await before).toEqual({ state: 'old' });
    expect(await after).toEqual({ state: 'new' });
  });
});

describe('principals', () => {
  it('share neither a batch nor a response', async () => {
    const answers = [open('a').read(path('1')), open('b').read(path('1')), open('a').read(path('2'))];
    const requests = [await upstream.next(), await upstream.next()];
    const byToken = Object.fromEntries(requests.map((request) => [request.token, request]));
    expect(byToken['token-of-a']?.urls).toEqual(['/users/1', '/users/2']);
    expect(byToken['token-of-b']?.urls).toEqual(['/users/1']);
    for (const request of requests) request.answer({ for: request.token });
    expect(await Promise.all(answers)).toEqual([
      { for: 'token-of-a' },
      { for: 'token-of-b' },
      { for: 'token-of-a' },
    ]);
  });
});

describe('a session that ends', () => {
  it('stops waiting, and aborts reads without other waiters', async () => {
    const abort = new Cancellation();
    const read = open('a', abort).read(path('1'));
    const request = await upstream.next();
    abort.cancel();
    await expect(read).rejects.toMatchObject({ code: 'TIMEOUT' });
    await request.abandoned;
  });

  it('does not abort a read with another waiter', async () => {
    const abort = new Cancellation();
    const left = open('a', abort).read(path('1'));
    const kept = open('a').read(path('1'));
    const request = await upstream.next();
    abort.cancel();
    await expect(left).rejects.toMatchObject({ code: 'TIMEOUT' });
    request.answer({ id: 'kept' });
    expect(await kept).toEqual({ id: 'kept' });
  });

  it('does not send a read without waiters', async () => {
    const abort = new Cancellation();
    const read = open('a', abort).read(path('1'));
    abort.cancel();
    await expect(read).rejects.toMatchObject({ code: 'TIMEOUT' });
    const other = open('a').read(path('2'));
    const request = await upstream.next();
    expect(request.urls).toEqual(['/users/2']);
    request.answer({});
    await other;
  });

  it('reads and writes nothing more', async () => {
    const abort = new Cancellation();
    abort.cancel();
    const session = open('a', abort);
    await expect(session.read(path('1'))).rejects.toMatchObject({ code: 'TIMEOUT' });
    await expect(session.write({ method: 'DELETE', path: path('1') })).rejects.toMatchObject({
      code: 'TIMEOUT',
    });
    expect(upstream.untaken).toBe(0);
  });
});

describe('a read that fails', () => {
  it('is retried alone when the other reads of its batch succeed', async () => {
    const session = open('a');
    const answers = Promise.all([session.read(path('1')), session.read(path('1b'))]);
    const first = await upstream.next();
    first.answer({}, 503);
    const again = await upstream.next();
    again.answer({ id: 'now' });
    const others = again.urls.length === 2 ? [] : [await upstream.next()];
    for (const request of others) request.answer({ id: 'now' });
    expect(await answers).toEqual([{ id: 'now' }, { id: 'now' }]);
  });

  it('fails at once with a Retry-After that exceeds the time left', async () => {
    const read = open('a').read(path('1'));
    (await upstream.next()).answer({ error: {} }, 429, { 'retry-after': '60' });
    await expect(read).rejects.toMatchObject({ code: 'THROTTLED', retryAfterSeconds: 60 });
    expect(upstream.untaken).toBe(0);
  });

  it('follows no redirect', async () => {
    const read = open('a').read(path('1'));
    (await upstream.next()).answer({}, 302, { location: `${upstream.url}/elsewhere` });
    await expect(read).rejects.toMatchObject({ code: 'UPSTREAM_BAD_RESPONSE' });
    expect(upstream.untaken).toBe(0);
  });
});

describe('many reads of one session', () => {
  const paths = Array.from({ length: 40 }, (_, id) => path(String(id)));

  it('are converted one by one as they arrive', async () => {
    const seen: number[] = [];
    const all = open('a').readAll(paths, (outcome, at) => {
      seen.push(at);
      return outcome instanceof Error ? outcome.name : `${at} ${outcome['id']}`;
    });
    const [first, second] = [await upstream.next(), await upstream.next()];
    second.answer({ id: 'x' });
    await until(() => seen.length === 20);
    expect(seen.toSorted((a, b) => a - b)).toEqual(second.urls.map((url) => Number(url.slice(7))));
    first.answer({ id: 'y' });
    expect(await all).toEqual(paths.map((_, at) => `${at} ${seen.indexOf(at) < 20 ? 'x' : 'y'}`));
  });

  it('that exceed the byte limit all fail with one error; reads in flight are given up, and other sessions go on', async () => {
    await connected[Symbol.asyncDispose]();
    connected = connectGraph(upstream.url, { readBytes: 10_000 });
    const session = open('a');
    const all = session.readAll(paths);
    const other = open('b').read(path('1'));
    const requests = [await upstream.next(), await upstream.next(), await upstream.next()];
    const [mine, alsoMine] = requests.filter(({ token }) => token === 'token-of-a');
    mine?.answer({ text: 'x'.repeat(600) });
    const outcomes = await all;
    await alsoMine?.abandoned;
    const errors = outcomes.filter((outcome) => outcome instanceof Error);
    expect(new Set(errors)).toHaveLength(1);
    expect(errors[0]).toMatchObject({ code: 'LIMIT_EXCEEDED', message: expect.stringContaining('10000') });
    expect(outcomes.length - errors.length).toBe(15);
    await expect(session.read(path('41'))).rejects.toBe(errors[0]);
    requests.find(({ token }) => token === 'token-of-b')?.answer({ id: 'x' });
    expect(await other).toEqual({ id: 'x' });
    expect(upstream.untaken).toBe(0);
  });

  it('may bring exactly the limit', async () => {
    await connected[Symbol.asyncDispose]();
    connected = connectGraph(upstream.url, { readBytes: 600 });
    const read = open('a').read(path('1'));
    (await upstream.next()).answer({ text: 'x'.repeat(600 - 11) });
    expect(await read).toMatchObject({ text: expect.any(String) });
  });
});

describe('the semaphore', () => {
  it('allows no more requests in flight than its limit, and sends the next one when one ends', async () => {
    await connected[Symbol.asyncDispose]();
    connected = connectGraph(upstream.url, { concurrency: 2 });
    const answers = Promise.all(Array.from({ length: 100 }, (_, id) => open('a').read(path(String(id)))));
    const sizes: number[] = [];
    let out = [await upstream.next(), await upstream.next()];
    while (sizes.length < 5) {
      expect(upstream.untaken).toBe(0);
      const [request, ...rest] = out;
      if (request === undefined) throw new Error('nothing is out');
      sizes.push(request.urls.length);
      request.answer({});
      out = sizes.length + rest.length < 5 ? [...rest, await upstream.next()] : rest;
    }
    expect(sizes).toEqual([20, 20, 20, 20, 20]);
    expect(await answers).toHaveLength(100);
  });

  it('does not send a read that lost its waiters while it was blocked', async () => {
    await connected[Symbol.asyncDispose]();
    connected = connectGraph(upstream.url, { concurrency: 1 });
    const first = open('a').read(path('1'));
    const request = await upstream.next();
    const abort = new Cancellation();
    const left = open('a', abort).read(path('2'));
    await turn();
    const stayingAbort = new Cancellation();
    const staying = [open('a', abort).read(path('3')), open('a', stayingAbort).read(path('4'))];
    await turn();
    abort.cancel();
    for (const read of [left, staying[0]]) await expect(read).rejects.toMatchObject({ code: 'TIMEOUT' });
    request.answer({});
    await first;
    const next = await upstream.next();
    expect(next.urls).toEqual(['/users/4']);
    // Waiters that left earlier do not keep the read alive.
    stayingAbort.cancel();
    await expect(staying[1]).rejects.toMatchObject({ code: 'TIMEOUT' });
    await next.abandoned;
    expect(upstream.untaken).toBe(0);
  });
});

/** Resolves once the queue is flushed or waits for the semaphore. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
