// The report of a soak test: a line at an interval, and a table with a verdict at the end.
import type { Tally } from './asking.ts';
import type { Sample } from './inside.ts';
import type { Audit } from './ledger.ts';
import { isFlat, trendOf } from './trend.ts';

const MEGABYTE = 1024 * 1024;

interface Measure {
  readonly title: string;
  readonly of: (sample: Taken) => number;
  /** Allowed growth: a share of the mean or an absolute value, whichever is more. Null when growth is not judged. */
  readonly allowed: { readonly share: number; readonly least: number } | null;
}

function measure(title: string, of: Measure['of'], share: number, least: number): Measure {
  return { title, of, allowed: { share, least } };
}

const HEAP = measure('heap after GC, MB', (at) => at.heap / MEGABYTE, 0.03, 1);
const BUFFERS = measure('buffers, MB', (at) => at.external / MEGABYTE, 0.1, 2);
const RSS = measure('RSS, MB', (at) => at.rss / MEGABYTE, 0.1, 10);
const FILES = measure('descriptors', (at) => at.descriptors, 0.1, 8);
const SOCKETS = measure('sockets', (at) => at.sockets, 0.1, 8);
const TIMERS = measure('timers', (at) => at.timers, 0.1, 2);
const RESOURCES = measure('active resources', (at) => at.resources, 0.1, 8);

/** Under load, timers belong to requests in flight. At rest, a remaining timer is a leak. */
const UNDER_LOAD: readonly Measure[] = [
  HEAP,
  BUFFERS,
  RSS,
  FILES,
  SOCKETS,
  { ...TIMERS, allowed: null },
  { title: 'steps under way', of: (at) => at.underWay, allowed: null },
  { title: 'event loop delay p99, ms', of: (at) => at.delayP99, allowed: null },
];

const AT_REST: readonly Measure[] = [HEAP, BUFFERS, RSS, FILES, SOCKETS, TIMERS, RESOURCES];

export interface Taken extends Sample {
  /** Requests of clients without a response. */
  readonly underWay: number;
}

export interface Soaked {
  readonly everySeconds: number;
  readonly samples: readonly Taken[];
  readonly secondsToRest: number;
  readonly rests: readonly Taken[];
  readonly tally: Tally;
  readonly audit: Audit;
  readonly leftOut: number;
  readonly isAlive: boolean;
}

export interface Progress {
  readonly seconds: number;
  /** Recent operations a second. */
  readonly rate: number;
  readonly errors: number;
  /** Of all users together. */
  readonly phones: number;
  readonly at: Taken;
}

export function progress({ seconds, rate, errors, phones, at }: Progress): string {
  const figures = [
    `${rate.toFixed(0)}/s`,
    `errors ${errors}`,
    `phones ${phones}`,
    `heap ${(at.heap / MEGABYTE).toFixed(1)} MB`,
    `RSS ${(at.rss / MEGABYTE).toFixed(0)} MB`,
    `fd ${at.descriptors}`,
    `sockets ${at.sockets}`,
    `timers ${at.timers}`,
    `under way ${at.underWay}`,
    `delay p99 ${at.delayP99.toFixed(1)} ms`,
  ];
  return line(seconds, figures.join('  '));
}

export function atRest(seconds: number, at: Taken): string {
  const figures = [
    `heap ${(at.heap / MEGABYTE).toFixed(2)} MB`,
    `RSS ${(at.rss / MEGABYTE).toFixed(0)} MB`,
    `fd ${at.descriptors}`,
    `sockets ${at.sockets}`,
    `timers ${at.timers}`,
    `resources ${at.resources}`,
  ];
  return line(seconds, `at rest  ${figures.join('  ')}`);
}

/** @param seconds since the start */
export function line(seconds: number, text: string): string {
  const place = `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;
  return `${place.padStart(6)}  ${text}\n`;
}

/** The tables in Markdown, and whether the soak test passed. */
export function report(soaked: Soaked): { readonly text: string; readonly isGood: boolean } {
  const { audit, isAlive, leftOut, tally } = soaked;
  const load = tableOf('under load', UNDER_LOAD, soaked.samples, soaked.everySeconds);
  const rest = tableOf('at rest', AT_REST, soaked.rests, soaked.secondsToRest);
  const isFaithful = audit.certain > 0 && audit.unknown + audit.lost + audit.doubled === 0;
  const isGood = isAlive && isFaithful && load.isGood && rest.isGood;
  const counted = [...tally].sort(([, one], [, other]) => other - one);
  const lines = [
    ...load.lines,
    '',
    ...rest.lines,
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

function tableOf(
  title: string,
  measures: readonly Measure[],
  samples: readonly Taken[],
  everySeconds: number,
) {
  const rows = measures.map((measure) => rowOf(measure, samples, everySeconds));
  const lines = [
    `| ${title} | first | last | mean | most | rise | rise in an hour | verdict |`,
    '|---|---|---|---|---|---|---|---|',
    ...rows.map(({ text }) => text),
  ];
  return { lines, isGood: rows.every(({ isGood }) => isGood) };
}

function rowOf({ title, of, allowed }: Measure, samples: readonly Taken[], everySeconds: number) {
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
