// What each of several workers may take of what the configuration allows all of them together.
import { availableParallelism } from 'node:os';
import type { Config } from '../config/config.ts';
import { MOST_WORKERS } from '../config/variables.ts';

export function countWorkers({ workers }: Config): number {
  return workers === 'auto' ? Math.min(MOST_WORKERS, availableParallelism()) : workers;
}

/**
 * Places, connections and bytes that wait are divided, so that all workers together have no more of them. What is counted for one caller
 * is not: a caller with one connection comes to one worker, and would have a fraction of what it is allowed.
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
