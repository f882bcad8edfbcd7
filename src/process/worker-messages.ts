// What the primary and a worker send each other, over Node's own channel. Both ends read with these schemas: other messages
// travel on the same channel, and are not for them.
import { z } from 'zod';
import type { MetricsSnapshot } from '../observability/metrics.ts';

/** zod compiles its schemas otherwise, which the process refuses once it listens. */
const NO_CODE = { jitless: true };

const key = z.custom<Uint8Array>((value) => value instanceof Uint8Array);

/** What a worker does not find in the environment that it has from the primary. */
const workerOptions = z.object({
  /** 1 or more; a worker that replaces another has the same. */
  number: z.int().min(1),
  /** Variables that lead to the embedded emulator, where the primary runs it. */
  environment: z.record(z.string(), z.string()),
  /** The key of the hashes by which pass-through callers are known. */
  principals: key,
  /** The key of the hashes in the audit trail, where none is configured. */
  audit: key,
  explorerHeaders: z.record(z.string(), z.string()),
});

const question = z.enum(['readiness', 'metrics']);

const order = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('start'), options: workerOptions }),
  /** Finish what is under way and end. */
  z.object({ kind: z.literal('drain') }),
  /** The same, without the delay before. */
  z.object({ kind: z.literal('hurry') }),
  /** Continue the audit trail in the file that now has its name. */
  z.object({ kind: z.literal('reopen') }),
  z.object({ kind: z.literal('ask'), id: z.int(), what: question }),
]);

const metric = z.looseObject({
  name: z.string(),
  help: z.string(),
  type: z.string(),
  values: z.array(z.looseObject({ value: z.number() })),
});
/** As prom-client has written them, by `getMetricsAsJSON`. */
const metrics = z.custom<MetricsSnapshot>((value) => z.array(metric).safeParse(value, NO_CODE).success);

const report = z.discriminatedUnion('kind', [
  /** It answers requests at this address. */
  z.object({ kind: z.literal('ready'), url: z.string() }),
  /** It cannot start, for these reasons. */
  z.object({ kind: z.literal('failed'), lines: z.array(z.string()) }),
  /** It takes no more requests, and ends once those that it has are answered. */
  z.object({ kind: z.literal('draining') }),
  /** `reason` is why it should get no requests; null when it should. */
  z.object({ kind: z.literal('readiness'), id: z.int(), reason: z.string().nullable() }),
  z.object({ kind: z.literal('metrics'), id: z.int(), metrics }),
  /** Its last message: what it has counted. */
  z.object({ kind: z.literal('ended'), metrics }),
]);

export type WorkerOptions = z.output<typeof workerOptions>;
export type Question = z.output<typeof question>;
export type Order = z.output<typeof order>;
export type Report = z.output<typeof report>;

/** Null for a message that is not for a worker. */
export function readOrder(message: unknown): Order | null {
  return order.safeParse(message, NO_CODE).data ?? null;
}

/** Null for a message that is not for the primary. */
export function readReport(message: unknown): Report | null {
  return report.safeParse(message, NO_CODE).data ?? null;
}
