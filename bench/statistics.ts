// Statistics of a few figures: the median and the range.

export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

/** Null when there is nothing to tell. */
export function spreadOf(values: readonly number[]): Spread | null {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
  const [least] = sorted;
  const most = sorted.at(-1);
  if (least === undefined || most === undefined) return null;
  return { median: quantile(sorted, 0.5), least, most };
}

/** The value below which this share of the values lies, by linear interpolation; NaN of none. */
export function quantile(sorted: readonly number[], share: number): number {
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)] ?? Number.NaN;
  const above = sorted[Math.ceil(place)] ?? Number.NaN;
  return below + (above - below) * (place - Math.floor(place));
}
