// Responses that are missing, endless or malformed. The request is executed, unless the description says otherwise.
import { gzipSync } from 'node:zlib';
import type { EmulatorResponse } from '../graph/responses.ts';
import { merge } from '../graph/responses.ts';
import { lazily } from '../runtime/lazily.ts';
import type { FaultAction } from './rules.ts';
import type { Scenario } from './scenario.ts';
import { GRAPH } from './scenario.ts';

function scenario(name: string, description: string, action: FaultAction): Scenario {
  return { name, description, on: GRAPH, do: action };
}

function withContentType(type: string): FaultAction {
  return {
    rewrite: (response) => ({ ...response, headers: merge(response.headers, { 'Content-Type': type }) }),
  };
}

function withoutContentType(response: EmulatorResponse): EmulatorResponse {
  const kept = Object.entries(response.headers).filter(([name]) => name.toLowerCase() !== 'content-type');
  return { ...response, headers: Object.fromEntries(kept) };
}

/** Compresses the response with gzip, whether or not the client accepts it. */
function gzipped(bytes: (text: string) => Uint8Array): FaultAction {
  return {
    rewrite(response) {
      const headers = merge(response.headers, { 'Content-Encoding': 'gzip' });
      return { ...response, headers, body: bytes(JSON.stringify(response.body ?? null)) };
    },
  };
}

const BOMB_MEGABYTES = 256;

/** A page with one string of 256 MB, compressed to 0.25 MB. A gzip stream can consist of many members. */
const bomb = lazily(() => {
  const megabyte = gzipSync(Buffer.alloc(1024 * 1024, 'a'));
  const middle = Array.from({ length: BOMB_MEGABYTES }, () => megabyte);
  return Buffer.concat([gzipSync('{"value":[{"id":"'), ...middle, gzipSync('"}]}')]);
});

function redirectTo(location: string | ((origin: string, path: string) => string)): FaultAction {
  return {
    rewrite(response, { origin, path }) {
      const place = typeof location === 'string' ? location : location(origin, path);
      return {
        ...response,
        status: 307,
        headers: merge(response.headers, { Location: place }),
        body: undefined,
      };
    },
  };
}

export const byteScenarios: readonly Scenario[] = [
  scenario('slow', 'a response that is delayed by 2 seconds', { delayMs: 2_000 }),
  scenario('hang', 'no response; the request is not executed', { hang: true }),
  scenario('hang-after-work', 'no response, although the request was executed', { hang: 'after-commit' }),
  scenario('reset-before-work', 'a connection reset before the request is executed', { reset: 'before' }),
  scenario('reset-after-work', 'a connection reset after the request was executed, before the headers', {
    reset: 'after',
  }),
  scenario('reset-mid-body', 'a connection that breaks in the middle of the body', { reset: 'mid-body' }),
  scenario('not-http', 'bytes that are not HTTP; the request is not executed', { garble: true }),
  scenario('truncated-json', 'JSON that is cut off in a response that ends properly', { truncate: true }),
  scenario('empty-200', '200 without a body', {
    rewrite: (response) => ({ ...response, status: 200, body: undefined }),
  }),
  scenario('html-200', 'an HTML page with status 200; the request is not executed', { html: 200 }),
  scenario('html-403', 'an HTML page with status 403, as a proxy sends it; the request is not executed', {
    html: 403,
  }),
  scenario('html-404', 'an HTML page with status 404, as a proxy sends it; the request is not executed', {
    html: 404,
  }),
  scenario('no-content-type', 'JSON without a content type', { rewrite: withoutContentType }),
  scenario('odd-content-type', 'JSON with the content type text/plain', withContentType('text/plain')),
  scenario(
    'upper-case-content-type',
    'JSON with the content type Application/JSON',
    withContentType('Application/JSON'),
  ),
  scenario('byte-order-mark', 'JSON after a byte order mark', {
    rewrite: (response) =>
      typeof response.body === 'object' && response.body !== null
        ? { ...response, body: `\uFEFF${JSON.stringify(response.body)}` }
        : response,
  }),
  scenario(
    'gzip-garbage',
    'a response with Content-Encoding: gzip, which was not requested, that is not gzip',
    gzipped(() => Buffer.from('1f8b this is no gzip')),
  ),
  scenario(
    'gzip-truncated',
    'a gzip response that was not requested, and is cut off in the middle',
    gzipped((text) => gzipSync(text).subarray(0, -12)),
  ),
  scenario(
    'gzip-bomb',
    `a gzip response that was not requested: ${BOMB_MEGABYTES} MB of JSON in 0.25 MB`,
    gzipped(() => bomb()),
  ),
  scenario('endless-drip', 'a body that never ends, one byte a second', { endless: 'slow' }),
  scenario('huge-body', 'a body of 256 MB', { endless: 'fast' }),
  scenario('giant-headers', '20 KB of headers', {
    rewrite: (response) => ({
      ...response,
      headers: { ...response.headers, 'X-Padding': 'x'.repeat(20_000) },
    }),
  }),
  scenario(
    'redirect-elsewhere',
    '307 to another host, after the request was executed',
    redirectTo('https://elsewhere.invalid/beta/me'),
  ),
  scenario(
    'redirect-protocol-relative',
    '307 to another host without a scheme, after the request was executed',
    redirectTo('//elsewhere.invalid/beta/me'),
  ),
  scenario(
    'redirect-loop',
    '307 to the same URL, after the request was executed',
    redirectTo((origin, path) => `${origin}${path}`),
  ),
];
