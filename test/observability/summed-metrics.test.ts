// The aggregated metrics of several processes, while processes start and end.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import type { MetricsSnapshot } from '../../src/observability/metrics.ts';
import { createSummedMetrics } from '../../src/observability/summed-metrics.ts';
import { until } from '../support/emulator.ts';

/** The metrics of a process with this many operations. */
async function snapshotOf(operations: number): Promise<MetricsSnapshot> {
  const registers = [new Registry()];
  const [registry = new Registry()] = registers;
  const counter = new Counter({ name: 'operations_total', help: 'Done.', labelNames: ['type'], registers });
  counter.inc({ type: 'query' }, operations);
  const seconds = new Histogram({ name: 'seconds', help: 'Each.', buckets: [1], registers });
  for (let done = 0; done < operations; done += 1) seconds.observe(0.5);
  new Gauge({ name: 'process_resident_memory_bytes', help: 'Now.', registers }).set(operations);
  new Gauge({ name: 'graph_circuit_breaker_state', help: 'Now.', registers }).set(operations);
  // A copy, as after a message between processes.
  return JSON.parse(JSON.stringify(await registry.getMetricsAsJSON()));
}

function numberIn(text: string, name: string): number | null {
  const line = text.split('\n').find((candidate) => candidate.startsWith(`${name} `));
  return line === undefined ? null : Number(line.slice(name.length + 1));
}

describe('The metrics of several processes', () => {
  it('are summed when they are counters, and labelled when they describe one process', async () => {
    const sum = createSummedMetrics();
    const { text } = await sum.text([
      { worker: '1', metrics: await snapshotOf(3) },
      { worker: '2', metrics: await snapshotOf(4) },
      // Counters of a process that is ending are included. Its other metrics are not.
      { worker: null, metrics: await snapshotOf(5) },
    ]);
    expect(numberIn(text, 'operations_total{type="query"}')).toBe(12);
    expect(numberIn(text, 'seconds_count')).toBe(12);
    expect(numberIn(text, 'seconds_bucket{le="1"}')).toBe(12);
    expect(text.split('\n').filter((line) => /^(process_|graph_circuit_breaker)/.test(line))).toEqual([
      'process_resident_memory_bytes{worker="1"} 3',
      'process_resident_memory_bytes{worker="2"} 4',
      'graph_circuit_breaker_state{worker="1"} 3',
      'graph_circuit_breaker_state{worker="2"} 4',
    ]);
  });

  it('stay the same when processes end, also while two pages are rendered', async () => {
    const sum = createSummedMetrics();
    for (let ended = 0; ended < 5; ended += 1) sum.keep(await snapshotOf(2));
    const pages = await Promise.all([sum.text([]), sum.text([])]);
    sum.keep(await snapshotOf(2));
    const last = await sum.text([{ worker: '1', metrics: await snapshotOf(1) }]);
    const counts = [...pages, last].map(({ text }) => numberIn(text, 'operations_total{type="query"}'));
    expect(counts).toEqual([10, 10, 13]);
    expect(numberIn(last.text, 'seconds_count')).toBe(13);
  });

  it('include a process that ends during the aggregation of others', async () => {
    const snapshot = await snapshotOf(1);
    const turns = async (many: number): Promise<void> => {
      for (let turn = 0; turn < many; turn += 1) await null;
    };
    // At every step of the first and the second aggregation.
    for (let place = 0; place < 100; place += 1) {
      const sum = createSummedMetrics();
      for (let ended = 0; ended < 8; ended += 1) sum.keep(snapshot);
      await turns(place % 10);
      sum.keep(snapshot);
      await turns(Math.floor(place / 10));
      for (let ended = 0; ended < 3; ended += 1) sum.keep(snapshot);
      await new Promise((resolve) => setImmediate(resolve));
      const { text } = await sum.text([]);
      expect(numberIn(text, 'operations_total{type="query"}')).toBe(12);
    }
  });

  it('do not use more memory with each process that ends, also when they are not read', async () => {
    const sum = createSummedMetrics();
    const kept: WeakRef<object>[] = [];
    const ended = 50;
    for (let process = 0; process < ended; process += 1) {
      const snapshot = await snapshotOf(1);
      for (const metric of snapshot) if (metric.name === 'operations_total') kept.push(new WeakRef(metric));
      sum.keep(snapshot);
    }
    setFlagsFromString('--expose-gc');
    const collect: () => void = runInNewContext('gc');
    await until(() => {
      collect();
      return kept.filter((metric) => metric.deref() !== undefined).length < ended / 2;
    });
    expect(kept).toHaveLength(ended);
    const { text } = await sum.text([]);
    expect(numberIn(text, 'operations_total{type="query"}')).toBe(ended);
  });
});
