// Error responses. A transient error is retried as Graph requires; any other error is returned at once.
import { describe, expect, it } from 'vitest';
import { SCENARIO_GROUPS } from '../../emulator/emulator.ts';
import {
  allOf,
  failsAtOnce,
  lost,
  type ReadsOfBoth,
  rejected,
  retried,
  type Writes,
} from './expectations.ts';
import { LONG_DEADLINE_MS, runScenario, scenarioNamed } from './scenario-run.ts';
import { testReads, testWrites } from './scenario-tests.ts';

const THROTTLED: readonly [string, ReadsOfBoth, Writes][] = [
  ['throttled', retried('THROTTLED'), allOf(rejected('THROTTLED'))],
  ['throttled-seconds', retried('THROTTLED', 1), allOf(rejected('THROTTLED', 1))],
  ['throttled-fraction', retried('THROTTLED', 0.2), allOf(rejected('THROTTLED', 0.2))],
  [
    'throttled-date',
    retried('THROTTLED', 'within two seconds'),
    allOf(rejected('THROTTLED', 'within two seconds')),
  ],
  ['throttled-past-date', retried('THROTTLED'), allOf(rejected('THROTTLED'))],
  ['throttled-garbage', retried('THROTTLED'), allOf(rejected('THROTTLED'))],
  ['throttled-negative', retried('THROTTLED'), allOf(rejected('THROTTLED'))],
  ['throttled-huge', failsAtOnce('THROTTLED', 86_400), allOf(rejected('THROTTLED', 86_400))],
  ['status-509', retried('THROTTLED'), allOf(rejected('THROTTLED'))],
];

const UNAVAILABLE: readonly [string, ReadsOfBoth, Writes][] = [
  ['unavailable', retried('UPSTREAM_UNAVAILABLE'), allOf(lost)],
  ['unavailable-seconds', retried('UPSTREAM_UNAVAILABLE', 1), allOf(lost)],
  ['status-500', retried('UPSTREAM_UNAVAILABLE'), allOf(lost)],
  ['status-502', retried('UPSTREAM_UNAVAILABLE'), allOf(lost)],
  ['status-504', retried('UPSTREAM_UNAVAILABLE'), allOf(lost)],
  ['status-507', failsAtOnce('UPSTREAM_UNAVAILABLE'), allOf(lost)],
];

const ALL = [...THROTTLED, ...UNAVAILABLE];

describe('error responses', () => {
  it('are all tested', () => {
    expect([...ALL.map(([name]) => name), 'claims-unquoted'].toSorted()).toEqual(
      SCENARIO_GROUPS[0]?.scenarios.map(({ name }) => name).toSorted(),
    );
  });
});

describe.each(ALL)('%s', (name, reads, writes) => {
  testReads(name, reads);
  testWrites(name, writes);
});

describe('claims-unquoted', () => {
  it.concurrent.each([
    ['me', 'once'],
    ['me', 'always'],
    ['users', 'once'],
    ['users', 'always'],
  ] as const)('%s, fault %s: the caller gets the required claims', async (operation, frequency) => {
    const scenario = scenarioNamed('claims-unquoted');
    const { response, calls } = await runScenario({
      scenario,
      operation,
      frequency,
      deadlineMs: LONG_DEADLINE_MS,
    });
    const claims = Buffer.from('{"access_token":{"acrs":{"essential":true,"value":"c1"}}}').toString(
      'base64',
    );
    expect([response.status, calls]).toEqual([401, operation === 'me' ? 'GET' : 'BATCH']);
    for (const { extensions } of response.body.errors)
      expect(extensions).toMatchObject({ code: 'UNAUTHENTICATED', claims });
    expect(response.headers.get('www-authenticate')).toBe(
      `Bearer error="insufficient_claims", claims="${claims}"`,
    );
  });
});
