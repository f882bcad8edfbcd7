// The operator's side, on a port of its own: is the process alive, should it get traffic, and its numbers. None of it
// asks Microsoft Graph anything: an outage there must not take the gateway out of service too.
import fastify, { type FastifyInstance } from 'fastify';
import type { Operations } from './operations.ts';

export interface AdminOptions {
  readonly operations: Operations;
  /** Why the process should get no traffic now; null when it should. */
  notReady(): string | null;
}

export function createAdminServer({ operations, notReady }: AdminOptions): FastifyInstance {
  const app = fastify({ forceCloseConnections: true });
  app.get('/livez', async () => ({ status: 'alive' }));
  app.get('/readyz', async (_request, reply) => {
    const reason = notReady();
    return reason === null ? { status: 'ready' } : reply.code(503).send({ status: 'not ready', reason });
  });
  app.get('/metrics', async (_request, reply) => {
    const { text, contentType } = await operations.metrics();
    return reply.type(contentType).send(text);
  });
  return app;
}
