// The numbers of several processes as one page. What counts operations is summed, also of processes that are gone, so
// that no counter goes back when a worker is replaced. What describes a process has the process as a label.
import { AggregatorRegistry, Registry } from 'prom-client';
import type { MetricsSnapshot, MetricsText } from './metrics.ts';

export interface Measured {
  /** By which the process is labelled; null for one whose own state is of no interest any more. */
  readonly worker: string | null;
  readonly metrics: MetricsSnapshot;
}

export interface SummedMetrics {
  /** Keeps what a process has counted that has ended. */
  keep(metrics: MetricsSnapshot): void;
  text(processes: readonly Measured[]): Promise<MetricsText>;
}

/** Processes whose numbers are kept apart. */
const MOST_KEPT = 8;

/** As prom-client names what it finds out about a process, and what each finds out about Microsoft Graph for itself. */
const OF_PROCESS = /^(process_|nodejs_|graph_breaker_state$)/;

export function createSummedMetrics(): SummedMetrics {
  const kept: MetricsSnapshot[] = [];

  /** So that they do not grow with every process that ends, whether or not a page is ever asked for. */
  async function merge(parts: readonly MetricsSnapshot[]): Promise<void> {
    const sum = await sumOf(parts).getMetricsAsJSON();
    // Unless another has done so, which began before and ended meanwhile.
    if (kept[0] === parts[0]) kept.splice(0, parts.length, sum);
  }

  return {
    keep(metrics) {
      kept.push(metrics.filter(isSummed));
      if (kept.length >= MOST_KEPT) void merge([...kept]);
    },
    async text(processes) {
      const before = [...kept];
      const own = processes.map(({ worker, metrics }) => (worker === null ? [] : labelled(metrics, worker)));
      const counted = processes.map(({ metrics }) => metrics.filter(isSummed));
      const text = await sumOf([...own, ...before, ...counted]).metrics();
      return { text, contentType: Registry.PROMETHEUS_CONTENT_TYPE };
    },
  };
}

function sumOf(parts: readonly MetricsSnapshot[]): Registry {
  return AggregatorRegistry.aggregate([...parts]);
}

function isSummed({ name }: MetricsSnapshot[number]): boolean {
  return !OF_PROCESS.test(name);
}

function labelled(metrics: MetricsSnapshot, worker: string): MetricsSnapshot {
  return metrics
    .filter((metric) => !isSummed(metric))
    .map((metric) => ({
      ...metric,
      // Each has labels of its own now, so that nothing is left to be summed; but some say that they are to be left out.
      aggregator: 'sum',
      values: metric.values.map((value) => ({ ...value, labels: { ...value.labels, worker } })),
    }));
}
