// The operator's side, on a port of its own: is the process alive, should it get traffic, and its numbers. None of it
// asks Microsoft Graph anything: an outage there must not take the gateway out of service too.
import fastify from 'fastify';
import type { MetricsText } from '../observability/metrics.ts';

export interface AdminOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Why there should be no traffic now; null when there should. */
  notReady(): string | null | Promise<string | null>;
  metrics(): Promise<MetricsText>;
}

export interface Admin {
  /** With the port really in use. */
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
