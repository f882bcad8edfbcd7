// The cache of parsed documents is limited in documents and in characters, since a parsed document is many times its text.
import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { createDocumentStore } from '../../src/graphql/document-store.ts';

const documentOf = (name: string, characters: number) =>
  parse(`query ${name.padEnd(characters - 25, 'x')} { __typename }`);

async function kept(count: number, characters: number): Promise<number> {
  const store = createDocumentStore();
  for (let at = 0; at < count; at += 1) await store.set(String(at), documentOf(`q${at}_`, characters));
  const found = await Promise.all(Array.from({ length: count }, (_, at) => store.get(String(at))));
  return found.filter((document) => document !== undefined).length;
}

describe('parsed documents', () => {
  it('are kept up to a thousand', async () => expect(await kept(1_100, 40)).toBe(1_000));
  it('are kept up to half a million characters', async () => expect(await kept(100, 20_000)).toBe(26));
  it('are found again, and can be deleted', async () => {
    const store = createDocumentStore();
    const document = documentOf('q', 40);
    await store.set('k', document);
    expect(await store.get('k')).toBe(document);
    expect(await store.delete('k')).toBe(true);
    expect(await store.get('k')).toBeUndefined();
  });
});
