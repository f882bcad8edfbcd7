// Which responses of Microsoft Graph show that it accepted the token: for a single request, for the items of a batch, for
// writes, and for reads whose caller has gone away.
import { describe, expect, it } from 'vitest';
import { graphPath } from '../../src/graph/paths.ts';
import { Cancellation } from '../../src/runtime/cancellation.ts';
import { connectGraph } from '../support/graph.ts';
import { startScriptedGraph } from '../support/scripted-graph.ts';

const ONE = graphPath(['me']);
const OTHER = graphPath(['users', 'a']);

const VERDICTS: readonly (readonly [number, 'accepted' | 'refused' | 'unknown'])[] = [
  [200, 'accepted'],
  [301, 'unknown'],
  [400, 'unknown'],
  [401, 'refused'],
  [403, 'accepted'],
  [404, 'accepted'],
  [405, 'unknown'],
  [409, 'accepted'],
  [410, 'accepted'],
  [412, 'accepted'],
  [413, 'unknown'],
  [415, 'unknown'],
  [422, 'unknown'],
  [423, 'accepted'],
  [429, 'unknown'],
  [500, 'unknown'],
  [501, 'unknown'],
  [507, 'unknown'],
];

describe('the status of a response', () => {
  it.each(VERDICTS)('%i: %s', async (status, verdict) => {
    await using upstream = await startScriptedGraph();
    await using connected = connectGraph(upstream.url);
    const session = connected.open('one');
    const read = session.read(ONE).catch(() => undefined);
    (await upstream.next()).answer({ id: '1' }, status, { 'retry-after': '100' });
    await read;
    expect(session.tokenVerdict).toBe(verdict);
  });

  it.each(VERDICTS)('%i of an item of a batch whose envelope is 200: %s', async (status, verdict) => {
    await using upstream = await startScriptedGraph();
    await using connected = connectGraph(upstream.url);
    const session = connected.open('one');
    const reads = session.readAll([ONE, OTHER]);
    const item = { status, headers: { 'retry-after': '100' }, body: { id: '1' } };
    (await upstream.next()).answerEach([item, { status: 400, headers: {}, body: {} }]);
    await reads;
    expect(session.tokenVerdict).toBe(verdict);
  });

  it.each(VERDICTS)('%i of a write: %s', async (status, verdict) => {
    await using upstream = await startScriptedGraph();
    await using connected = connectGraph(upstream.url);
    const session = connected.open('one');
    const isolated = session.isolated();
    const write = isolated.write({ method: 'PATCH', path: ONE, body: {} }).catch(() => undefined);
    (await upstream.next()).answer({ id: '1' }, status, { 'retry-after': '100' });
    await write;
    expect(session.tokenVerdict).toBe(verdict);
  });
});

describe('With several responses', () => {
  it.each([
    [200, 401],
    [401, 200],
  ])('one refusal counts (%i, %i)', async (first, second) => {
    await using upstream = await startScriptedGraph();
    await using connected = connectGraph(upstream.url);
    const session = connected.open('one');
    const reads = session.readAll([ONE, OTHER]);
    const items = [first, second].map((status) => ({ status, headers: {}, body: { id: '1' } }));
    (await upstream.next()).answerEach(items);
    await reads;
    expect(session.tokenVerdict).toBe('refused');
  });
});

describe('A response that is not from Graph shows nothing', () => {
  it('an HTML page of a proxy with any status', async () => {
    for (const status of [200, 403, 404]) {
      await using upstream = await startScriptedGraph();
      await using connected = connectGraph(upstream.url);
      const session = connected.open('one');
      const read = session.read(ONE).catch(() => undefined);
      (await upstream.next()).refuse(status, { 'content-type': 'text/html' });
      await read;
      expect(session.tokenVerdict, String(status)).toBe('unknown');
    }
  });

  it('a batch without its items', async () => {
    await using upstream = await startScriptedGraph();
    await using connected = connectGraph(upstream.url);
    const session = connected.open('one');
    const reads = session.readAll([ONE, OTHER]);
    (await upstream.next()).answerEach([]);
    await reads;
    expect(session.tokenVerdict).toBe('unknown');
  });

  it('a server that cannot be reached', async () => {
    await using connected = connectGraph('http://127.0.0.1:1');
    const session = connected.open('one', { ms: 100 });
    await session.read(ONE).catch(() => undefined);
    expect(session.tokenVerdict).toBe('unknown');
  });

  it('a response after the caller has gone away', async () => {
    await using upstream = await startScriptedGraph();
    await using connected = connectGraph(upstream.url);
    const cancellation = new Cancellation();
    const session = connected.open('one', { cancellation });
    const read = session.read(ONE).catch(() => undefined);
    const held = await upstream.next();
    cancellation.cancel();
    await read;
    held.answer({ id: '1' });
    expect(session.tokenVerdict).toBe('unknown');
  });
});
