// The chart: how many operations a second each server answered, as a share of the bare proxy's, on a logarithmic scale.
// A dot is the median, the line through it reaches from the lowest to the highest round.
import { caseNames } from '../cases.ts';
import type { Spread } from '../statistics.ts';
import type { Summary } from './summary.ts';

const WIDTH = 860;
const LABELS = 300;
const VALUES = 70;
const ROW = 24;
const PANEL_HEAD = 52;
const LEFT = LABELS;
const RIGHT = WIDTH - VALUES;
const TICKS = [0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10];

const STYLE = `
    text { font: 13px system-ui, sans-serif; fill: #1f2328; }
    .title { font-weight: 600; font-size: 15px; }
    .tick { font-size: 11px; fill: #59636e; text-anchor: middle; }
    .label { text-anchor: end; }
    .grid { stroke: #d1d9e0; stroke-width: 1; }
    .one { stroke: #818b98; stroke-width: 1.5; }
    .reach { stroke-width: 2; }
    .ours { fill: #0969da; stroke: #0969da; }
    .peer { fill: #6e7781; stroke: #6e7781; }
    text.ours, text.peer { stroke: none; }
    text.ours { font-weight: 600; }`;

interface Row {
  readonly summary: Summary;
  readonly ratio: Spread;
}

export function drawChart(summaries: readonly Summary[]): string {
  const panels = caseNames.map((name) => rowsOf(summaries.filter((summary) => summary.case === name)));
  const drawn = panels.filter((rows) => rows.length > 0);
  const all = drawn.flat();
  if (all.length === 0) return svg(60, text(20, 34, '', 'No ratios: the bare proxy was not measured.'));
  const x = scale(all);
  let top = 0;
  const parts = drawn.map((rows) => {
    const panel = drawPanel(rows, top, x);
    top += PANEL_HEAD + rows.length * ROW + 20;
    return panel;
  });
  return svg(top, parts.join('\n'));
}

/** The fastest on top. */
function rowsOf(summaries: readonly Summary[]): readonly Row[] {
  return summaries
    .flatMap((summary) => (summary.ratios.bare === null ? [] : [{ summary, ratio: summary.ratios.bare }]))
    .sort((a, b) => b.ratio.median - a.ratio.median);
}

interface Scale {
  readonly ticks: readonly number[];
  at(ratio: number): number;
}

function scale(rows: readonly Row[]): Scale {
  const least = Math.min(...rows.map(({ ratio }) => ratio.least));
  const most = Math.max(1, ...rows.map(({ ratio }) => ratio.most));
  const from = TICKS.findLast((tick) => tick <= least) ?? least;
  const to = TICKS.find((tick) => tick >= most) ?? most;
  const width = Math.log(to / from);
  return {
    ticks: TICKS.filter((tick) => tick >= from && tick <= to),
    at: (ratio) => Math.round(LEFT + 10 + ((RIGHT - LEFT - 20) * Math.log(ratio / from)) / width),
  };
}

function drawPanel(rows: readonly Row[], top: number, x: Scale): string {
  const name = rows[0]?.summary.case ?? '';
  const bottom = top + PANEL_HEAD + rows.length * ROW;
  const grid = x.ticks.map((tick) => {
    const kind = tick === 1 ? 'one' : 'grid';
    const line = `<line class="${kind}" x1="${x.at(tick)}" x2="${x.at(tick)}" y1="${top + 44}" y2="${bottom}"/>`;
    return line + text(x.at(tick), top + 38, 'tick', String(tick));
  });
  const lines = rows.map((row, at) => drawRow(row, top + PANEL_HEAD + at * ROW + ROW / 2, x));
  const title = text(20, top + 22, 'title', `${name}: throughput as a multiple of the bare proxy's`);
  return [title, ...grid, ...lines].join('\n');
}

function drawRow({ summary, ratio }: Row, y: number, x: Scale): string {
  const kind = summary.server === 'ours' ? 'ours' : 'peer';
  return [
    text(LEFT - 8, y + 4, `label ${kind}`, summary.title),
    `<line class="reach ${kind}" x1="${x.at(ratio.least)}" x2="${x.at(ratio.most)}" y1="${y}" y2="${y}"/>`,
    `<circle class="${kind}" cx="${x.at(ratio.median)}" cy="${y}" r="5"/>`,
    text(RIGHT + 8, y + 4, kind, ratio.median.toPrecision(2)),
  ].join('\n');
}

function text(x: number, y: number, kind: string, content: string): string {
  return `<text class="${kind}" x="${x}" y="${y}">${content.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</text>`;
}

function svg(height: number, content: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}">
  <style>${STYLE}
  </style>
  <rect width="100%" height="100%" fill="#ffffff"/>
${content}
</svg>
`;
}
