// What a soak tells: a line while it goes on, and a table with a verdict at the end.
import type { Tally } from './asking.ts';
import type { Sample } from './inside.ts';
import type { Audit } from './ledger.ts';
import { isFlat, trendOf } from './trend.ts';

const MEGABYTE = 1024 * 1024;

interface Measure {
  readonly title: string;
  readonly of: (sample: Sample) => number;
  /** Growth that is nothing: a share of the mean, or so much, whichever is more. Null where growth is not judged. */
  readonly allowed: { readonly share: number; readonly least: number } | null;
}

const MEASURES: readonly Measure[] = [
  { title: 'heap after GC, MB', of: (at) => at.heap / MEGABYTE, allowed: { share: 0.03, least: 1 } },
  { title: 'buffers, MB', of: (at) => at.external / MEGABYTE, allowed: { share: 0.1, least: 2 } },
  { title: 'RSS, MB', of: (at) => at.rss / MEGABYTE, allowed: { share: 0.1, least: 10 } },
  { title: 'descriptors', of: (at) => at.descriptors, allowed: { share: 0.1, least: 8 } },
  { title: 'sockets', of: (at) => at.sockets, allowed: { share: 0.1, least: 8 } },
  { title: 'timers', of: (at) => at.timers, allowed: { share: 0.1, least: 8 } },
  { title: 'active resources', of: (at) => at.resources, allowed: { share: 0.1, least: 8 } },
  { title: 'event loop delay p99, ms', of: (at) => at.delayP99, allowed: null },
];

export interface Soaked {
  readonly everySeconds: number;
  readonly samples: readonly Sample[];
  readonly tally: Tally;
  readonly audit: Audit;
  readonly leftOut: number;
  readonly isAlive: boolean;
}

export interface Progress {
  readonly seconds: number;
  /** Operations a second, of late. */
  readonly rate: number;
  readonly errors: number;
  /** Of all people together. */
  readonly phones: number;
  readonly at: Sample;
}

export function progress({ seconds, rate, errors, phones, at }: Progress): string {
  const place = `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;
  const figures = [
    `${rate.toFixed(0)}/s`,
    `errors ${errors}`,
    `phones ${phones}`,
    `heap ${(at.heap / MEGABYTE).toFixed(1)} MB`,
    `RSS ${(at.rss / MEGABYTE).toFixed(0)} MB`,
    `fd ${at.descriptors}`,
    `sockets ${at.sockets}`,
    `timers ${at.timers}`,
    `delay p99 ${at.delayP99.toFixed(1)} ms`,
  ];
  return `${place.padStart(6)}  ${figures.join('  ')}\n`;
}

/** The table in Markdown, and whether all is well. */
export function report(soaked: Soaked): { readonly text: string; readonly isGood: boolean } {
  const rows = MEASURES.map((measure) => rowOf(measure, soaked));
  const { audit, isAlive, leftOut, tally } = soaked;
  const isGood =
    isAlive && audit.certain > 0 && audit.lost + audit.doubled === 0 && rows.every(({ isGood }) => isGood);
  const counted = [...tally].sort(([, one], [, other]) => other - one);
  const lines = [
    '| | first | last | mean | most | rise | rise in an hour | verdict |',
    '|---|---|---|---|---|---|---|---|',
    ...rows.map(({ text }) => text),
    '',
    '| counted | |',
    '|---|---|',
    ...counted.map(([name, times]) => `| ${name} | ${times} |`),
    `| steps left out, with everybody busy | ${leftOut} |`,
    `| keys that were told of, and not deleted | ${audit.certain} |`,
    `| keys of which nobody knows | ${audit.unknown} |`,
    `| phones lost | ${audit.lost} |`,
    `| phones doubled | ${audit.doubled} |`,
    '',
    isAlive ? `verdict: ${isGood ? 'flat, nothing lost, nothing doubled' : 'NOT GOOD'}` : 'verdict: IT DIED',
  ];
  return { text: `${lines.join('\n')}\n`, isGood };
}

function rowOf({ title, of, allowed }: Measure, { samples, everySeconds }: Soaked) {
  const values = samples.map(of);
  const trend = trendOf(values, everySeconds);
  const isGood = allowed === null || isFlat(trend, Math.max(allowed.least, trend.mean * allowed.share));
  const verdict = allowed === null ? '' : isGood ? 'flat' : 'GROWS';
  const figures = [values[0] ?? 0, values.at(-1) ?? 0, trend.mean, Math.max(...values)];
  const told = figures.map((figure) => figure.toFixed(1));
  const rise = `${trend.rise.toFixed(1)} ± ${(2 * trend.error).toFixed(1)}`;
  const cells = [title, ...told, rise, trend.hourly.toFixed(1), verdict];
  return { text: `| ${cells.join(' | ')} |`, isGood };
}
