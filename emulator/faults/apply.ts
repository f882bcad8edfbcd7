// Carries out one request under the faults that strike it. The outcome says what to response, and what is to become of
// the connection.

import type { EmulatorResponse, Stamp } from '../graph/responses.ts';
import { json, merge } from '../graph/responses.ts';
import type { Clock } from '../runtime/clock.ts';
import { unreachable } from '../runtime/unreachable.ts';
import type { ResponseStyle } from '../server/response-style.ts';
import type { FaultAction, RequestInfo, StaticResponse } from './rules.ts';

/**
 * `send`: the response goes out. `reset`: the connection is torn down instead. `hang`: nothing ever comes. `half`: half of
 * the body goes out, then the connection is torn down. `cut`: half of the body goes out as if it were all. `drip` and
 * `flood`: the body goes out but for its end, then blanks, one a second or as fast as they are taken. `garble`: bytes
 * that are no HTTP go out instead.
 */
export type Delivery = 'send' | 'reset' | 'hang' | 'half' | 'cut' | 'drip' | 'flood' | 'garble';

export interface Outcome {
  /** Absent where the request was not carried out and has no response either. */
  readonly response: EmulatorResponse | undefined;
  readonly delivery: Delivery;
}

export interface FaultContext {
  readonly clock: Clock;
  readonly stamp: Stamp;
  /** Of the service that is request. */
  readonly style: ResponseStyle;
  /** Ends delays when the emulator closes. */
  readonly closing: AbortSignal;
  readonly request: RequestInfo;
  /** Takes in what the caller sends, once; absent where it has come already. */
  readonly receive?: () => Promise<unknown>;
  /** Absent where there are no keys to change. */
  readonly rotateKeys?: () => Promise<void>;
}

type Execute = () => Outcome | Promise<Outcome>;

/** @param execute carries the request out; called at most once */
export async function applyFaults(
  actions: readonly FaultAction[],
  context: FaultContext,
  execute: Execute,
): Promise<Outcome> {
  let done: Outcome | undefined;
  const once = async (): Promise<Outcome> => {
    done ??= await execute();
    return done;
  };
  for (const action of actions) {
    const outcome = await applyAction(action, context, once);
    if (outcome === undefined) continue;
    if (outcome.delivery !== 'send') return outcome;
    done = outcome;
  }
  return once();
}

/** Undefined when the request just goes on. */
async function applyAction(
  action: FaultAction,
  context: FaultContext,
  execute: Execute,
): Promise<Outcome | undefined> {
  if ('delayMs' in action) return delay(action.delayMs, context);
  if ('status' in action) return send(staticResponse(action, context));
  if ('html' in action) return send(page(action.html, context));
  if ('truncate' in action) return withDelivery(await execute(), 'cut');
  if ('reset' in action) return reset(action.reset, execute);
  if ('hang' in action)
    return action.hang === true
      ? { response: undefined, delivery: 'hang' }
      : withDelivery(await execute(), 'hang');
  if ('rewrite' in action)
    return withRewrite(await execute(), (response) => action.rewrite(response, context.request));
  if ('endless' in action) return withDelivery(await execute(), action.endless === 'slow' ? 'drip' : 'flood');
  if ('garble' in action) return { response: undefined, delivery: 'garble' };
  if ('commitThen' in action) {
    await execute();
    const { commitThen } = action;
    return send(
      staticResponse(typeof commitThen === 'number' ? { status: commitThen } : commitThen, context),
    );
  }
  if ('rotateKeys' in action) {
    await context.rotateKeys?.();
    return undefined;
  }
  return unreachable(action);
}

/** The body first: a caller who leaves would take it along, and nothing could be carried out. */
async function delay(ms: number, { clock, closing, receive }: FaultContext): Promise<Outcome | undefined> {
  try {
    await receive?.();
    await clock.sleep(ms, closing);
    return undefined;
  } catch {
    return { response: undefined, delivery: 'reset' };
  }
}

async function reset(when: 'before' | 'after' | 'mid-body', execute: Execute): Promise<Outcome> {
  if (when === 'before') return { response: undefined, delivery: 'reset' };
  return withDelivery(await execute(), when === 'after' ? 'reset' : 'half');
}

function withRewrite(outcome: Outcome, rewrite: (response: EmulatorResponse) => EmulatorResponse): Outcome {
  return outcome.response === undefined ? outcome : { ...outcome, response: rewrite(outcome.response) };
}

function send(response: EmulatorResponse): Outcome {
  return { response, delivery: 'send' };
}

function withDelivery(outcome: Outcome, delivery: Delivery): Outcome {
  return { ...outcome, delivery };
}

function staticResponse(
  { status, headers = {}, body, contentType }: StaticResponse,
  context: FaultContext,
): EmulatorResponse {
  const { style, stamp } = context;
  const response =
    body === undefined && status >= 400 ? style.defaultError(status, stamp) : json(status, body);
  const now = context.clock.now();
  const values = Object.entries(headers).map(([name, value]) => {
    return [name, typeof value === 'string' ? value : value(now)] as const;
  });
  const typed = { ...(contentType === undefined ? {} : { 'Content-Type': contentType }) };
  return style.withCommonHeaders(
    { ...response, headers: merge(response.headers, { ...typed, ...Object.fromEntries(values) }) },
    stamp,
  );
}

function page(status: number, { style, stamp }: FaultContext): EmulatorResponse {
  const html = `<!DOCTYPE html><html><head><title>${status}</title></head><body><h2>HTTP Error ${status}.</h2></body></html>`;
  const response: EmulatorResponse = { status, headers: { 'Content-Type': 'text/html' }, body: html };
  return { ...style.withCommonHeaders(response, stamp), raw: true };
}
