// Answers that say no, and say when to come back, or say it badly. Nothing is carried out.
import type { StaticResponse } from './rules.ts';
import type { Scenario } from './scenario.ts';
import { GRAPH } from './scenario.ts';

type Wait = NonNullable<StaticResponse['headers']>[string];

function says(name: string, description: string, status: number, wait?: Wait): Scenario {
  const headers = wait === undefined ? {} : { headers: { 'Retry-After': wait } };
  return { name, description, on: GRAPH, do: { status, ...headers } };
}

/** RFC 9110, section 11.2: the value of a parameter is a token or a text in quotes. */
const UNQUOTED = `bearer Realm="", Error = insufficient_claims , Claims=${Buffer.from(
  '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}',
).toString('base64')}`;

const inSeconds = (seconds: number) => (now: number) => new Date(now + seconds * 1_000).toUTCString();

export const statusScenarios: readonly Scenario[] = [
  {
    name: 'claims-unquoted',
    description: '401 that asks for claims, in a challenge without quotes',
    on: GRAPH,
    do: { status: 401, headers: { 'WWW-Authenticate': UNQUOTED } },
  },
  says('throttled', '429, and no word of how long', 429),
  says('throttled-seconds', '429, to come back in 1 second', 429, '1'),
  says('throttled-fraction', '429, to come back in 0.2 seconds', 429, '0.2'),
  says('throttled-date', '429, to come back at a date that is 1 to 2 seconds away', 429, inSeconds(2)),
  says('throttled-past-date', '429, to come back at a date that has passed', 429, inSeconds(-60)),
  says('throttled-garbage', '429, to come back «soon»', 429, 'soon'),
  says('throttled-negative', '429, to come back in -5 seconds', 429, '-5'),
  says('throttled-huge', '429, to come back tomorrow', 429, '86400'),
  says('unavailable', '503, and no word of how long', 503),
  says('unavailable-seconds', '503, to come back in 1 second', 503, '1'),
  says('status-500', '500 in the shape of Graph', 500),
  says('status-502', '502 in the shape of Graph', 502),
  says('status-504', '504 before anything is carried out', 504),
  says('status-507', '507: no room', 507),
  says('status-509', '509: the bandwidth of the application is used up', 509),
];
