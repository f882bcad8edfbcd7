// Aggregates the metrics of several processes with prom-client. Metrics of operations are summed, including those of ended
// processes, because a counter that decreases looks like a restart to Prometheus. Metrics of a process get a `worker` label.
import { AggregatorRegistry, Registry } from 'prom-client';
import type { MetricsSnapshot, MetricsText } from './metrics.ts';

export interface Measured {
  /** The value of the `worker` label; null for a process that is ending, of which only the counters are used. */
  readonly worker: string | null;
  readonly metrics: MetricsSnapshot;
}

export interface SummedMetrics {
  /** Keeps the counters of a process that has ended. */
  keep(metrics: MetricsSnapshot): void;
  text(processes: readonly Measured[]): Promise<MetricsText>;
}

/** prom-client's metrics of a process, and the state of its circuit breaker. */
const OF_PROCESS = /^(process_|nodejs_|graph_circuit_breaker_state$)/;

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
      // The labels differ, so nothing is added up. Without an aggregator, prom-client would omit some of these metrics.
      aggregator: 'sum',
      values: metric.values.map((value) => ({ ...value, labels: { ...value.labels, worker } })),
    }));
}
