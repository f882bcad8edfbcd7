// The log buffer with a sink that accepts, rejects or truncates writes, as a seeded generator decides.
import { describe, expect, it } from 'vitest';
import { createLogDestination, type LogSink } from '../../src/observability/log-destination.ts';
import { AppendError } from '../../src/runtime/append.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { createNextImmediate } from '../../src/runtime/next-immediate.ts';
import { seededRandom } from '../../src/runtime/random.ts';
import { manualClock } from '../support/emulator.ts';

const PIECE = 200;
const settle = createNextImmediate(systemClock);

function create(write: LogSink['write']) {
  const clock = manualClock();
  const destination = createLogDestination({ sink: { write }, clock, pieceBytes: PIECE });
  return { clock, destination };
}

describe('the lines of a log', () => {
  it('are written together after a moment, or when a piece is full', async () => {
    const pieces: string[] = [];
    const { clock, destination } = create(async (text) => void pieces.push(text));
    for (const line of ['one\n', 'two\n']) destination.write(line);
    await settle();
    expect(pieces).toEqual([]);
    clock.advance(200);
    await settle();
    expect(pieces).toEqual(['one\ntwo\n']);
    for (let line = 0; line < 30; line += 1) destination.write(`line ${line}\n`.padStart(20, '.'));
    await settle();
    expect(pieces.slice(1).map((piece) => piece.length)).toEqual([PIECE, PIECE]);
  });

  it.each([1, 2, 3, 4, 5])('are each in the log in order, or lost and counted (seed %d)', async (seed) => {
    const random = seededRandom(seed);
    const below = (most: number): number =>
      Number(random.bytes(4).reduce((sum, byte) => sum * 256 + byte, 0) % most);
    const taken: string[] = [];
    const { clock, destination } = create(async (text) => {
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(PIECE);
      const bytes = Buffer.from(text);
      const kind = below(3);
      if (kind === 0) throw new Error('refused');
      const written = kind === 1 ? below(bytes.length) : bytes.length;
      taken.push(...bytes.toString('utf8', 0, written).split('\n').slice(0, -1));
      if (written < bytes.length) throw new AppendError(written, new Error('no space'));
    });
    const given: string[] = [];
    for (let line = 0; line < 500; line += 1) {
      given.push(`${line} ${'é'.repeat(below(60))}`);
      destination.write(`${given.at(-1)}\n`);
      if (below(10) === 0) clock.advance(200);
      if (below(5) === 0) await settle();
    }
    await destination.flush();
    expect(taken.length).toBeGreaterThan(50);
    expect(taken.length + destination.lost()).toBe(given.length);
    expect(taken).toEqual(given.filter((line) => taken.includes(line)));
  });

  it('are limited while the sink is blocked, and are written when it recovers', async () => {
    const held = Promise.withResolvers<void>();
    let bytes = 0;
    const { destination } = create(async (text) => {
      await held.promise;
      bytes += text.length;
    });
    const line = `${'x'.repeat(99)}\n`;
    const many = 20_000;
    for (let count = 0; count < many; count += 1) destination.write(line);
    expect(destination.lost()).toBe(many - Math.floor(1_048_576 / line.length));
    held.resolve();
    await destination.flush();
    expect(bytes).toBe((many - destination.lost()) * line.length);
    destination.write(line);
    await destination.flush();
    expect(bytes).toBe((many - destination.lost() + 1) * line.length);
  });
});
