import { describe, expect, it } from 'vitest';
import { codeOf, GraphFailure, kindOfStatus } from '../../src/graph/failure.ts';
import { type RawResponse, readResponse, retryAfter } from '../../src/graph/response.ts';
import { type Clock, systemClock } from '../../src/runtime/clock.ts';

const NOON = Date.parse('2026-11-21T12:00:00Z');
const clock: Clock = { ...systemClock, now: () => NOON };

describe('Retry-After is read in the forms that Graph sends, and ignored in any other', () => {
  it.each([
    ['10', 10],
    ['2.128', 2.128],
    ['0', 0],
    ['315', 315],
    ['10000000000', 10_000_000_000],
    ['Sat, 21 Nov 2026 12:00:30 GMT', 30],
    ['Sat, 21 Nov 2026 11:59:30 GMT', undefined],
    ['-5', undefined],
    ['soon', undefined],
    ['', undefined],
    ['1e3', undefined],
    ['NaN', undefined],
    [undefined, undefined],
  ])('%j is %s seconds', (header, seconds) => {
    expect(retryAfter(header, clock)).toBe(seconds);
  });
});

function failureOf(raw: Partial<RawResponse>): GraphFailure {
  try {
    readResponse({ status: 500, headers: {}, body: undefined, ...raw }, 'client-id', clock);
  } catch (error) {
    if (error instanceof GraphFailure) return error;
    throw error;
  }
  throw new Error('it was no failure');
}

describe('a failure keeps the ids but not the message', () => {
  const message = 'the number +1 425 555 0100 is wrong';

  it.each(['innerError', 'innererror'])('finds the request id in %s', (name) => {
    const body = { error: { code: 'UnknownError', message, [name]: { 'request-id': 'abc-1' } } };
    const failure = failureOf({ status: 404, body });
    expect(failure.graph).toEqual({ status: 404, requestId: 'abc-1', clientRequestId: 'client-id' });
    expect(JSON.stringify([failure.message, failure.graph])).not.toContain('555');
  });

  it('prefers the header, and accepts a response with a missing, null or malformed innerError', () => {
    expect(failureOf({ headers: { 'request-id': 'header-1' } }).graph?.requestId).toBe('header-1');
    for (const body of [{ error: { innerError: null } }, { error: 'text' }, {}, [], 'text', null]) {
      expect(failureOf({ body }).graph?.requestId).toBeNull();
    }
  });

  it('accepts only well-formed ids', () => {
    expect(failureOf({ headers: { 'request-id': '+1 425 555 0100' } }).graph?.requestId).toBeNull();
  });
});

describe('a claims challenge is distinguished from a plain 401', () => {
  it('keeps the claims of insufficient_claims, also as one of several challenges', () => {
    const header =
      'Bearer realm="", Bearer authorization_uri="x", error="insufficient_claims", claims="eyJhIjoxfQ=="';
    expect(failureOf({ status: 401, headers: { 'www-authenticate': header } }).claims).toBe('eyJhIjoxfQ==');
  });

  it.each([
    'Bearer realm="", error="insufficient_claims", claims="eyJhIjoxfQ=="',
    'bearer Error=insufficient_claims, Claims=eyJhIjoxfQ==',
    'Bearer error = "insufficient_claims" ,claims = "eyJhIjoxfQ=="',
    'Bearer claims="eyJhIjoxfQ==", error="insufficient_claims"',
    'Bearer claims=eyJhIjoxfQ==,error=insufficient_claims',
    'Basic realm="a, b=\\"c", Bearer error=insufficient_claims, claims=eyJhIjoxfQ==',
    'Negotiate, Bearer error="insufficient_\\claims", claims="eyJhIjoxfQ=="',
  ])('with quotes or without, in any case and order: %s', (header) => {
    expect(failureOf({ status: 401, headers: { 'www-authenticate': header } }).claims).toBe('eyJhIjoxfQ==');
  });

  it.each([
    'Bearer error="insufficient_claims"',
    'Bearer error="insufficient_claims", claims=""',
    'Bearer error="insufficient_claims", claims="a b"',
    'Bearer error="invalid_token", claims="eyJhIjoxfQ=="',
    'Bearer error="insufficient_claims", Basic claims="eyJhIjoxfQ=="',
    'Bearer realm="error=insufficient_claims, claims=eyJhIjoxfQ=="',
    `Bearer error="insufficient_claims", claims="${'a'.repeat(5_000)}"`,
  ])('and finds none in %s', (header) => {
    expect(failureOf({ status: 401, headers: { 'www-authenticate': header } }).claims).toBeUndefined();
  });

  it('reads a long header in linear time', () => {
    for (const text of ['a'.repeat(16_000), 'a '.repeat(8_000), 'a="'.repeat(5_000), '\\"'.repeat(8_000)])
      expect(failureOf({ status: 401, headers: { 'www-authenticate': text } }).claims).toBeUndefined();
  });

  it('finds none in Graph’s ordinary 401', () => {
    const header =
      'Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize"';
    const failure = failureOf({ status: 401, headers: { 'www-authenticate': header } });
    expect(failure.claims).toBeUndefined();
    expect(failure.code).toBe('UNAUTHENTICATED');
  });
});

describe('the status decides the kind of a failure', () => {
  it.each([
    [302, 'bad-response', 'UPSTREAM_BAD_RESPONSE', true],
    [400, 'rejected', 'UPSTREAM_BAD_RESPONSE', false],
    [401, 'unauthenticated', 'UNAUTHENTICATED', false],
    [403, 'forbidden', 'FORBIDDEN', false],
    [404, 'not-found', 'UPSTREAM_BAD_RESPONSE', false],
    [408, 'unavailable', 'UPSTREAM_UNAVAILABLE', true],
    [409, 'conflict', 'UPSTREAM_BAD_RESPONSE', false],
    [412, 'precondition', 'UPSTREAM_BAD_RESPONSE', false],
    [423, 'conflict', 'UPSTREAM_BAD_RESPONSE', false],
    [429, 'throttled', 'THROTTLED', false],
    [500, 'unavailable', 'UPSTREAM_UNAVAILABLE', true],
    [503, 'unavailable', 'UPSTREAM_UNAVAILABLE', true],
    [504, 'unavailable', 'UPSTREAM_UNAVAILABLE', true],
    [507, 'no-room', 'UPSTREAM_UNAVAILABLE', true],
    [509, 'throttled', 'THROTTLED', false],
    [799, 'bad-response', 'UPSTREAM_BAD_RESPONSE', true],
  ] as const)('%i is %s, %s to the caller, and a write may have happened: %s', (status, kind, code, may) => {
    expect(kindOfStatus(status)).toBe(kind);
    expect(codeOf(kind)).toBe(code);
    expect(new GraphFailure(kind).mayHaveHappened).toBe(may);
  });

  it.each([199, 300, 302])('takes no status but 200 to 299 for a success: %i', (status) => {
    expect(failureOf({ status, body: { id: 'somebody' } }).kind).toBe('bad-response');
  });

  it.each([
    [400, 'rejected'],
    [401, 'unauthenticated'],
    [403, 'bad-response'],
    [404, 'bad-response'],
    [409, 'bad-response'],
    [412, 'bad-response'],
    [429, 'throttled'],
    [503, 'unavailable'],
  ])('but a proxy’s page under %i does not speak for Graph: %s', (status, kind) => {
    expect(failureOf({ status, headers: { 'content-type': 'Text/HTML; charset=utf-8' } }).kind).toBe(kind);
    expect(failureOf({ status, headers: { 'content-type': 'application/json' } }).kind).toBe(
      kindOfStatus(status),
    );
  });

  it.each([
    [{ code: 'Directory_ExpiredPageToken' }, 'expired-page'],
    [{ code: 'Request_BadRequest', innerError: { code: 'Directory_ExpiredPageToken' } }, 'expired-page'],
    [
      { code: 'x', innererror: { code: 'y', innererror: { code: 'Directory_ExpiredPageToken' } } },
      'expired-page',
    ],
    [{ code: 'x', message: 'Directory_ExpiredPageToken' }, 'rejected'],
    ['Directory_ExpiredPageToken', 'rejected'],
  ])('but for a page token that has expired: %j is %s', (error, kind) => {
    const failure = failureOf({ status: 400, body: { error } });
    expect(failure.kind).toBe(kind);
    expect(failure.code).toBe(kind === 'rejected' ? 'UPSTREAM_BAD_RESPONSE' : 'CURSOR_EXPIRED');
    expect(failure.retryable).toBe(false);
  });

  it('accepts a 2xx with a JSON object or without content, and no other', () => {
    const read = (body: unknown) => readResponse({ status: 200, headers: {}, body }, null, clock).body;
    expect(read({ id: '1' })).toEqual({ id: '1' });
    expect(read(undefined)).toBeNull();
    for (const body of ['text', 5, [], true])
      expect(failureOf({ status: 200, body }).kind).toBe('bad-response');
  });
});
