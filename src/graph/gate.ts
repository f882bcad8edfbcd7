// How many requests are at Microsoft Graph at the same moment: a counting gate, first come, first served.

export interface Gate {
  /** Resolves once there is room. Call the result exactly once, when the request is over. */
  enter(): Promise<() => void>;
}

/** @param limit requests at a time, 1 or more */
export function createGate(limit: number): Gate {
  let free = limit;
  const waiting: (() => void)[] = [];
  const leave = (): void => {
    const next = waiting.shift();
    if (next === undefined) free += 1;
    else next();
  };
  return {
    async enter() {
      if (free > 0) free -= 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      return leave;
    },
  };
}
