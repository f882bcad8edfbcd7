// Turns of the event loop for work that is done in slices. Each turn goes to one waiter, the one whose work began first:
// other events wait for one slice at a time, and work that has begun ends before later work grows, so that little of it is
// half-done and in memory.
import type { Clock } from './clock.ts';

interface Waiter {
  readonly order: number;
  readonly resolve: () => void;
}

/**
 * @returns what gives a promise of a later turn, which nobody else has been promised; `order` says when the work began, by
 *   any number that grows, and 0, the default, is before all others
 */
export function createTurnQueue({ afterTurn }: Pick<Clock, 'afterTurn'>): (order?: number) => Promise<void> {
  const waiting: Waiter[] = [];
  const begin = (): void => {
    let first = 0;
    for (const [at, { order }] of waiting.entries()) if (order < (waiting[first]?.order ?? 0)) first = at;
    waiting.splice(first, 1)[0]?.resolve();
    if (waiting.length > 0) afterTurn(begin);
  };
  return (order = 0) =>
    new Promise((resolve) => {
      if (waiting.push({ order, resolve }) === 1) afterTurn(begin);
    });
}
