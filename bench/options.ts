// The command-line options of the benchmark.
import { parseArgs } from 'node:util';
import { type CaseName, caseNames } from './cases.ts';

export interface Options {
  readonly rounds: number;
  /** Length of each measured window; the one at low load is as long. */
  readonly seconds: number;
  /** Before the measured window, at full load. */
  readonly warmUpSeconds: number;
  /** Names of servers; null for all. */
  readonly only: readonly string[] | null;
  readonly cases: readonly CaseName[];
  readonly quick: boolean;
}

/** Time for V8 to compile. At full load this gateway gets faster for 10 to 15 seconds, a bare proxy for 8. */
const WARM_UP_SECONDS = 15;

const USAGE = `Usage: npm run bench -- [options]

  --rounds N            rounds, each measuring every server in every case (3)
  --seconds S           length of each measured window (4)
  --only server,server  these servers only
  --cases Q1,Q2,Q3      these cases only
  --quick               one round of one second: to see that it works, not to measure
`;

/**
 * @param known the servers there are
 * @throws TypeError for an invalid option
 */
export function readOptions(args: readonly string[], known: readonly string[]): Options | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      only: { type: 'string' },
      cases: { type: 'string' },
      quick: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  const { quick } = values;
  const seconds = readNumber('--seconds', values.seconds ?? (quick ? '1' : '4'), 0.2, 120);
  return {
    rounds: Math.round(readNumber('--rounds', values.rounds ?? (quick ? '1' : '3'), 1, 50)),
    seconds,
    warmUpSeconds: quick ? seconds : WARM_UP_SECONDS,
    only: values.only === undefined ? null : readList('--only', values.only, known),
    cases: values.cases === undefined ? caseNames : readList('--cases', values.cases, caseNames),
    quick,
  };
}

export function usage(known: readonly string[]): string {
  return `${USAGE}\nServers: ${known.join(', ')}\n`;
}

function readNumber(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (value >= least && value <= most) return value;
  throw new TypeError(`${name} ${text}: give a number from ${least} to ${most}`);
}

function readList<T extends string>(name: string, text: string, known: readonly T[]): readonly T[] {
  const wanted = text.split(',').map((entry) => entry.trim());
  const wrong = wanted.find((entry) => !known.some((one) => one === entry));
  if (wrong !== undefined) throw new TypeError(`${name} ${wrong}: give some of ${known.join(', ')}`);
  return known.filter((one) => wanted.includes(one));
}
