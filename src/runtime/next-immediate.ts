// The end of the present turn of the event loop, for all who wait for it together.
import type { Clock } from './clock.ts';

/** @returns what gives a promise of the end of the present turn, one for all who ask during it */
export function createNextImmediate({ afterTurn }: Pick<Clock, 'afterTurn'>): () => Promise<void> {
  let end: Promise<void> | null = null;
  const begin = (): Promise<void> =>
    new Promise((resolve) => {
      afterTurn(() => {
        end = null;
        resolve();
      });
    });
  return () => {
    end ??= begin();
    return end;
  };
}
