// Answers that do not come, do not end, or are not what an response should be. Unless it says otherwise, the request has
// been carried out.
import { gzipSync } from 'node:zlib';
import type { EmulatorResponse } from '../graph/responses.ts';
import { merge } from '../graph/responses.ts';
import { lazily } from '../runtime/lazily.ts';
import type { FaultAction } from './rules.ts';
import type { Scenario } from './scenario.ts';
import { GRAPH } from './scenario.ts';

function does(name: string, description: string, action: FaultAction): Scenario {
  return { name, description, on: GRAPH, do: action };
}

function typed(type: string): FaultAction {
  return {
    rewrite: (response) => ({ ...response, headers: merge(response.headers, { 'Content-Type': type }) }),
  };
}

function untyped(response: EmulatorResponse): EmulatorResponse {
  const kept = Object.entries(response.headers).filter(([name]) => name.toLowerCase() !== 'content-type');
  return { ...response, headers: Object.fromEntries(kept) };
}

/** What is said in gzip, whoever request for it. */
function gzipped(bytes: (text: string) => Uint8Array): FaultAction {
  return {
    rewrite(response) {
      const headers = merge(response.headers, { 'Content-Encoding': 'gzip' });
      return { ...response, headers, body: bytes(JSON.stringify(response.body ?? null)) };
    },
  };
}

const BOMB_MEGABYTES = 256;

/** A page whose one name is a quarter of a gigabyte long, in a quarter of a megabyte: gzip may come in many members. */
const bomb = lazily(() => {
  const megabyte = gzipSync(Buffer.alloc(1024 * 1024, 'a'));
  const middle = Array.from({ length: BOMB_MEGABYTES }, () => megabyte);
  return Buffer.concat([gzipSync('{"value":[{"id":"'), ...middle, gzipSync('"}]}')]);
});

function sentTo(location: string | ((origin: string, path: string) => string)): FaultAction {
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
  does('slow', 'an response that takes 2 seconds longer', { delayMs: 2_000 }),
  does('hang', 'no response, and nothing carried out', { hang: true }),
  does('hang-after-work', 'no response, though carried out', { hang: 'after-commit' }),
  does('reset-before-work', 'a connection that breaks, with nothing carried out', { reset: 'before' }),
  does('reset-after-work', 'a connection that breaks before the headers, after the work', { reset: 'after' }),
  does('reset-mid-body', 'a connection that breaks in the middle of the body', { reset: 'mid-body' }),
  does('not-http', 'bytes that are no HTTP; nothing is carried out', { garble: true }),
  does('truncated-json', 'JSON that stops in the middle of an response that ends well', { truncate: true }),
  does('empty-200', '200 with nothing in it', {
    rewrite: (response) => ({ ...response, status: 200, body: undefined }),
  }),
  does('html-200', 'a page of HTML under 200; nothing is carried out', { html: 200 }),
  does('html-403', 'a page of HTML under 403, as of a proxy; nothing is carried out', { html: 403 }),
  does('html-404', 'a page of HTML under 404, as of a proxy; nothing is carried out', { html: 404 }),
  does('no-content-type', 'JSON that does not say that it is', { rewrite: untyped }),
  does('odd-content-type', 'JSON that says it is text/plain', typed('text/plain')),
  does('upper-case-content-type', 'JSON that says it is Application/JSON', typed('Application/JSON')),
  does('byte-order-mark', 'JSON behind a byte order mark', {
    rewrite: (response) =>
      typeof response.body === 'object' && response.body !== null
        ? { ...response, body: `\uFEFF${JSON.stringify(response.body)}` }
        : response,
  }),
  does(
    'gzip-garbage',
    'bytes that say they are gzip, which nobody request for, and are not',
    gzipped(() => Buffer.from('1f8b this is no gzip')),
  ),
  does(
    'gzip-truncated',
    'gzip that nobody request for, cut in the middle',
    gzipped((text) => gzipSync(text).subarray(0, -12)),
  ),
  does(
    'gzip-bomb',
    `gzip that nobody request for: ${BOMB_MEGABYTES} MB of JSON in a quarter of one`,
    gzipped(() => bomb()),
  ),
  does('endless-drip', 'a body that goes on for ever, a byte a second', { endless: 'slow' }),
  does('huge-body', 'a body of 256 MB', { endless: 'fast' }),
  does('giant-headers', '20 KB of headers', {
    rewrite: (response) => ({
      ...response,
      headers: { ...response.headers, 'X-Padding': 'x'.repeat(20_000) },
    }),
  }),
  does(
    'redirect-elsewhere',
    '307 to another host, after the work',
    sentTo('https://elsewhere.invalid/beta/me'),
  ),
  does(
    'redirect-protocol-relative',
    '307 to another host without a scheme, after the work',
    sentTo('//elsewhere.invalid/beta/me'),
  ),
  does(
    'redirect-loop',
    '307 to the same place, after the work',
    sentTo((origin, path) => `${origin}${path}`),
  ),
];
