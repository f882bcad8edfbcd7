// Divides the configured limits between the workers.
import { availableParallelism } from 'node:os';
import type { Config } from '../config/config.ts';
import { MOST_WORKERS } from '../config/variables.ts';

export function countWorkers({ workers }: Config): number {
  return workers === 'auto' ? Math.min(MOST_WORKERS, availableParallelism()) : workers;
}

/**
 * The configuration of one worker. Request slots, connections and unsent bytes are divided by the number of workers. Limits
 * of one caller are not divided: a caller with one connection reaches one worker and would get a fraction of its limit.
 */
export function shareOf(config: Config): Config {
  const workers = countWorkers(config);
  const share = (most: number): number => Math.max(1, Math.floor(most / workers));
  const { load, upstream } = config;
  return {
    ...config,
    load: {
      ...load,
      inFlight: share(load.inFlight),
      connections: share(load.connections),
      unsentBytes: share(load.unsentBytes),
    },
    upstream: { ...upstream, connections: share(upstream.connections) },
  };
}
