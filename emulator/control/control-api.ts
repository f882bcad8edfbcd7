// The control of the emulator over HTTP, for tests that do not run in its process: `/emulator/reset`, `/emulator/faults`,
// `/emulator/calls` and `/emulator/clock`. Needs no token. Its requests are not recorded, and faults and latency do not
// apply to them. `/emulator/token` is part of the Entra ID service.
import type { Faults } from '../faults/rules.ts';
import type { Payload } from '../graph/request.ts';
import type { EmulatorResponse } from '../graph/responses.ts';
import { json, noContent } from '../graph/responses.ts';
import type { AdjustableClock } from '../runtime/adjustable-clock.ts';
import type { Call } from '../server/calls.ts';
import { readFaultRule } from './fault-rule.ts';

export interface ControlOptions {
  readonly faults: Faults;
  readonly calls: readonly Call[];
  readonly clock: AdjustableClock;
  readonly clearCalls: () => void;
  readonly reset: () => void;
}

export interface ControlApi {
  /** Whether the URL is a path of the control API. */
  serves(url: string): boolean;
  handle(method: string, url: string, payload: Payload): EmulatorResponse;
}

type Operation = (payload: Payload) => EmulatorResponse;
type Methods = Readonly<Record<string, Operation>>;

export function createControlApi(options: ControlOptions): ControlApi {
  const paths: Readonly<Record<string, Methods>> = {
    '/emulator/reset': { POST: () => done(options.reset) },
    '/emulator/faults': faultMethods(options.faults),
    '/emulator/calls': {
      GET: () => json(200, { calls: options.calls }),
      DELETE: () => done(options.clearCalls),
    },
    '/emulator/clock': clockMethods(options.clock),
  };
  const methodsOf = (url: string): Methods | undefined => {
    const path = url.split('?', 1)[0] ?? '';
    return Object.hasOwn(paths, path) ? paths[path] : undefined;
  };
  return {
    serves: (url) => methodsOf(url) !== undefined,
    handle: (method, url, payload) => handle(methodsOf(url) ?? {}, method, payload),
  };
}

function handle(methods: Methods, method: string, payload: Payload): EmulatorResponse {
  const operation = Object.hasOwn(methods, method) ? methods[method] : undefined;
  const allowed = Object.keys(methods).join(', ');
  if (operation === undefined)
    return send(json(405, { error: `the method must be one of ${allowed}` }, { Allow: allowed }));
  try {
    return send(operation(payload));
  } catch (error) {
    if (error instanceof TypeError || error instanceof SyntaxError)
      return send(json(400, { error: error.message }));
    throw error;
  }
}

/** JSON without the headers of Microsoft Graph. */
function send(response: EmulatorResponse): EmulatorResponse {
  if (response.body === undefined) return response;
  return { ...response, headers: { 'Content-Type': 'application/json', ...response.headers } };
}

function done(run: () => void): EmulatorResponse {
  run();
  return noContent();
}

function faultMethods(faults: Faults): Methods {
  const pending = (): { pending: number } => ({ pending: faults.pending });
  return {
    GET: () => json(200, pending()),
    POST(payload) {
      faults.add(readFaultRule(parse(payload)));
      return json(201, pending());
    },
    DELETE: () => done(() => faults.clear()),
  };
}

const MAX_ADVANCE_MS = 100 * 365 * 24 * 3_600_000;

function clockMethods(clock: AdjustableClock): Methods {
  const time = (): { now: string } => ({ now: new Date(clock.now()).toISOString() });
  return {
    GET: () => json(200, time()),
    POST(payload) {
      const { advanceMs } = (parse(payload) ?? {}) as { advanceMs?: unknown };
      if (typeof advanceMs !== 'number' || !(advanceMs >= 0 && advanceMs <= MAX_ADVANCE_MS))
        throw new TypeError(`advanceMs must be a number from 0 to ${MAX_ADVANCE_MS}`);
      clock.advance(advanceMs);
      return json(200, time());
    },
  };
}

/** @throws SyntaxError for invalid JSON */
function parse(payload: Payload): unknown {
  if (payload === undefined) return undefined;
  return 'value' in payload ? payload.value : JSON.parse(payload.text);
}
