// Fault rules: which requests a fault applies to, how often, and what it does. Rules are kept apart from the tenant,
// and cost nothing when there are none. `apply.ts` and `send.ts` carry the actions out.
import type { EmulatorResponse } from '../graph/responses.ts';
import { decodeTarget } from '../server/target.ts';
import type { RandomFaults } from './random-faults.ts';

export interface FaultRule {
  /** A request must match all members that are present. An empty object matches every request. */
  readonly on: {
    /** One method, or several. */
    readonly method?: string | readonly string[];
    /**
     * A substring of the path, or an expression that it matches. The path is percent-decoded and includes the query.
     * Paths of Microsoft Graph begin with `/beta/`, also within a batch. Paths of Entra ID begin with the tenant, such
     * as `/{tenant}/oauth2/v2.0/token`. Do not use global or sticky expressions.
     */
    readonly path?: string | RegExp;
    /**
     * `envelope`: `$batch` requests as a whole. `items`: requests within a batch. `whole`: all but those within a
     * batch. `any`, the default: all requests.
     */
    readonly item?: 'envelope' | 'items' | 'whole' | 'any';
    /** As the calls record it: the name of a demo token, or of the subject of a signed token. */
    readonly token?: string;
  };
  /** How many matching requests pass before the rule applies. Default: 0. */
  readonly skip?: number;
  /** How many requests the rule applies to. Default: 1; Infinity for all. */
  readonly times?: number;
  readonly do: FaultAction;
}

export interface StaticResponse {
  readonly status: number;
  /** A function receives the time of the response, in milliseconds since 1970. */
  readonly headers?: Readonly<Record<string, string | ((now: number) => string)>>;
  /** An object is sent as JSON, a string as it is. Default: the service's usual error for this status. */
  readonly body?: object | string;
  readonly contentType?: string;
}

/** The request whose response is rewritten. */
export interface RequestInfo {
  /** The address by which the client reaches the service, such as `http://127.0.0.1:4010`. */
  readonly origin: string;
  /** As sent, with the query. Within a batch, the version is put before it. */
  readonly path: string;
}

export type FaultAction =
  /** Sends this response. The request is not executed. */
  | StaticResponse
  /**
   * Waits, then goes on to the next matching rule, or else executes the request, even when the client has disconnected.
   */
  | { readonly delayMs: number }
  /**
   * Resets the connection. `before`: without reading the body; the request is not executed. `after`: after executing
   * the request, before the response. `mid-body`: after half of the body, under the full content-length. Within a
   * batch, the connection of the whole batch is reset.
   */
  | { readonly reset: 'before' | 'after' | 'mid-body' }
  /**
   * Sends no response, and keeps the connection open until the client or the emulator closes it. `after-commit`
   * executes the request first.
   */
  | { readonly hang: true | 'after-commit' }
  /** Executes the request, and sends a chunked response that ends properly, but whose JSON is cut off in the middle. */
  | { readonly truncate: true }
  /**
   * Sends an HTML page with this status, as edge servers do. Within a batch, the page makes the JSON of the whole batch
   * invalid.
   */
  | { readonly html: number }
  /** Executes the request and changes its response. For a batch, `body` is `{responses}`. */
  | { readonly rewrite: (response: EmulatorResponse, request: RequestInfo) => EmulatorResponse }
  /**
   * Executes the request, and sends its JSON without the last character, followed by spaces until the client
   * disconnects. `slow` sends one space a second; `fast` sends 256 MB as fast as the client reads them.
   */
  | { readonly endless: 'slow' | 'fast' }
  /** Sends bytes that are not HTTP and closes the connection. Within a batch, it affects the whole batch. */
  | { readonly garble: true }
  /** Rotates the signing keys of Entra ID, then goes on like a delay. Has no effect within a batch. */
  | { readonly rotateKeys: true }
  /** Executes the request, and sends another response instead. */
  | { readonly commitThen: number | StaticResponse };

export interface Faults {
  /** Appends a rule. The returned function removes it. */
  add(rule: FaultRule): () => void;
  clear(): void;
  /** How many rules can still apply. */
  readonly pending: number;
}

/** The properties of a request that rules match. */
export interface FaultSubject {
  readonly method: string;
  /** As sent, with the version and the query. */
  readonly path: string;
  readonly place: 'plain' | 'envelope' | 'items';
  readonly token: string | null;
}

export interface FaultList extends Faults {
  /** Returns the actions that apply to this request, in order, and counts them as used. */
  take(request: FaultSubject): readonly FaultAction[];
}

interface ActiveRule {
  readonly rule: FaultRule;
  skip: number;
  times: number;
}

const NONE: readonly FaultAction[] = [];

/** @param randomFaults applied to requests that no rule matches */
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
      const decoded = { ...request, path: decodeTarget(request.path) };
      const actions = takeActions(active, decoded);
      active = active.filter(({ times }) => times > 0);
      return actions.length > 0 ? actions : (randomFaults?.draw(decoded) ?? NONE);
    },
  };
}

/** After a delay, a rewrite or a key rotation, later rules can apply too. Any other action is the last one. */
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

/** @param request with its path decoded */
export function matches(on: FaultRule['on'], request: FaultSubject): boolean {
  if (on.method !== undefined && !isMethod(on.method, request.method)) return false;
  if (on.token !== undefined && on.token !== request.token) return false;
  if (!isPlace(on.item ?? 'any', request.place)) return false;
  if (on.path === undefined) return true;
  return typeof on.path === 'string' ? request.path.includes(on.path) : on.path.test(request.path);
}

function isMethod(expected: string | readonly string[], method: string): boolean {
  const methods = typeof expected === 'string' ? [expected] : expected;
  return methods.some((name) => name.toUpperCase() === method);
}

function isPlace(expected: NonNullable<FaultRule['on']['item']>, place: FaultSubject['place']): boolean {
  if (expected === 'whole') return place !== 'items';
  return expected === 'any' || expected === place;
}
