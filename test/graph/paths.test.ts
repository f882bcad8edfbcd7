import { describe, expect, it } from 'vitest';
import {
  graphPath,
  graphQuery,
  isObjectId,
  itemId,
  ME,
  userKey,
  userSegments,
  withQuery,
} from '../../src/graph/paths.ts';
import { templateOf } from '../../src/graph/request-spans.ts';
import { HOSTILE_IDS } from '../support/hostile-ids.ts';

const GUID = 'db789417-4ccb-41d1-a0a9-47b01a09ea49';

describe('an id that could change the path is rejected', () => {
  it.each(HOSTILE_IDS)('%j is not the id of a user', (text) => {
    expect(userKey(text)).toBeNull();
  });

  it.each([...HOSTILE_IDS.filter((text) => text !== 'me'), '.hidden', 'é', 'a'.repeat(129)])(
    '%j is no phone',
    (text) => {
      expect(itemId(text)).toBeNull();
    },
  );
});

describe('object ids and user principal names identify users', () => {
  it('accepts an object id in upper or lower case', () => {
    const key = userKey(GUID.toUpperCase());
    expect(key).toBe(GUID);
    expect(key !== null && isObjectId(key)).toBe(true);
  });

  it.each([
    'innocenty@contoso.com',
    "siobhan.o'brien@contoso.com",
    'marta_fabrikam.com#EXT#@contoso.onmicrosoft.com',
    'a+b@c-d.example',
    '..@contoso.com',
  ])('%s is a user principal name', (name) => {
    const key = userKey(name);
    expect(key).toBe(name.toLowerCase());
    expect(key !== null && isObjectId(key)).toBe(false);
  });

  it.each(['fde926f844473904', 'FDE926F844473904'])('accepts the id of a personal account: %s', (id) => {
    const key = userKey(id);
    expect(key).toBe('fde926f844473904');
    expect(key !== null && isObjectId(key)).toBe(true);
  });

  it.each([
    ['$svc@contoso.com', "/users('$svc%40contoso.com')"],
    ["$o'brien@contoso.com", "/users('$o''brien%40contoso.com')"],
    ["$'@contoso.com", "/users('$''%40contoso.com')"],
    ["o'brien@contoso.com", "/users/o'brien%40contoso.com"],
    ['a$b@contoso.com', '/users/a$b%40contoso.com'],
  ])('%s stands in a path as %s', (name, path) => {
    const key = userKey(name);
    expect(key === null ? null : graphPath([...userSegments(key), 'profile'])).toBe(`${path}/profile`);
  });

  it.each(['$svc@contoso.com', "$o'brien@contoso.com", 'a@contoso.com', GUID])(
    '%s is in no trace',
    (name) => {
      const key = userKey(name);
      const path = key === null ? '' : graphPath([...userSegments(key), 'profile', 'phones']);
      expect(templateOf(path)).toBe('/users/{id}/profile/phones');
    },
  );

  it('accepts the ids of the documented examples as ids of phones', () => {
    for (const id of ['0fb4c1e3-c1e3-0fb4-e3c1-b40fe3c1b40f', 'AAMkAGI1=', 'a.b_c-d'])
      expect(itemId(id)).toBe(id);
  });
});

describe('a path has the segments it was built from', () => {
  it('encodes special characters', () => {
    const key = userKey('marta_fabrikam.com#EXT#@contoso.onmicrosoft.com');
    const path = graphPath([...(key === null ? [] : userSegments(key)), 'profile', 'phones']);
    expect(path).toBe('/users/marta_fabrikam.com%23ext%23%40contoso.onmicrosoft.com/profile/phones');
  });

  it('does not encode $ and commas in a query, and encodes the rest', () => {
    expect(graphPath(['me'], graphQuery(Object.entries({ $select: 'id,mail', $search: '"a&b=c#d"' })))).toBe(
      '/me?$select=id,mail&$search=%22a%26b%3Dc%23d%22',
    );
  });

  it.each(['', '.', '..'])('rejects %j as a segment, although it is encoded', (segment) => {
    expect(() => graphPath(['users', 'x', 'profile', 'phones', segment])).toThrow(TypeError);
  });

  it.each(['a.b', '...', 'ä', 'a b', '%2e', 'a%2Fb', '\u0000'])('keeps %j as one segment', (segment) => {
    const path = graphPath(['users', segment, 'profile']);
    expect(new URL(path, 'http://x').pathname.split('/').map(decodeURIComponent)).toEqual([
      '',
      'users',
      segment,
      'profile',
    ]);
  });

  it('names the caller as me', () => {
    expect(graphPath([...userSegments(ME), 'profile', 'phones'])).toBe('/me/profile/phones');
  });

  it('replaces the whole query of a path', () => {
    expect(withQuery(graphPath(['me'], graphQuery([['$select', 'id']])), graphQuery([['$skip', '25']]))).toBe(
      '/me?$skip=25',
    );
  });
});
