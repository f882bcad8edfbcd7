// A counting semaphore, first in, first out. It limits the requests in flight.

export interface Semaphore {
  /** Takes a permit if one is free. @returns whether it did */
  tryAcquire(): boolean;
  /** Resolves once it has a permit. */
  acquire(): Promise<void>;
  /** Returns a permit. Call it once for each permit. */
  release(): void;
}

/** @param limit number of permits, 1 or more */
export function createSemaphore(limit: number): Semaphore {
  let free = limit;
  const waiting: (() => void)[] = [];
  return {
    tryAcquire() {
      if (free === 0) return false;
      free -= 1;
      return true;
    },
    async acquire() {
      if (free > 0) free -= 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
    },
    release() {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    },
  };
}
