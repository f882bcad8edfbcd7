// Scripted trouble, apart from the state: a list of rules, each saying which requests it strikes, when, and what happens
// to them. Without rules it costs nothing. What the rules do to bytes and sockets is in `trouble.ts` and `exchange.ts`.
import type { EmulatorResponse } from '../graph/responses.ts';
import { readable } from '../server/target.ts';
import type { RandomFaults } from './random-faults.ts';

export interface FaultRule {
  /** All that is named must match; an empty object matches everything. */
  readonly on: {
    /** One, or several. */
    readonly method?: string | readonly string[];
    /**
     * A text that the path contains, or an expression that it matches. The path is percent-decoded, begins with
     * `/beta/` also within a batch, and has its query. Entra ID's begin with the tenant, such as
     * `/{tenant}/oauth2/v2.0/token`. Expressions should not be global or sticky.
     */
    readonly path?: string | RegExp;
    /**
     * `envelope`: only whole `$batch` requests. `items`: only requests within a batch. `whole`: those that come by
     * themselves, a `$batch` being one. Absent or `any`: all of them.
     */
    readonly item?: 'envelope' | 'items' | 'whole' | 'any';
    /** As the calls record it: the name of a demo token, or of whom a signed one is for. */
    readonly token?: string;
  };
  /** How many matching requests go by unharmed first; 0 when absent. */
  readonly skip?: number;
  /** How many are actions then; 1 when absent, Infinity for all. */
  readonly times?: number;
  readonly do: FaultAction;
}

export interface StaticResponse {
  readonly status: number;
  /** A function is given the moment of the response, in milliseconds since 1970. */
  readonly headers?: Readonly<Record<string, string | ((now: number) => string)>>;
  /** An object is sent as JSON, a string as it stands. Absent: what the service says with such a status. */
  readonly body?: object | string;
  readonly contentType?: string;
}

/** What was request, for those who alter the response. */
export interface RequestInfo {
  /** Where the caller sees the service, such as `http://127.0.0.1:4010`. */
  readonly origin: string;
  /** As it was sent, with the query; of a request within a batch, with the version before it. */
  readonly path: string;
}

export type FaultAction =
  /** Answers this; nothing is read or written in the tenant. */
  | StaticResponse
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
  /** Carries it out, and sends a chunked response whose JSON stops in the middle, although the response ends properly. */
  | { readonly truncate: true }
  /** Answers with an HTML page and this status, as edge servers do. In a batch item it makes the envelope no JSON. */
  | { readonly html: number }
  /** Carries it out and alters the response; for a batch, `body` is `{responses}`. */
  | { readonly rewrite: (response: EmulatorResponse, request: RequestInfo) => EmulatorResponse }
  /**
   * Carries it out, and sends an response that goes on until the caller leaves: after its JSON but for the last
   * character, a blank each second (`slow`), or a quarter of a gigabyte of them as fast as they are taken (`fast`).
   */
  | { readonly endless: 'slow' | 'fast' }
  /** Answers with bytes that are no HTTP, and hangs up. In a batch item it strikes the whole batch. */
  | { readonly garble: true }
  /** Has Entra ID change its keys, then goes on, as after a delay. Means nothing within a batch. */
  | { readonly rotateKeys: true }
  /** Carries it out, and answers something else. */
  | { readonly commitThen: number | StaticResponse };

export interface Faults {
  /** Adds a rule behind those that are there. The returned function takes it away again. */
  add(rule: FaultRule): () => void;
  clear(): void;
  /** How many rules have strikes left. */
  readonly pending: number;
}

/** What rules can match on. */
export interface FaultSubject {
  readonly method: string;
  /** As it was sent, with the version and the query. */
  readonly path: string;
  readonly place: 'plain' | 'envelope' | 'items';
  readonly token: string | null;
}

export interface FaultList extends Faults {
  /** The actions that strike this request, in order; uses them up. */
  take(request: FaultSubject): readonly FaultAction[];
}

interface ActiveRule {
  readonly rule: FaultRule;
  skip: number;
  times: number;
}

const NONE: readonly FaultAction[] = [];

/** @param randomFaults strikes what no rule strikes */
export function createFaults(randomFaults?: RandomFaults): FaultList {
  let active: ActiveRule[] = [];
  return {
    add(rule) {
      const entry = { rule, skip: rule.skip ?? 0, times: rule.times ?? 1 };
      active.push(entry);
      return () => {
        active = active.filter((other) => other !== entry);
      };
    },
    clear() {
      active = [];
    },
    get pending() {
      return active.length;
    },
    take(request) {
      if (active.length === 0 && randomFaults === undefined) return NONE;
      const decoded = { ...request, path: readable(request.path) };
      const actions = takeActions(active, decoded);
      active = active.filter(({ times }) => times > 0);
      return actions.length > 0 ? actions : (randomFaults?.draw(decoded) ?? NONE);
    },
  };
}

/** Delays, rewrites and changes of keys let later rules strike too; everything else settles the matter. */
function takeActions(active: readonly ActiveRule[], request: FaultSubject): FaultAction[] {
  const actions: FaultAction[] = [];
  for (const entry of active) {
    if (!matches(entry.rule.on, request)) continue;
    if (entry.skip > 0) {
      entry.skip -= 1;
      continue;
    }
    entry.times -= 1;
    actions.push(entry.rule.do);
    const action = entry.rule.do;
    if (!('delayMs' in action || 'rewrite' in action || 'rotateKeys' in action)) break;
  }
  return actions;
}

/** @param request with its path readable */
export function matches(on: FaultRule['on'], request: FaultSubject): boolean {
  if (on.method !== undefined && !isMethod(on.method, request.method)) return false;
  if (on.token !== undefined && on.token !== request.token) return false;
  if (!isPlace(on.item ?? 'any', request.place)) return false;
  if (on.path === undefined) return true;
  return typeof on.path === 'string' ? request.path.includes(on.path) : on.path.test(request.path);
}

function isMethod(request: string | readonly string[], method: string): boolean {
  const methods = typeof request === 'string' ? [request] : request;
  return methods.some((one) => one.toUpperCase() === method);
}

function isPlace(request: NonNullable<FaultRule['on']['item']>, place: FaultSubject['place']): boolean {
  if (request === 'whole') return place !== 'items';
  return request === 'any' || request === place;
}
