// Scripted trouble, apart from the state: a list of rules, each saying which requests it strikes, when, and what happens
// to them. Without rules it costs nothing. What the rules do to bytes and sockets is in `trouble.ts` and `exchange.ts`.
import type { Answer } from './answers.ts';
import { readable } from './target.ts';

export interface FaultRule {
  /** All that is named must match; an empty object matches everything. */
  readonly on: {
    readonly method?: string;
    /**
     * A text that the path contains, or an expression that it matches. The path is percent-decoded, begins with
     * `/beta/` also within a batch, and has its query. Entra ID's begin with the tenant, such as
     * `/{tenant}/oauth2/v2.0/token`. Expressions should not be global or sticky.
     */
    readonly path?: string | RegExp;
    /**
     * `envelope`: only whole `$batch` requests. `items`: only requests within a batch. Absent or `any`: these, and
     * requests that come by themselves.
     */
    readonly item?: 'envelope' | 'items' | 'any';
    /** As the calls record it: the name of a demo token, or of whom a signed one is for. */
    readonly token?: string;
  };
  /** How many matching requests go by unharmed first; 0 when absent. */
  readonly skip?: number;
  /** How many are struck then; 1 when absent, Infinity for all. */
  readonly times?: number;
  readonly do: FaultAction;
}

export interface CannedAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object is sent as JSON, a string as it stands. Absent: what the service says with such a status. */
  readonly body?: object | string;
  readonly contentType?: string;
}

export type FaultAction =
  /** Answers this; nothing is read or written in the tenant. */
  | CannedAnswer
  /** Waits, then goes on: to the next rule that matches, else to the operation. The caller may be gone by then. */
  | { readonly delayMs: number }
  /**
   * Resets the connection. `before`: nothing is carried out, the body is not even read. `after`: carried out, not
   * answered. `mid-body`: carried out, half of the body sent under the full content-length. In a batch item it strikes
   * the whole batch.
   */
  | { readonly reset: 'before' | 'after' | 'mid-body' }
  /** Never answers, until the caller leaves or the emulator closes; `after-commit` carries it out first. */
  | { readonly hang: true | 'after-commit' }
  /** Carries it out, and sends a chunked answer whose JSON stops in the middle, although the answer ends properly. */
  | { readonly truncate: true }
  /** Answers with an HTML page and this status, as edge servers do. In a batch item it makes the envelope no JSON. */
  | { readonly html: number }
  /** Carries it out and alters the answer; for a batch, `body` is `{responses}`. */
  | { readonly rewrite: (answer: Answer) => Answer }
  /** Carries it out, and answers something else. */
  | { readonly commitThen: number | CannedAnswer };

export interface Faults {
  /** Adds a rule behind those that are there. The returned function takes it away again. */
  add(rule: FaultRule): () => void;
  clear(): void;
  /** How many rules have strikes left. */
  readonly pending: number;
}

/** What rules can match on. */
export interface Subject {
  readonly method: string;
  /** As it was sent, with the version and the query. */
  readonly path: string;
  readonly place: 'plain' | 'envelope' | 'items';
  readonly token: string | null;
}

export interface FaultList extends Faults {
  /** The actions that strike this request, in order; uses them up. */
  take(subject: Subject): readonly FaultAction[];
}

interface Waiting {
  readonly rule: FaultRule;
  skip: number;
  times: number;
}

const NONE: readonly FaultAction[] = [];

export function createFaults(): FaultList {
  let waiting: Waiting[] = [];
  return {
    add(rule) {
      const entry = { rule, skip: rule.skip ?? 0, times: rule.times ?? 1 };
      waiting.push(entry);
      return () => {
        waiting = waiting.filter((other) => other !== entry);
      };
    },
    clear() {
      waiting = [];
    },
    get pending() {
      return waiting.length;
    },
    take(subject) {
      if (waiting.length === 0) return NONE;
      const struck = strike(waiting, { ...subject, path: readable(subject.path) });
      waiting = waiting.filter(({ times }) => times > 0);
      return struck;
    },
  };
}

/** Delays and rewrites let later rules strike too; everything else settles the matter. */
function strike(waiting: readonly Waiting[], subject: Subject): FaultAction[] {
  const struck: FaultAction[] = [];
  for (const entry of waiting) {
    if (!matches(entry.rule.on, subject)) continue;
    if (entry.skip > 0) {
      entry.skip -= 1;
      continue;
    }
    entry.times -= 1;
    struck.push(entry.rule.do);
    if (!('delayMs' in entry.rule.do || 'rewrite' in entry.rule.do)) break;
  }
  return struck;
}

function matches(on: FaultRule['on'], subject: Subject): boolean {
  if (on.method !== undefined && on.method.toUpperCase() !== subject.method) return false;
  if (on.token !== undefined && on.token !== subject.token) return false;
  if (on.item !== undefined && on.item !== 'any' && on.item !== subject.place) return false;
  if (on.path === undefined) return true;
  return typeof on.path === 'string' ? subject.path.includes(on.path) : on.path.test(subject.path);
}
