// Answers that say no: what passes is tried again as Graph asks, what does not is told at once.
import { describe, expect, it } from 'vitest';
import { SCENARIO_GROUPS } from '../../emulator/emulator.ts';
import {
  allOf,
  lost,
  type ReadsOfBoth,
  refused,
  toldAtOnce,
  triedAgain,
  type Writes,
} from './expectations.ts';
import { PATIENT, scenarioNamed, tried } from './proof.ts';
import { proveReads, proveWrites } from './proving.ts';

const THROTTLED: readonly [string, ReadsOfBoth, Writes][] = [
  ['throttled', triedAgain('THROTTLED'), allOf(refused('THROTTLED'))],
  ['throttled-seconds', triedAgain('THROTTLED', 1), allOf(refused('THROTTLED', 1))],
  ['throttled-fraction', triedAgain('THROTTLED', 0.2), allOf(refused('THROTTLED', 0.2))],
  [
    'throttled-date',
    triedAgain('THROTTLED', 'within two seconds'),
    allOf(refused('THROTTLED', 'within two seconds')),
  ],
  ['throttled-past-date', triedAgain('THROTTLED'), allOf(refused('THROTTLED'))],
  ['throttled-garbage', triedAgain('THROTTLED'), allOf(refused('THROTTLED'))],
  ['throttled-negative', triedAgain('THROTTLED'), allOf(refused('THROTTLED'))],
  ['throttled-huge', toldAtOnce('THROTTLED', 86_400), allOf(refused('THROTTLED', 86_400))],
  ['status-509', triedAgain('THROTTLED'), allOf(refused('THROTTLED'))],
];

const DOWN: readonly [string, ReadsOfBoth, Writes][] = [
  ['unavailable', triedAgain('UPSTREAM_UNAVAILABLE'), allOf(lost)],
  ['unavailable-seconds', triedAgain('UPSTREAM_UNAVAILABLE', 1), allOf(lost)],
  ['status-500', triedAgain('UPSTREAM_UNAVAILABLE'), allOf(lost)],
  ['status-502', triedAgain('UPSTREAM_UNAVAILABLE'), allOf(lost)],
  ['status-504', triedAgain('UPSTREAM_UNAVAILABLE'), allOf(lost)],
  ['status-507', toldAtOnce('UPSTREAM_UNAVAILABLE'), allOf(lost)],
];

const ALL = [...THROTTLED, ...DOWN];

describe('Answers that say no', () => {
  it('are all proved', () => {
    expect([...ALL.map(([name]) => name), 'claims-unquoted'].toSorted()).toEqual(
      SCENARIO_GROUPS[0]?.scenarios.map(({ name }) => name).toSorted(),
    );
  });
});

describe.each(ALL)('%s', (name, reads, writes) => {
  proveReads(name, reads);
  proveWrites(name, writes);
});

describe('claims-unquoted', () => {
  it.concurrent.each([
    ['me', 'once'],
    ['me', 'always'],
    ['users', 'once'],
    ['users', 'always'],
  ] as const)('%s, struck %s: the caller is told what is wanted', async (operation, struck) => {
    const scenario = scenarioNamed('claims-unquoted');
    const { answer, calls } = await tried({ scenario, operation, struck, deadlineMs: PATIENT });
    const claims = Buffer.from('{"access_token":{"acrs":{"essential":true,"value":"c1"}}}').toString(
      'base64',
    );
    expect([answer.status, calls]).toEqual([401, operation === 'me' ? 'GET' : 'BATCH']);
    for (const { extensions } of answer.body.errors)
      expect(extensions).toMatchObject({ code: 'UNAUTHENTICATED', claims });
    expect(answer.headers.get('www-authenticate')).toBe(
      `Bearer error="insufficient_claims", claims="${claims}"`,
    );
  });
});
