// Summarizes all rounds of one server in one case, and compares it with another server round by round.
import { type CaseName, caseNames } from '../cases.ts';
import { contenders } from '../contenders.ts';
import type { Machine } from '../machine.ts';
import { type Measurement, SLOW_MS } from '../measure.ts';
import type { Options } from '../options.ts';
import { quantile, type Spread, spreadOf } from '../statistics.ts';

export interface Results {
  readonly startedAt: string;
  readonly machine: Machine;
  readonly versions: Readonly<Record<string, string>>;
  readonly options: Options;
  /** Milliseconds of the stub at low load, asked directly. */
  readonly direct: readonly number[];
  readonly measurements: readonly Measurement[];
}

/** The server that the others are compared with. */
export const references = ['bare', 'mercurius-jit', 'mercurius', 'hive'] as const;
export type Reference = (typeof references)[number];

export interface Summary {
  readonly case: CaseName;
  readonly server: string;
  readonly title: string;
  readonly operationsPerSecond: Spread | null;
  readonly cpuPerOperation: Spread | null;
  readonly busy: Spread | null;
  readonly disturbed: Spread | null;
  readonly memory: Spread | null;
  readonly memoryPeak: Spread | null;
  readonly upstreamPerOperation: Spread | null;
  readonly upstreamPerOperationLow: Spread | null;
  /** Milliseconds in addition to the latency of the upstream. */
  readonly added: Spread | null;
  /** Of all rounds together: one round has too few for it. */
  readonly addedP99: number;
  readonly asks: number;
  readonly failed: number;
  /** Throughput as a multiple of another's in the same round. */
  readonly ratios: Readonly<Record<Reference, Spread | null>>;
}

export function summarize(measurements: readonly Measurement[]): readonly Summary[] {
  return caseNames.flatMap((name) => {
    const ofCase = measurements.filter((measurement) => measurement.case === name);
    return contenders
      .filter(({ name: server }) => ofCase.some((measurement) => measurement.server === server))
      .map(({ name: server, title }) => ({ title, ...summarizeOne(name, server, ofCase) }));
  });
}

function summarizeOne(name: CaseName, server: string, ofCase: readonly Measurement[]) {
  const own = ofCase.filter((measurement) => measurement.server === server);
  const spread = (value: (measurement: Measurement) => number | null) =>
    spreadOf(own.map(value).filter((figure) => figure !== null));
  const latencies = own.flatMap((measurement) => measurement.latencies).sort((a, b) => a - b);
  return {
    case: name,
    server,
    operationsPerSecond: spread((one) => one.operationsPerSecond),
    cpuPerOperation: spread((one) => one.cpuPerOperation),
    busy: spread((one) => one.busy),
    disturbed: spread((one) => one.disturbed),
    memory: spread((one) => one.memory),
    memoryPeak: spread((one) => one.memoryPeak),
    upstreamPerOperation: spread((one) => one.upstreamPerOperation),
    upstreamPerOperationLow: spread((one) => one.upstreamPerOperationLow),
    added: spread(
      (one) =>
        quantile(
          [...one.latencies].sort((a, b) => a - b),
          0.5,
        ) - SLOW_MS,
    ),
    addedP99: quantile(latencies, 0.99) - SLOW_MS,
    asks: latencies.length,
    failed: own.reduce((sum, one) => sum + one.failed, 0),
    ratios: {
      bare: ratio(own, ofCase, 'bare'),
      'mercurius-jit': ratio(own, ofCase, 'mercurius-jit'),
      mercurius: ratio(own, ofCase, 'mercurius'),
      hive: ratio(own, ofCase, 'hive'),
    },
  };
}

function ratio(own: readonly Measurement[], all: readonly Measurement[], to: Reference): Spread | null {
  const ratios = own.map((one) => {
    const other = all.find(({ server, round }) => server === to && round === one.round);
    return one.operationsPerSecond / (other?.operationsPerSecond ?? Number.NaN);
  });
  return spreadOf(ratios);
}
