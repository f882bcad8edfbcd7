// How many requests may be under way at the same moment: a counting gate, first come, first served.

export interface Gate {
  /** Enters if there is room now; otherwise says so. */
  tryEnter(): boolean;
  /** Resolves once there is room. */
  enter(): Promise<void>;
  /** Once for every entry, when what went in is over. */
  leave(): void;
}

/** @param limit how many at a time, 1 or more */
export function createGate(limit: number): Gate {
  let free = limit;
  const waiting: (() => void)[] = [];
  return {
    tryEnter() {
      if (free === 0) return false;
      free -= 1;
      return true;
    },
    async enter() {
      if (free > 0) free -= 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
    },
    leave() {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    },
  };
}
