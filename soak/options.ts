// The command-line options of the soak test.
import { parseArgs } from 'node:util';

export interface Options {
  readonly minutes: number;
  /** Seconds of the capacity measurement. */
  readonly probeSeconds: number;
  /** The share of the measured capacity, from 0 to 1. */
  readonly share: number;
  /** Percentage of the requests to Microsoft Graph with a fault. */
  readonly faultPercent: number;
  /** The number of users. */
  readonly clients: number;
}

export const USAGE = `Usage: npm run soak -- [options]

  --minutes N        how long (60; at most 1440)
  --probe SECONDS    how long the capacity is looked for before (10)
  --load PERCENT     of that capacity (70)
  --faults PERCENT   of the requests to Microsoft Graph (5)
  --clients N        people who ask (100)
`;

/** @throws TypeError for an invalid option */
export function readOptions(args: readonly string[]): Options | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      minutes: { type: 'string', default: '60' },
      probe: { type: 'string', default: '10' },
      load: { type: 'string', default: '70' },
      faults: { type: 'string', default: '5' },
      clients: { type: 'string', default: '100' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  return {
    minutes: number('--minutes', values.minutes, 0.2, 1440),
    probeSeconds: number('--probe', values.probe, 1, 120),
    share: number('--load', values.load, 1, 100) / 100,
    faultPercent: number('--faults', values.faults, 0, 100),
    clients: Math.round(number('--clients', values.clients, 1, 150)),
  };
}

function number(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= least && value <= most) return value;
  throw new TypeError(`${name} ${text}: give a number from ${least} to ${most}`);
}
