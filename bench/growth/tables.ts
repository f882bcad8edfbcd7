// The results as pages of Markdown.
import { BUSY, type Machine } from '../machine.ts';
import { show, table } from '../report/tables.ts';
import type { Spread } from '../statistics.ts';
import { type Growth, PEOPLE_ASKED } from './sizes.ts';
import type { WorkersRow } from './workers.ts';

export interface Run {
  readonly startedAt: string;
  readonly machine: Machine;
  readonly rounds: number;
}

export function growthPage(run: Run, rows: readonly Growth[]): string {
  const head = [
    'question',
    'ms',
    'µs a person',
    'CPU, ms',
    'CPU µs a person',
    'heap at its peak, MB',
    'heap without garbage, MB',
    'RSS at its peak, MB',
    'upstream',
  ];
  const lines = rows.map(({ question: { kind, size }, ...growth }) => [
    kind === 'users' ? `\`users\` with ${size} ids` : `\`directory(first: ${size})\``,
    show(growth.time, 1),
    show(aPerson(growth.time, size), 0),
    show(growth.cpu, 1),
    show(aPerson(growth.cpu, size), 0),
    show(growth.heapPeak, 0),
    show(growth.heapLive, 0),
    show(growth.memoryPeak, 0),
    show({ median: growth.upstream, least: growth.upstream, most: growth.upstream }, 0),
  ]);
  return page('What more people in one question cost', run, [
    `Each person with id, name and three phones. One client asks for ${PEOPLE_ASKED} people in all, in questions of one ` +
      'size, of a server that has its own core, was freshly started and then warmed up with half as many. Time is the ' +
      'median of a round.',
    table(head, lines),
    'Peaks are since the start. "Without garbage" is the most that was left when the whole heap had been collected; V8 ' +
      'does that when it thinks fit, and what was under way then is in it.',
  ]);
}

export function workersPage(run: Run, rows: readonly WorkersRow[]): string {
  const head = [
    'case',
    'WORKERS',
    'ops/s',
    '÷ one worker',
    'CPU µs/op, server',
    'CPU µs/op, load and stub',
    'RSS, MB',
  ];
  const lines = rows.map((row) => [
    row.case.name,
    String(row.workers),
    show(row.operationsPerSecond, 0),
    show(row.ratio, 2),
    show(row.cpu, 0),
    show(row.cpuOfOthers, 0),
    show(row.memory, 0),
  ]);
  const limits = rows
    .filter(({ workers, cpu, cpuOfOthers }) => workers > 1 && cpu !== null && cpuOfOthers !== null)
    .map(({ case: { name }, cpu, cpuOfOthers }) => {
      const all = (cpu?.median ?? Number.NaN) + (cpuOfOthers?.median ?? Number.NaN);
      return `${name} ${((run.machine.cores * 1e6) / all).toFixed(0)}`;
    });
  return page('Two workers beside one', run, [
    'Load and stub are on the same cores as the workers, and nothing is bound to a core. RSS is that of all processes of ' +
      'the server; with one worker that is one process, with two it is three.',
    table(head, lines),
    `What this can show: with ${run.machine.cores} cores, one worker leaves to load and stub what they need, and two have ` +
      'to share with them. All together cannot do more operations a second than the cores have time for, which by the ' +
      `CPU for each is at most ${limits.join(', ')} with two workers. Whether workers are worth having shows in the CPU ` +
      'for each operation, which should not rise; how many operations more cores do, this machine cannot say.',
  ]);
}

function page(title: string, { startedAt, machine, rounds }: Run, parts: readonly string[]): string {
  const { cpu, cores, memoryGb, system, node, loadBefore } = machine;
  const about =
    `${startedAt.slice(0, 10)}, ${cpu}, ${cores} cores, ${memoryGb} GB, ${system}, Node ${node}. Medians of ${rounds} ` +
    'rounds, one size after the other in each; in brackets the lowest and the highest round.';
  const warning =
    loadBefore > BUSY ? [`**The machine was busy with something else: load ${loadBefore}.**`] : [];
  return `${[`# ${title}`, about, ...warning, ...parts].join('\n\n')}\n`;
}

function aPerson(spread: Spread | null, size: number): Spread | null {
  if (spread === null) return null;
  const microseconds = (value: number): number => (value * 1_000) / size;
  const { median, least, most } = spread;
  return { median: microseconds(median), least: microseconds(least), most: microseconds(most) };
}
