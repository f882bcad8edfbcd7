// The admin port: liveness, readiness and metrics. None of them sends a request to Microsoft Graph, because an outage of
// Graph must not take the gateway out of service.
import fastify from 'fastify';
import type { MetricsText } from '../observability/metrics.ts';

export interface AdminOptions {
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  /** Why the gateway should get no traffic. Null when it is ready. */
  notReady(): string | null | Promise<string | null>;
  metrics(): Promise<MetricsText>;
}

export interface Admin {
  /** Includes the port that was selected. */
  readonly url: string;
  close(): Promise<void>;
}

export async function startAdmin({ host, port, notReady, metrics }: AdminOptions): Promise<Admin> {
  const app = fastify({ forceCloseConnections: true });
  app.get('/livez', async () => ({ status: 'alive' }));
  app.get('/readyz', async (_request, reply) => {
    const reason = await notReady();
    return reason === null ? { status: 'ready' } : reply.code(503).send({ status: 'not ready', reason });
  });
  app.get('/metrics', async (_request, reply) => {
    const { text, contentType } = await metrics();
    return reply.type(contentType).send(text);
  });
  return { url: await app.listen({ host, port }), close: () => app.close() };
}
