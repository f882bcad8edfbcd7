// The stub upstream as the benchmark sees it: a process of its own, with its knobs and counters.
import { join } from 'node:path';
import { startChild } from './child.ts';
import type { Cores } from './machine.ts';
import type { UpstreamStats } from './upstream.ts';

export interface Stub {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  stats(): Promise<UpstreamStats>;
  reset(): Promise<void>;
  setLatency(milliseconds: number): Promise<void>;
  stop(): Promise<void>;
}

/** @param environment of the stub's own: see upstream.ts */
export async function startStub(
  cores: Cores | null,
  environment: Readonly<Record<string, string>> = {},
): Promise<Stub> {
  const directory = import.meta.dirname;
  const args = [join(directory, 'upstream.ts')];
  const child = await startChild({ args, directory, environment, core: cores?.others ?? null }, true);
  const url = `http://127.0.0.1:${child.port}`;
  const post = async (path: string): Promise<void> => {
    await (await fetch(`${url}${path}`, { method: 'POST' })).text();
  };
  return {
    url,
    port: child.port,
    pid: child.pid,
    stats: async () => (await (await fetch(`${url}/stats`)).json()) as UpstreamStats,
    reset: () => post('/reset'),
    setLatency: (milliseconds) => post(`/latency?ms=${milliseconds}`),
    stop: () => child.stop(),
  };
}
