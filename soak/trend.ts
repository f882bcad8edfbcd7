// Whether something grows: a straight line through what was measured, after the time in which caches fill.

/** Of the measurements at the beginning, this share is not looked at. */
const WARMING = 0.25;

export interface Trend {
  readonly mean: number;
  /** By which the line rises from the first measurement that counts to the last. */
  readonly rise: number;
  /** One standard error of that. */
  readonly error: number;
  /** What it rises in an hour. */
  readonly hourly: number;
}

/** @param everySeconds between one measurement and the next */
export function trendOf(values: readonly number[], everySeconds: number): Trend {
  const kept = values.slice(Math.floor(values.length * WARMING));
  const count = kept.length;
  const mean = kept.reduce((sum, value) => sum + value, 0) / count;
  const middle = (count - 1) / 2;
  let spread = 0;
  let together = 0;
  for (const [at, value] of kept.entries()) {
    spread += (at - middle) ** 2;
    together += (at - middle) * (value - mean);
  }
  const slope = spread === 0 ? 0 : together / spread;
  const residue = kept.reduce((sum, value, at) => sum + (value - mean - slope * (at - middle)) ** 2, 0);
  const error = spread === 0 || count < 3 ? 0 : Math.sqrt(residue / (count - 2) / spread);
  const span = Math.max(0, count - 1);
  return { mean, rise: slope * span, error: error * span, hourly: (slope * 3600) / everySeconds };
}

/** It grows when the line rises by more than `allowed`, and by more than chance would have it. */
export function isFlat({ rise, error }: Trend, allowed: number): boolean {
  return rise <= allowed || rise <= 2 * error;
}
