// Reads of isolated sessions that gather: they are batched like all reads, and still show the state at the time of the call.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { graphPath } from '../../src/graph/paths.ts';
import { Cancellation } from '../../src/runtime/cancellation.ts';
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

const path = (id: string) => graphPath(['users', id]);
const failure = (outcome: Promise<unknown>): Promise<unknown> => outcome.catch((error: unknown) => error);

it('share a batch with other reads of the same turn', async () => {
  const session = connected.open('a');
  const answers = Promise.all([
    session.isolated({ gathers: true }).read(path('1')),
    session.isolated({ gathers: true }).read(path('2')),
    session.read(path('3')),
  ]);
  const request = await upstream.next();
  expect(request.urls).toEqual(['/users/1', '/users/2', '/users/3']);
  request.answer({ id: 'x' });
  expect(await answers).toEqual([{ id: 'x' }, { id: 'x' }, { id: 'x' }]);
  expect(session.requests).toBe(1);
});

it('join no read in flight, and no other read joins them', async () => {
  const session = connected.open('a');
  const before = session.read(path('1'));
  const first = await upstream.next();
  const own = session.isolated({ gathers: true }).read(path('1'));
  const second = await upstream.next();
  const after = session.read(path('1'));
  first.answer({ id: 'before' });
  second.answer({ id: 'own' });
  expect(await Promise.all([before, own, after])).toEqual([
    { id: 'before' },
    { id: 'own' },
    { id: 'before' },
  ]);
  expect(upstream.untaken).toBe(0);
});

it('are not retried', async () => {
  const answer = failure(connected.open('a').isolated({ gathers: true }).read(path('1')));
  (await upstream.next()).refuse(503);
  expect(await answer).toMatchObject({ kind: 'unavailable' });
  expect(upstream.untaken).toBe(0);
});

it('continue when the caller goes away', async () => {
  const cancellation = new Cancellation();
  const answer = connected.open('a', { cancellation }).isolated({ gathers: true }).read(path('1'));
  const request = await upstream.next();
  cancellation.cancel();
  request.answer({ id: 'x' });
  expect(await answer).toEqual({ id: 'x' });
});

it('take at most half of the time left', async () => {
  const session = connected.open('a', { ms: 200 }).isolated({ gathers: true });
  const answer = failure(session.read(path('1')));
  const request = await upstream.next();
  expect(await answer).toMatchObject({ code: 'TIMEOUT' });
  expect(session.remainingMs).toBeGreaterThan(0);
  await request.abandoned;
});

it('end with their session, which can end before its deadline', async () => {
  const session = connected.open('a', { ms: 5_000 });
  const own = session.isolated({ gathers: true, spareMs: 5_000 });
  expect(own.remainingMs).toBe(0);
  expect(await failure(own.read(path('1')))).toMatchObject({ code: 'TIMEOUT' });
  expect(upstream.untaken).toBe(0);
});

it('of an empty list resolve at once', async () => {
  expect(await connected.open('a').readAll([])).toEqual([]);
});
