// Turns of the event loop for work that is done in slices. Each turn goes to one waiter, in the order in which they asked:
// however much such work is under way, other events wait for one slice of it at a time.
import type { Clock } from './clock.ts';

/** @returns what gives a promise of a later turn, which nobody else has been promised */
export function createTurns({ afterTurn }: Pick<Clock, 'afterTurn'>): () => Promise<void> {
  const waiting: (() => void)[] = [];
  const begin = (): void => {
    waiting.shift()?.();
    if (waiting.length > 0) afterTurn(begin);
  };
  return () =>
    new Promise((resolve) => {
      if (waiting.push(resolve) === 1) afterTurn(begin);
    });
}
