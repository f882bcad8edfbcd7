// Schedules work that is done in slices: one slice in each turn of the event loop. The slice of the work that began first
// goes first. Other events wait for one slice at most, and the oldest work finishes first, so little unfinished work is in
// memory.
import type { Clock } from './clock.ts';

interface QueuedSlice {
  readonly order: number;
  readonly resolve: () => void;
}

/**
 * Returns a function whose promise resolves in a later turn. No two promises resolve in the same turn.
 *
 * The argument `order` is any number that is larger for work that began later. Default: 0, before all other work.
 */
export function createTurnQueue({ afterTurn }: Pick<Clock, 'afterTurn'>): (order?: number) => Promise<void> {
  const queue: QueuedSlice[] = [];
  const runFirst = (): void => {
    let first = 0;
    for (const [at, { order }] of queue.entries()) if (order < (queue[first]?.order ?? 0)) first = at;
    queue.splice(first, 1)[0]?.resolve();
    if (queue.length > 0) afterTurn(runFirst);
  };
  return (order = 0) =>
    new Promise((resolve) => {
      if (queue.push({ order, resolve }) === 1) afterTurn(runFirst);
    });
}
