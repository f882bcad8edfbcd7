// How many phones one call of `addPhones` has. The gateway works until the time of the request runs out, and hands back
// what it did not come to: that is how fast it is. So a call grows while all of it is done, and shrinks to what was done.

export interface CallSize {
  readonly value: number;
  /** What came of a call: how many phones it had, and how many of them have a result. */
  note(sent: number, settled: number): void;
  /** A call came to nothing. */
  shrink(): void;
}

/** The most that the gateway takes. */
const MOST = 100;
const LEAST = 10;
const FIRST = 50;

export function createCallSize(): CallSize {
  let value = FIRST;
  const set = (size: number): void => {
    value = Math.min(MOST, Math.max(LEAST, Math.round(size)));
  };
  return {
    get value() {
      return value;
    },
    note(sent, settled) {
      if (settled === sent && sent >= value) set(value * 2);
      // A few that have to wait say nothing about how fast the gateway is.
      if (settled < sent / 2) set(settled * 1.25);
    },
    shrink: () => set(value / 2),
  };
}
