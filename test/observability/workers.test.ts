// With several workers, each exports its own spans under its own instance id, and all of them before it exits.
import { expect, it } from 'vitest';
import { startCollector } from '../support/collector.ts';
import { createClient, startProcesses } from '../support/processes.ts';
import { isRedisMissing, redisSkipped } from '../support/redis.ts';

const QUERY = '{ me { phones { number } } }';

it.skipIf(isRedisMissing)(
  `each worker exports what it did, by the time it has gone${redisSkipped}`,
  async () => {
    await using collector = await startCollector();
    await using processes = await startProcesses({
      WORKERS: '2',
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_RESOURCE_ATTRIBUTES: 'service.instance.id=one-for-all,deployment.environment.name=test',
      // Nothing is exported before the shutdown.
      OTEL_BSP_SCHEDULE_DELAY: '600000',
    });
    const answering = () =>
      new Set(processes.log.filter(({ msg }) => msg === 'operation').map(({ worker }) => worker));
    let asked = 0;
    // The system decides which worker accepts a connection.
    while (answering().size < 2) {
      const clients = Array.from({ length: 16 }, () => createClient(processes.url));
      const answers = await Promise.all(clients.map((client) => client.ask(QUERY)));
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
      for (const client of clients) client.close();
      asked += clients.length;
      await processes.logged(({ msg }) => msg === 'operation', asked);
    }
    process.kill(processes.pid, 'SIGTERM');
    await processes.ended;
    const servers = collector.spans.filter(({ kind }) => kind === 'server');
    expect(servers).toHaveLength(asked);
    const instances = new Set(servers.map(({ resource }) => resource['service.instance.id']));
    expect(instances.size).toBe(2);
    expect(instances).not.toContain('one-for-all');
    expect(new Set(servers.map(({ resource }) => resource['deployment.environment.name']))).toEqual(
      new Set(['test']),
    );
    const logged = processes.log.filter(({ msg }) => msg === 'operation').map((line) => line['trace_id']);
    expect(servers.map(({ traceId }) => traceId).sort()).toEqual(logged.sort());
  },
);
