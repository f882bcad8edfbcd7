import { afterAll, describe, expect, it } from 'vitest';
import { FIXTURES } from '../../emulator/emulator.ts';
import { ask, startTestEmulator } from '../support/emulator.ts';

const emulator = await startTestEmulator();
afterAll(() => emulator.close());

async function filter(upn: string, expression: string, property: string): Promise<unknown> {
  const query = new URLSearchParams({ $filter: expression, $select: property });
  const { status, body } = await ask(emulator, 'GET', `/beta/users/${upn}/profile/phones?${query}`);
  return status === 200 ? body.value.map((phone: Record<string, unknown>) => phone[property]) : status;
}

describe('filter-query-parameter: types', () => {
  it.each([
    ["type eq 'pager'", ['pager']],
    ["type eq microsoft.graph.phoneType'pager'", ['pager']],
    ["type in ('pager','radio')", ['pager', 'radio']],
    ["type eq 'home' or type eq 'radio'", ['home', 'radio']],
    ["startsWith(displayName,'home')", ['home', 'homeFax']],
    ["startswith(displayName,'home') and type ne 'home'", ['homeFax']],
    ["not (type ne 'other')", ['other']],
    ["type eq 'other' or type eq 'home' and displayName eq 'nobody'", ['other']],
    ["(type eq 'other' or type eq 'home') and displayName eq 'home'", ['home']],
    ['type eq null', []],
    ["type gt 'otherFax'", ['pager', 'radio']],
  ])('%s', async (expression, expected) => {
    expect(await filter(FIXTURES.withEveryType, expression, 'type')).toEqual(expected);
  });
});

describe('filter-query-parameter: strings, and null, which is neither true nor false', () => {
  it.each([
    ["number eq ''", ['']],
    ['number eq null', [null]],
    ["number eq '+7 499 342 22 13'", ['+7 499 342 22 13']],
    ["startsWith(number,'x')", ['x1234']],
    ["number lt '('", ['']],
  ])('%s', async (expression, expected) => {
    expect(await filter(FIXTURES.withOddNumbers, expression, 'number')).toEqual(expected);
  });

  it('a function of a missing number is null, and so is its negation', async () => {
    const there = await filter(FIXTURES.withOddNumbers, "startsWith(number,'+')", 'number');
    const rest = await filter(FIXTURES.withOddNumbers, "not startsWith(number,'+')", 'number');
    expect(there).not.toContain(null);
    expect(rest).not.toContain(null);
  });

  it('a comparison with null is false, and its negation true', async () => {
    const all = await filter(FIXTURES.withOddNumbers, 'number eq null or number ne null', 'number');
    const below = await filter(FIXTURES.withOddNumbers, "number lt '('", 'number');
    const rest = await filter(FIXTURES.withOddNumbers, "not (number lt '(')", 'number');
    expect(below).not.toContain(null);
    expect(rest).toContain(null);
    expect(all).toHaveLength((below as unknown[]).length + (rest as unknown[]).length);
  });

  it('operators and functions can be in upper case', async () => {
    expect(
      await filter(FIXTURES.withOddNumbers, "NOT (number NE '') OR number EQ 'x1234'", 'number'),
    ).toEqual(['x1234', '']);
  });

  it('comparisons are case-sensitive, and a doubled quote is a quote', async () => {
    expect(await filter(FIXTURES.withOddShapes, "displayName eq 'for ME'", 'displayName')).toEqual([]);
    expect(await filter(FIXTURES.withOddShapes, "displayName eq 'it''s'", 'displayName')).toEqual([]);
  });
});

describe('filter-query-parameter: flags, numbers, date-times, booleans', () => {
  it.each([
    ["allowedAudiences eq 'contacts,organization'", ['For two']],
    ["allowedAudiences eq 'organization,contacts'", ['For two']],
    ["allowedAudiences eq '10'", ['For two']],
    ["allowedAudiences has 'contacts'", ['For two']],
    ["allowedAudiences has microsoft.graph.allowedAudiences'contacts'", ['For two']],
    ['allowedAudiences eq null', ['For nobody says']],
    ["allowedAudiences eq 'me'", ['For me']],
    ['inference/confidenceScore gt 0.5', ['Inferred', 'Beyond doubt']],
    ['inference/confidenceScore eq INF', ['Beyond doubt']],
    ['inference/userHasVerifiedAccuracy eq false', ['Inferred']],
    ['isSearchable', ['Synced']],
    ['isSearchable eq true', ['Synced']],
    [
      'createdDateTime ge 2016-12-31T20:59:45.9448095Z and createdDateTime lt 2017-01-01T00:00:00+03:00',
      ['From the early service'],
    ],
    ['createdDateTime eq 2016-12-31T20:59:45.9448095Z', ['From the early service']],
    ['createdDateTime eq 2016-12-31T20:59:45.9448096Z', []],
  ])('%s', async (expression, expected) => {
    expect(await filter(FIXTURES.withOddShapes, expression, 'displayName')).toEqual(expected);
  });
});

describe('filter-query-parameter: invalid expressions are rejected with 400', () => {
  it.each([
    '',
    'type',
    'type eq',
    "type eq 'satellite'",
    "type eq 'home' nonsense",
    "type is 'home'",
    "(type eq 'home'",
    "extension eq '1'",
    "number eq 'unclosed",
    'number eq 5',
    "isSearchable eq 'true'",
    "createdDateTime gt 'yesterday'",
    'createdDateTime gt 2020-13-40T00:00:00Z',
    "number has 'x'",
    "contains(number,'5')",
    "source/type eq 'User'",
    "allowedAudiences has 'nobody'",
    "type in 'home'",
    "toString eq 'x'",
    `${'('.repeat(200)}type eq 'home'${')'.repeat(200)}`,
    'number eq ;',
  ])('%s', async (expression) => {
    expect(await filter(FIXTURES.innocenty, expression, 'number')).toBe(400);
  });
});
