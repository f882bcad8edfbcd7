// The reads of sessions apart that gather: they travel together as all reads do, and yet show what was there when they
// were asked for.
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

it('travel with others that are wanted in the same turn', async () => {
  const session = connected.open('a');
  const answers = Promise.all([
    session.apart({ gathers: true }).read(path('1')),
    session.apart({ gathers: true }).read(path('2')),
    session.read(path('3')),
  ]);
  const request = await upstream.next();
  expect(request.urls).toEqual(['/users/1', '/users/2', '/users/3']);
  request.answer({ id: 'x' });
  expect(await answers).toEqual([{ id: 'x' }, { id: 'x' }, { id: 'x' }]);
  expect(session.requests).toBe(1);
});

it('join nothing that is under way, and are joined by nobody', async () => {
  const session = connected.open('a');
  const before = session.read(path('1'));
  const first = await upstream.next();
  const own = session.apart({ gathers: true }).read(path('1'));
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

it('are not tried again', async () => {
  const answer = failure(connected.open('a').apart({ gathers: true }).read(path('1')));
  (await upstream.next()).refuse(503);
  expect(await answer).toMatchObject({ kind: 'unavailable' });
  expect(upstream.untaken).toBe(0);
});

it('are not given up when the caller goes away', async () => {
  const cancellation = new Cancellation();
  const answer = connected.open('a', { cancellation }).apart({ gathers: true }).read(path('1'));
  const request = await upstream.next();
  cancellation.cancel();
  request.answer({ id: 'x' });
  expect(await answer).toEqual({ id: 'x' });
});

it('take at most half of the time that is left', async () => {
  const session = connected.open('a', { ms: 200 }).apart({ gathers: true });
  const answer = failure(session.read(path('1')));
  const request = await upstream.next();
  expect(await answer).toMatchObject({ code: 'TIMEOUT' });
  expect(session.remainingMs).toBeGreaterThan(0);
  await request.abandoned;
});

it('end with their session, which can end before its deadline', async () => {
  const session = connected.open('a', { ms: 5_000 });
  const own = session.apart({ gathers: true, spareMs: 5_000 });
  expect(own.remainingMs).toBe(0);
  expect(await failure(own.read(path('1')))).toMatchObject({ code: 'TIMEOUT' });
  expect(upstream.untaken).toBe(0);
});

it('of nothing are there at once', async () => {
  expect(await connected.open('a').readAll([])).toEqual([]);
});
