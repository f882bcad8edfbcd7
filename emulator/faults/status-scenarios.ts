// Error responses, with valid and invalid `Retry-After` headers. The request is not executed.
import type { StaticResponse } from './rules.ts';
import type { Scenario } from './scenario.ts';
import { GRAPH } from './scenario.ts';

type RetryAfter = NonNullable<StaticResponse['headers']>[string];

function respond(name: string, description: string, status: number, retryAfter?: RetryAfter): Scenario {
  const headers = retryAfter === undefined ? {} : { headers: { 'Retry-After': retryAfter } };
  return { name, description, on: GRAPH, do: { status, ...headers } };
}

/**
 * RFC 9110, section 11.2, requires the value of a parameter to be a token or a quoted string. This challenge has values
 * that are neither.
 */
const UNQUOTED = `bearer Realm="", Error = insufficient_claims , Claims=${Buffer.from(
  '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}',
).toString('base64')}`;

const inSeconds = (seconds: number) => (now: number) => new Date(now + seconds * 1_000).toUTCString();

export const statusScenarios: readonly Scenario[] = [
  {
    name: 'claims-unquoted',
    description: '401 with a claims challenge whose parameters are not quoted',
    on: GRAPH,
    do: { status: 401, headers: { 'WWW-Authenticate': UNQUOTED } },
  },
  respond('throttled', '429 without Retry-After', 429),
  respond('throttled-seconds', '429 with Retry-After: 1', 429, '1'),
  respond('throttled-fraction', '429 with Retry-After: 0.2', 429, '0.2'),
  respond('throttled-date', '429 with a Retry-After date 1 to 2 seconds in the future', 429, inSeconds(2)),
  respond('throttled-past-date', '429 with a Retry-After date in the past', 429, inSeconds(-60)),
  respond('throttled-garbage', '429 with Retry-After: soon', 429, 'soon'),
  respond('throttled-negative', '429 with Retry-After: -5', 429, '-5'),
  respond('throttled-huge', '429 with Retry-After: 86400, which is a day', 429, '86400'),
  respond('unavailable', '503 without Retry-After', 503),
  respond('unavailable-seconds', '503 with Retry-After: 1', 503, '1'),
  respond('status-500', "500 with Graph's error body", 500),
  respond('status-502', "502 with Graph's error body", 502),
  respond('status-504', "504 with Graph's error body; the request is not executed", 504),
  respond('status-507', '507, insufficient storage', 507),
  respond('status-509', '509, the bandwidth limit of the application', 509),
];
