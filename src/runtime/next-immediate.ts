// A promise for the end of the current turn of the event loop, shared by all callers of the same turn.
import type { Clock } from './clock.ts';

/** Returns a function whose promise resolves after the current turn. All calls in one turn share one timer and one promise. */
export function createNextImmediate({ afterTurn }: Pick<Clock, 'afterTurn'>): () => Promise<void> {
  let current: Promise<void> | null = null;
  const start = (): Promise<void> =>
    new Promise((resolve) => {
      afterTurn(() => {
        current = null;
        resolve();
      });
    });
  return () => {
    current ??= start();
    return current;
  };
}
