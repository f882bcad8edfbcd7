// The messages between the primary and a worker, over Node's IPC channel. Both sides parse them with these schemas, because
// node:cluster and other code send messages on the same channel.
import { z } from 'zod';
import type { MetricsSnapshot } from '../observability/metrics.ts';

/** Stops zod from generating code. The process disables code generation once it listens. */
const NO_CODE = { jitless: true };

const key = z.custom<Uint8Array>((value) => value instanceof Uint8Array);

/** Options that a worker does not find in its environment. */
const workerOptions = z.object({
  /** 1 or more. A replacement has the number of the worker that it replaces. */
  number: z.int().min(1),
  /** Environment variables that connect the worker to the embedded emulator of the primary. */
  environment: z.record(z.string(), z.string()),
  /** The key of the hashes that identify pass-through callers. */
  principals: key,
  /** The key of the hashes in the audit trail, when none is configured. */
  audit: key,
  explorerHeaders: z.record(z.string(), z.string()),
});

const question = z.enum(['readiness', 'metrics']);

const order = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('start'), options: workerOptions }),
  /** Complete the requests in flight, then exit. */
  z.object({ kind: z.literal('drain') }),
  /** The same, without the drain delay. */
  z.object({ kind: z.literal('drain-now') }),
  /** Open the audit file again. */
  z.object({ kind: z.literal('reopen') }),
  z.object({ kind: z.literal('ask'), id: z.int(), what: question }),
]);

const metric = z.looseObject({
  name: z.string(),
  help: z.string(),
  type: z.string(),
  values: z.array(z.looseObject({ value: z.number() })),
});
/** The output of prom-client's `getMetricsAsJSON`. */
const metrics = z.custom<MetricsSnapshot>((value) => z.array(metric).safeParse(value, NO_CODE).success);

const report = z.discriminatedUnion('kind', [
  /** The worker serves requests at this URL. */
  z.object({ kind: z.literal('ready'), url: z.string() }),
  /** The worker cannot start, for these reasons. */
  z.object({ kind: z.literal('failed'), lines: z.array(z.string()) }),
  /** The worker accepts no more requests and exits when those in flight are complete. */
  z.object({ kind: z.literal('draining') }),
  /** `reason` says why the worker should get no requests. Null when it is ready. */
  z.object({ kind: z.literal('readiness'), id: z.int(), reason: z.string().nullable() }),
  z.object({ kind: z.literal('metrics'), id: z.int(), metrics }),
  /** The last message of a worker, with its final metrics. */
  z.object({ kind: z.literal('ended'), metrics }),
]);

export type WorkerOptions = z.output<typeof workerOptions>;
export type Question = z.output<typeof question>;
export type Order = z.output<typeof order>;
export type Report = z.output<typeof report>;

/** Null for a message that is not an order. */
export function readOrder(message: unknown): Order | null {
  return order.safeParse(message, NO_CODE).data ?? null;
}

/** Null for a message that is not a report. */
export function readReport(message: unknown): Report | null {
  return report.safeParse(message, NO_CODE).data ?? null;
}
