// What the process that started the workers (the primary) and a worker say to each other, besides the calls of the store,
// which travel on the same channel.
import type { Config } from '../config/config.ts';
import type { MetricsSnapshot } from '../observability/metrics.ts';

/** What a worker works by. Secrets travel here and not in the environment, which other processes can see. */
export interface Terms {
  /** 1 or more; the one who takes a worker's place has the same. */
  readonly number: number;
  readonly config: Config;
  /** Whether the primary holds the store. */
  readonly hasStore: boolean;
  /** In base64. */
  readonly secrets: { readonly principals: string; readonly audit: string };
  readonly explorerHeaders: Readonly<Record<string, string>>;
}

/** From the primary. */
export type Order =
  | { readonly kind: 'start'; readonly terms: Terms }
  /** To go, as on SIGTERM. */
  | { readonly kind: 'drain' }
  /** To go without the pause before. */
  | { readonly kind: 'hurry' }
  /** To go on with the audit trail in what is now under its name. */
  | { readonly kind: 'reopen' }
  | { readonly kind: 'ask'; readonly id: number; readonly what: Question };

export type Question = 'readiness' | 'metrics';

/** From a worker. */
export type Report =
  /** It listens for orders. */
  | { readonly kind: 'hello' }
  /** It answers requests at this address. */
  | { readonly kind: 'ready'; readonly url: string }
  /** It cannot start, for reasons that the person who starts the program can mend. */
  | { readonly kind: 'failed'; readonly lines: readonly string[] }
  /** It is going, whoever told it to. */
  | { readonly kind: 'leaving' }
  /** Why it should get no traffic; null when it should. */
  | { readonly kind: 'readiness'; readonly id: number; readonly reason: string | null }
  | { readonly kind: 'metrics'; readonly id: number; readonly metrics: MetricsSnapshot }
  /** Its last word. */
  | { readonly kind: 'farewell'; readonly metrics: MetricsSnapshot };

const ORDERS: ReadonlySet<unknown> = new Set<Order['kind']>(['start', 'drain', 'hurry', 'reopen', 'ask']);
const REPORTS: ReadonlySet<unknown> = new Set<Report['kind']>([
  'hello',
  'ready',
  'failed',
  'leaving',
  'readiness',
  'metrics',
  'farewell',
]);

/** Both ends are this program, so a message that says what it is has what belongs to it. */
export function isOrder(message: unknown): message is Order {
  return typeof message === 'object' && message !== null && 'kind' in message && ORDERS.has(message.kind);
}

export function isReport(message: unknown): message is Report {
  return typeof message === 'object' && message !== null && 'kind' in message && REPORTS.has(message.kind);
}
