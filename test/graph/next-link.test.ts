// Which next links are followed: only those that point to the requested list, in any spelling.
import { describe, expect, it } from 'vitest';
import { GraphFailure } from '../../src/graph/failure.ts';
import { nextQuery } from '../../src/graph/next-link.ts';
import { type GraphPath, graphPath, graphQuery, ME, userKey, userSegments } from '../../src/graph/paths.ts';

const ROOT = 'https://graph.microsoft.com';
const ID = 'db789417-4ccb-41d1-a0a9-47b01a09ea49';
const OTHER = 'efee1b77-fb3b-4f65-99d6-274c11914d12';
const UPN = "siobhan.o'brien@contoso.com";
const CONTEXT = `${ROOT}/beta/$metadata#users('${ID}')/profile/phones`;
const NEXT = '?$select=id&$skip=25';

function phonesOf(who: string): GraphPath {
  const key = who === 'me' ? ME : userKey(who);
  if (key === null) throw new Error(`${who} is nobody`);
  return graphPath([...userSegments(key), 'profile', 'phones'], graphQuery([['$select', 'id']]));
}

function read(link: unknown, page: GraphPath, context?: unknown): string | null {
  try {
    return nextQuery(link, { page, context, roots: ['http://127.0.0.1:4010', ROOT] });
  } catch (error) {
    return error instanceof GraphFailure ? error.kind : String(error);
  }
}

describe('a link is followed', () => {
  it.each([
    ['me', `${ROOT}/beta/me/profile/phones`, undefined],
    ['me', `http://127.0.0.1:4010/beta/me/profile/phones`, undefined],
    ['me', `HTTPS://GRAPH.Microsoft.com:443/BETA/Me/Profile/Phones`, undefined],
    ['me', `${ROOT}/beta/%6De/profile/phones`, undefined],
    ['me', '/beta/me/profile/phones', undefined],
    ['me', 'phones', undefined],
    ['me', '', undefined],
    ['me', 'me/profile/phones', CONTEXT],
    ['me', `users('${ID}')/profile/phones`, CONTEXT],
    ['me', `${ROOT}/beta/users('${ID}')/profile/phones`, CONTEXT],
    ['me', `${ROOT}/beta/users(%27${ID.toUpperCase()}%27)/profile/phones`, CONTEXT],
    ['me', `${ROOT}/beta/users/${ID}/profile/phones`, CONTEXT],
    ['me', `${ROOT}/beta/users/${ID}/profile/phones`, undefined],
    ['me', `${ROOT}/beta/users('fde926f844473904')/profile/phones`, undefined],
    [
      'me',
      `${ROOT}/beta/users('a@contoso.com')/profile/phones`,
      `${ROOT}/beta/$metadata#users('a%40contoso.com')/profile/phones`,
    ],
    [UPN, `${ROOT}/beta/users('siobhan.o''brien@contoso.com')/profile/phones`, undefined],
    [UPN, `${ROOT}/beta/users/siobhan.o%27brien%40contoso.com/profile/phones`, undefined],
    [UPN, `${ROOT}/beta/users('${ID}')/profile/phones`, CONTEXT],
    [ID, `${ROOT}/beta/users('${ID}')/profile/phones`, CONTEXT],
    [ID, `${ROOT}/beta/users('${ID}')/profile/phones`, undefined],
    ['$svc@contoso.com', `${ROOT}/beta/users('$svc@contoso.com')/profile/phones`, undefined],
    ['$svc@contoso.com', `${ROOT}/beta/users('%24svc%40contoso.com')/profile/phones`, undefined],
  ])('from the phones of %s to %s', (who, address, context) => {
    expect(read(`${address}${NEXT}`, phonesOf(who), context)).toBe(NEXT);
  });

  it.each([
    '?$skiptoken=a%2Bb+c%20d&$select=id%2Cnumber',
    "?%24skiptoken=RFNwdA'x|y&$count=true",
    '?$skip=10',
    '?$skip=0&$skiptoken=x',
  ])('with its query to the letter: %s', (query) => {
    const kept = query.replace("'", '%27');
    expect(read(`${ROOT}/beta/me/profile/phones${query}`, phonesOf('me'))).toBe(kept);
  });
});

describe('a link ends the list', () => {
  it.each([undefined, null])('that is %j', (link) => {
    expect(read(link, phonesOf('me'))).toBeNull();
  });

  it.each(['?$skip=0', '?%24skip=0', '?skip=0', '?%24select=id&%24skip=0', '?$Skip=0'])(
    'that skips nothing: %s',
    (query) => {
      expect(read(`${ROOT}/beta/me/profile/phones${query}`, phonesOf('me'))).toBeNull();
    },
  );
});

describe('a link that points elsewhere is rejected', () => {
  it.each([
    ['me', `https://graph.microsoft.com.evil.example/beta/me/profile/phones`, undefined],
    ['me', `https://graph.microsoft.com@evil.example/beta/me/profile/phones`, undefined],
    ['me', `https://user:pass@graph.microsoft.com/beta/me/profile/phones`, undefined],
    ['me', `http://graph.microsoft.com/beta/me/profile/phones`, undefined],
    ['me', `https://graph.microsoft.com:444/beta/me/profile/phones`, undefined],
    ['me', `//evil.example/beta/me/profile/phones`, undefined],
    ['me', 'me/profile/phones', `https://evil.example/beta/$metadata#users('${ID}')/profile/emails`],
    ['me', `${ROOT}/v1.0/me/profile/phones`, undefined],
    ['me', `${ROOT}/beta/me/profile/emails`, undefined],
    ['me', `${ROOT}/beta/me/profile/phones/../emails`, undefined],
    ['me', `${ROOT}/beta/me/profile/phones/x`, undefined],
    ['me', `${ROOT}/beta/me/profile`, undefined],
    ['me', `${ROOT}/beta/users('${ID}')/profile/emails`, CONTEXT],
    ['me', `${ROOT}/beta/users('${OTHER}')/profile/phones`, CONTEXT],
    ['me', `${ROOT}/beta/users/${OTHER}/profile/phones`, CONTEXT],
    ['me', `${ROOT}/beta/users('b@contoso.com')/profile/phones`, CONTEXT],
    ['me', `${ROOT}/beta/users('b@contoso.com')/profile/phones`, undefined],
    ['me', `${ROOT}/beta/users('x')/profile/phones`, undefined],
    ['me', `${ROOT}/beta/users('')/profile/phones`, undefined],
    [UPN, `${ROOT}/beta/users('other@contoso.com')/profile/phones`, undefined],
    [UPN, `${ROOT}/beta/users('${OTHER}')/profile/phones`, CONTEXT],
    [ID, `${ROOT}/beta/users('${OTHER}')/profile/phones`, undefined],
    [
      ID,
      `${ROOT}/beta/users('${OTHER}')/profile/phones`,
      `${ROOT}/beta/$metadata#users('${OTHER}')/profile/phones`,
    ],
    [ID, `${ROOT}/beta/me/profile/phones`, undefined],
    ['me', 'nonsense', undefined],
    ['me', `${ROOT}/beta/%/profile/phones`, undefined],
  ])('from the phones of %s to %s', (who, address, context) => {
    expect(read(`${address}${NEXT}`, phonesOf(who), context)).toBe('bad-response');
  });

  it.each([7, {}, [], true])('%j is not a link', (link) => {
    expect(read(link, phonesOf('me'))).toBe('bad-response');
  });

  it('and so is one that is too long', () => {
    const link = `${ROOT}/beta/me/profile/phones?$skiptoken=${'x'.repeat(9_000)}`;
    expect(read(link, phonesOf('me'))).toBe('bad-response');
  });
});
