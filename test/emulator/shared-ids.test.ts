// The tenant in which users share the ids of phones: what is shared, and what is not.
import { describe, expect, it } from 'vitest';
import { FIXTURES } from '../../emulator/emulator.ts';
import { startTestEmulator } from '../support/emulator.ts';

describe('a tenant with shared ids', () => {
  it('has the same users with the same number of phones, and no id twice in one profile', async () => {
    await using plain = await startTestEmulator();
    await using shared = await startTestEmulator({ sharedIds: true });
    const keys = ({ people }: typeof plain) =>
      people.map(({ id, userPrincipalName }) => [id, userPrincipalName]);
    expect(keys(shared)).toEqual(keys(plain));
    for (const { id } of plain.people) {
      const ids = shared.phonesOf(id).map((phone) => phone.id);
      expect(ids).toHaveLength(plain.phonesOf(id).length);
      expect(new Set(ids).size).toBe(ids.length);
    }
  });

  it('has the same phone ids for all users: 32 bits repeated, the documented id first', async () => {
    await using emulator = await startTestEmulator({ sharedIds: true });
    const lists = emulator.people.map(({ id }) => emulator.phonesOf(id).map((phone) => phone.id));
    const longest = lists.toSorted((one, other) => other.length - one.length)[0] ?? [];
    for (const list of lists) expect(list.toSorted()).toEqual(longest.slice(0, list.length).toSorted());
    expect(longest[0]).toBe('0fb4c1e3-c1e3-0fb4-e3c1-b40fe3c1b40f');
    for (const id of longest) expect(id).toMatch(/^(\w{4})(\w{4})-\2-\1-(\w{4})-(\w{4})\3\4$/);
  });

  it('has users who share names and numbers, and many who do not', async () => {
    await using emulator = await startTestEmulator({ sharedIds: true });
    const { people } = emulator;
    const named = people.filter(({ displayName }) => displayName === 'Innocenty Popov');
    expect(named.map(({ userPrincipalName }) => userPrincipalName)).toContain(FIXTURES.admin);
    const first = people.map(({ id }) => emulator.phonesOf(id)[0]?.number ?? null);
    const others = first.filter((number, at) => at > 0 && number !== first[at - 1]);
    expect(others.length).toBeGreaterThan(people.length / 3);
    expect(first.length - others.length).toBeGreaterThan(people.length / 4);
  });

  it('changes and deletes the phone of one user only', async () => {
    await using emulator = await startTestEmulator({ sharedIds: true });
    const [one, other] = emulator.people.slice(20, 22).map(({ id }) => id);
    const [phone] = emulator.phonesOf(one ?? '');
    const before = emulator.phonesOf(other ?? '');
    const path = `${emulator.url}/beta/users/${one}/profile/phones/${phone?.id}`;
    const headers = { authorization: 'Bearer demo-token-admin', 'content-type': 'application/json' };
    const changed = await fetch(path, { method: 'PATCH', headers, body: JSON.stringify({ number: '1' }) });
    expect(changed.status).toBe(200);
    expect((await fetch(path, { method: 'DELETE', headers })).status).toBe(204);
    expect(emulator.phonesOf(one ?? '').map(({ id }) => id)).not.toContain(phone?.id);
    expect(emulator.phonesOf(other ?? '')).toEqual(before);
    expect(before.map(({ id }) => id)).toContain(phone?.id);
  });
});
