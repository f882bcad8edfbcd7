// A repeated header on a connection is not read again, and no other header gets its value.
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

it('reads a header once while its connection repeats it', () => {
  const { asked, read } = start();
  const connection = {};
  expect([1, 2, 3].map(() => read('a', connection))).toEqual(['read a', 'read a', 'read a']);
  expect(asked).toEqual(['a']);
});

it('reads another header, and then the first one again', () => {
  const { asked, read } = start();
  const connection = {};
  expect(['a', 'b', 'a'].map((header) => read(header, connection))).toEqual(['read a', 'read b', 'read a']);
  expect(asked).toEqual(['a', 'b', 'a']);
});

it('reads the same header again on another connection', () => {
  const { asked, read } = start();
  expect([read('a', {}), read('a', {})]).toEqual(['read a', 'read a']);
  expect(asked).toEqual(['a', 'a']);
});

it('throws for a rejected header each time, and does not cache it', () => {
  const { asked, read } = start();
  const connection = {};
  read('a', connection);
  for (const header of ['bad', undefined, 'bad']) expect(() => read(header, connection)).toThrow('no good');
  expect(asked).toEqual(['a', 'bad', undefined, 'bad']);
});
