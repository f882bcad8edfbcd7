// Detects growth with a straight line through the measurements, without the first part, in which caches fill.

/** The share of measurements at the beginning that is ignored. */
const WARMING = 0.25;

export interface Trend {
  readonly mean: number;
  /** The rise of the line from the first to the last measurement that counts. */
  readonly rise: number;
  /** The standard error of the rise. */
  readonly error: number;
  /** The rise in an hour. */
  readonly hourly: number;
}

/** @param everySeconds seconds between two measurements */
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

/** Whether the line rises by more than `allowed` and by more than random noise explains. */
export function isFlat({ rise, error }: Trend, allowed: number): boolean {
  return rise <= allowed || rise <= 2 * error;
}
