// The results as a page of Markdown.
import { caseTitles } from '../cases.ts';
import { contenders } from '../contenders.ts';
import { BUSY } from '../machine.ts';
import { SLOW_MS } from '../measure.ts';
import { quantile, type Spread } from '../statistics.ts';
import { type Reference, type Results, references, type Summary } from './summary.ts';

export function writeTables(results: Results, summaries: readonly Summary[]): string {
  const sections = results.options.cases.map((name) => {
    const rows = summaries.filter((summary) => summary.case === name);
    return `## ${name}: ${caseTitles[name]}\n\n${caseTable(rows)}`;
  });
  const parts = [heading(results), ...sections, oursTable(summaries), remarks(results)];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function heading({ startedAt, machine, options }: Results): string {
  const { cpu, cores, memoryGb, system, node, pinned, loadBefore } = machine;
  const shares = pinned ? 'one for the server, the others for load and stub' : 'not shared out';
  const paragraphs = [
    '# Results',
    `${startedAt.slice(0, 10)}, ${cpu}, ${cores} cores (${shares}), ${memoryGb} GB, ${system}, Node ${node}. ` +
      `Rounds: ${options.rounds}, with ${options.seconds} s for each figure. Medians; in brackets the lowest and ` +
      'the highest round. Ratios are formed within a round.',
  ];
  if (options.quick) paragraphs.push('**A quick run: it shows that the benchmark works, and nothing else.**');
  if (loadBefore > BUSY) paragraphs.push(`**The machine was busy with something else: load ${loadBefore}.**`);
  return paragraphs.join('\n\n');
}

type Column = readonly [title: string, cell: (summary: Summary) => string];

const columns: readonly Column[] = [
  ['server', ({ title }) => title],
  ['ops/s', ({ operationsPerSecond }) => show(operationsPerSecond, 0)],
  ['÷ bare proxy', ({ ratios }) => show(ratios.bare, 2)],
  ['CPU µs/op', ({ cpuPerOperation }) => show(cpuPerOperation, 0)],
  ['core used', ({ busy }) => percent(busy)],
  ['upstream/op', ({ upstreamPerOperation }) => show(upstreamPerOperation, 2)],
  ['… at low load', ({ upstreamPerOperationLow }) => show(upstreamPerOperationLow, 2)],
  ['p50 added, ms', ({ added }) => show(added, 1)],
  ['p99 added, ms', ({ addedP99, asks }) => `${number(addedP99, 1)} of ${asks}`],
  ['RSS, MB', ({ memory, memoryPeak }) => `${plain(memory, 0)}, peak ${plain(memoryPeak, 0)}`],
  ['disturbed', ({ disturbed }) => percent(disturbed)],
  ['failed', ({ failed }) => String(failed)],
];

function caseTable(rows: readonly Summary[]): string {
  return table(
    columns.map(([title]) => title),
    rows.map((row) => columns.map(([, cell]) => cell(row))),
  );
}

function oursTable(summaries: readonly Summary[]): string {
  const ours = summaries.filter(({ server }) => server === 'ours');
  if (ours.length === 0) return '';
  const titleOf = (name: Reference) => contenders.find((contender) => contender.name === name)?.title ?? name;
  const head = ['throughput of this gateway', ...ours.map((summary) => summary.case)];
  const rows = references.map((name) => [
    `÷ ${titleOf(name)}`,
    ...ours.map(({ ratios }) => show(ratios[name], 2)),
  ]);
  return `## This gateway beside three of them\n\n${table(head, rows)}`;
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_title, at) => (at === 0 ? '---' : '---:'))), ...rows.map(line)].join(
    '\n',
  );
}

function remarks({ direct, versions, options }: Results): string {
  const stub = quantile(
    [...direct].sort((a, b) => a - b),
    0.5,
  );
  const beside = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  const points = [
    `"added" is what an answer took beyond the ${SLOW_MS} ms that the upstream was told to take. The stub's own timer is ` +
      `in it: asked directly, the stub adds ${number(stub - SLOW_MS, 1)} ms at p50. The p99 is that of all rounds ` +
      'together, out of so many answers.',
    '"core used" is the share of its core that the server had at full load, "disturbed" the share of the machine that ' +
      'processes took which are no part of this. Where a server had much less than 100 %, they or the load were the ' +
      'limit: compare CPU µs/op there, not ops/s.',
    'Hive Gateway cuts dates to milliseconds. All other answers are equal, value for value; the bare proxies hand on ' +
      "Microsoft Graph's own JSON, which is a little longer.",
    `Measured beside: ${beside.join(', ')}.`,
  ];
  if (options.only !== null) points.push(`Not all were measured, only ${options.only.join(', ')}.`);
  return `## How to read this\n\n${points.map((point) => `- ${point}`).join('\n')}`;
}

export function show(spread: Spread | null, digits: number): string {
  if (spread === null) return '–';
  const { median, least, most } = spread;
  const [middle, from, to] = [median, least, most].map((value) => number(value, digits));
  return from === to ? `${middle}` : `${middle} (${from}–${to})`;
}

function percent(share: Spread | null): string {
  return share === null ? '–' : `${(share.median * 100).toFixed(0)} %`;
}

function plain(spread: Spread | null, digits: number): string {
  return spread === null ? '–' : number(spread.median, digits);
}

/** Small figures get the digits that they need to be told apart. */
function number(value: number, digits: number): string {
  if (!Number.isFinite(value)) return '–';
  return value !== 0 && Math.abs(value) < 0.1 && digits > 0 ? value.toPrecision(2) : value.toFixed(digits);
}
