import { describe, expect, it } from 'vitest';
import { batchBody, readBatch } from '../../src/graph/batch.ts';
import { GraphFailure } from '../../src/graph/failure.ts';
import { graphPath, graphQuery } from '../../src/graph/paths.ts';
import type { GraphResponse } from '../../src/graph/response.ts';
import { systemClock } from '../../src/runtime/clock.ts';

const trace = { status: 200, requestId: 'envelope', clientRequestId: 'ours' };

function outcomes(responses: unknown, size: number): unknown[] {
  const envelope: GraphResponse = { status: 200, body: { responses }, bytes: 0, trace };
  return readBatch(envelope, size, systemClock).map((outcome) =>
    outcome instanceof GraphFailure ? outcome.kind : outcome.body,
  );
}

describe('a batch is written as Graph documents it', () => {
  it('numbers its items, makes their URLs relative, and sends headers only for items that have them', () => {
    const items = [
      { path: graphPath(['me'], graphQuery([['$select', 'id']])), headers: null },
      { path: graphPath(['users']), headers: { ConsistencyLevel: 'eventual' } },
    ];
    expect(JSON.parse(batchBody(items))).toEqual({
      requests: [
        { id: '0', method: 'GET', url: '/me?$select=id' },
        { id: '1', method: 'GET', url: '/users', headers: { ConsistencyLevel: 'eventual' } },
      ],
    });
  });
});

describe('each item of a batch response has its own outcome', () => {
  it('is found by id in any order', () => {
    const responses = [
      { id: '1', status: 200, body: { b: 1 } },
      { id: '0', status: 200, body: { a: 1 } },
    ];
    expect(outcomes(responses, 2)).toEqual([{ a: 1 }, { b: 1 }]);
  });

  it('fails only the item that is missing, duplicated, malformed or not an object', () => {
    const responses = [
      { id: '0', status: 200, body: { good: true } },
      { id: '1', status: 200, body: { first: true } },
      { id: '1', status: 200, body: { second: true } },
      { id: '2', status: 'teapot', body: {} },
      { id: '3', status: 200, body: '<html>' },
      { id: '99', status: 200, body: { extra: true } },
      null,
      'text',
    ];
    const bad = 'bad-response';
    expect(outcomes(responses, 5)).toEqual([{ good: true }, bad, bad, bad, bad]);
  });

  it('reads ids as numbers, statuses as text, and a 204 without a body', () => {
    const responses = [
      { id: 0, status: '200', body: { a: 1 } },
      { id: '1', status: 204, body: null },
    ];
    expect(outcomes(responses, 2)).toEqual([{ a: 1 }, null]);
  });

  it.each([199, 300, 302])('takes no status but 200 to 299 for a success: %i', (status) => {
    const responses = [{ id: '0', status, body: { id: 'somebody' } }];
    expect(outcomes(responses, 1)).toEqual(['bad-response']);
  });

  it('takes an item’s failure from its own status and headers, in upper or lower case', () => {
    const envelope: GraphResponse = {
      status: 200,
      bytes: 0,
      body: {
        responses: [
          {
            id: '0',
            status: 429,
            headers: { 'retry-after': '7', 'request-id': 'item-0' },
            body: { error: {} },
          },
          {
            id: '1',
            status: 429,
            headers: { 'Retry-After': '8', 'Request-Id': 'item-1' },
            body: { error: {} },
          },
        ],
      },
      trace,
    };
    const failures = readBatch(envelope, 2, systemClock) as GraphFailure[];
    expect(failures.map(({ retryAfterSeconds }) => retryAfterSeconds)).toEqual([7, 8]);
    expect(failures.map(({ graph }) => graph?.requestId)).toEqual(['item-0', 'item-1']);
    expect(failures.map(({ graph }) => graph?.clientRequestId)).toEqual(['ours', 'ours']);
  });

  it.each([null, undefined, {}, 'text', 5])('rejects an envelope whose responses are %j', (responses) => {
    expect(() => outcomes(responses, 1)).toThrow(GraphFailure);
  });
});
