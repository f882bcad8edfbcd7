// Work in slices: one slice in each turn of the event loop, whichever work it belongs to.
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createTurnQueue } from '../../src/runtime/turn-queue.ts';

describe('turns of the event loop', () => {
  it('go to one piece of work each, in the order of the requests', async () => {
    const nextTurn = createTurnQueue({ afterTurn: (run) => void setImmediate(run) });
    let turns = 0;
    let isOver = false;
    const count = async () => {
      while (!isOver) {
        await turn();
        turns += 1;
      }
    };
    const counting = count();
    const done: [string, number][] = [];
    const work = async (name: string) => {
      for (let slice = 0; slice < 3; slice += 1) {
        await nextTurn();
        done.push([name, turns]);
      }
    };
    await Promise.all([work('a'), work('b'), work('c')]);
    isOver = true;
    await counting;
    expect(done.map(([name]) => name).join('')).toBe('abcabcabc');
    expect(new Set(done.map(([, at]) => at)).size).toBe(done.length);
  });

  it('go to the work that began first, until it has ended', async () => {
    const nextTurn = createTurnQueue({ afterTurn: (run) => void setImmediate(run) });
    const done: string[] = [];
    const work = async (name: string, order: number) => {
      for (let slice = 0; slice < 3; slice += 1) {
        await nextTurn(order);
        done.push(name);
      }
    };
    await Promise.all([work('b', 2), work('c', 3), work('a', 1)]);
    expect(done.join('')).toBe('aaabbbccc');
  });

  it('are given again after a time without requests', async () => {
    const nextTurn = createTurnQueue({ afterTurn: (run) => void setImmediate(run) });
    await nextTurn();
    await turn();
    await expect(nextTurn()).resolves.toBeUndefined();
  });
});
