// The metrics of several processes as one page, by prom-client's aggregation. What counts operations is summed, also of
// processes that have ended: a counter that went back would look like a burst to whoever takes rates of it. What describes
// a process has a label for it.
import { AggregatorRegistry, Registry } from 'prom-client';
import type { MetricsSnapshot, MetricsText } from './metrics.ts';

export interface Measured {
  /** The label of the process; null for one that is ending and of which only the counters matter. */
  readonly worker: string | null;
  readonly metrics: MetricsSnapshot;
}

export interface SummedMetrics {
  /** Keeps what a process has counted that has ended. */
  keep(metrics: MetricsSnapshot): void;
  text(processes: readonly Measured[]): Promise<MetricsText>;
}

/** As prom-client names what it measures of a process, and what each measures of Microsoft Graph for itself. */
const OF_PROCESS = /^(process_|nodejs_|graph_breaker_state$)/;

export function createSummedMetrics(): SummedMetrics {
  let ended: Promise<MetricsSnapshot> = Promise.resolve([]);
  return {
    keep(metrics) {
      ended = ended.then((sum) => sumOf([sum, counters(metrics)]).getMetricsAsJSON());
    },
    async text(processes) {
      const own = processes.map(({ worker, metrics }) => (worker === null ? [] : labelled(metrics, worker)));
      const counted = processes.map(({ metrics }) => counters(metrics));
      const text = await sumOf([...own, await ended, ...counted]).metrics();
      return { text, contentType: Registry.PROMETHEUS_CONTENT_TYPE };
    },
  };
}

function sumOf(parts: readonly MetricsSnapshot[]): Registry {
  return AggregatorRegistry.aggregate([...parts]);
}

function counters(metrics: MetricsSnapshot): MetricsSnapshot {
  return metrics.filter(({ name }) => !OF_PROCESS.test(name));
}

function labelled(metrics: MetricsSnapshot, worker: string): MetricsSnapshot {
  return metrics
    .filter(({ name }) => OF_PROCESS.test(name))
    .map((metric) => ({
      ...metric,
      // With labels of their own there is nothing to add up; but prom-client would leave some of them out.
      aggregator: 'sum',
      values: metric.values.map((value) => ({ ...value, labels: { ...value.labels, worker } })),
    }));
}
