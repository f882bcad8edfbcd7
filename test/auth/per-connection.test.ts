// What a connection said last is not read again, and nothing else is taken for it.
import { expect, it } from 'vitest';
import { perConnection } from '../../src/auth/per-connection.ts';

function start() {
  const asked: (string | undefined)[] = [];
  const read = perConnection((header) => {
    asked.push(header);
    if (header === undefined || header === 'bad') throw new TypeError('no good');
    return `read ${header}`;
  });
  return { asked, read };
}

it('reads a header once for as long as its connection says the same', () => {
  const { asked, read } = start();
  const connection = {};
  expect([1, 2, 3].map(() => read('a', connection))).toEqual(['read a', 'read a', 'read a']);
  expect(asked).toEqual(['a']);
});

it('reads every other header, and the first one again after it', () => {
  const { asked, read } = start();
  const connection = {};
  expect(['a', 'b', 'a'].map((header) => read(header, connection))).toEqual(['read a', 'read b', 'read a']);
  expect(asked).toEqual(['a', 'b', 'a']);
});

it('reads the same header anew on another connection', () => {
  const { asked, read } = start();
  expect([read('a', {}), read('a', {})]).toEqual(['read a', 'read a']);
  expect(asked).toEqual(['a', 'a']);
});

it('refuses each time what is refused once, and does not let in the next by the one before', () => {
  const { asked, read } = start();
  const connection = {};
  read('a', connection);
  for (const header of ['bad', undefined, 'bad']) expect(() => read(header, connection)).toThrow('no good');
  expect(asked).toEqual(['a', 'bad', undefined, 'bad']);
});
