// Applies fault actions to one request. The outcome holds the response and how it is delivered.

import type { EmulatorResponse, Stamp } from '../graph/responses.ts';
import { json, merge } from '../graph/responses.ts';
import type { Clock } from '../runtime/clock.ts';
import { unreachable } from '../runtime/unreachable.ts';
import type { ResponseStyle } from '../server/response-style.ts';
import type { FaultAction, RequestInfo, StaticResponse } from './rules.ts';

/**
 * How a response is delivered:
 * - `send`: normally.
 * - `reset`: not at all; the connection is reset.
 * - `hang`: never; the connection stays open.
 * - `half`: the first half of the body, then the connection is closed.
 * - `cut`: the first half of the body, in a response that ends as if it were complete.
 * - `drip`, `flood`: the body without its last byte, then spaces, one a second or as fast as the client reads.
 * - `garble`: bytes that are not HTTP.
 */
export type Delivery = 'send' | 'reset' | 'hang' | 'half' | 'cut' | 'drip' | 'flood' | 'garble';

export interface Outcome {
  /** Absent when the request was not executed and no response was made. */
  readonly response: EmulatorResponse | undefined;
  readonly delivery: Delivery;
}

export interface FaultContext {
  readonly clock: Clock;
  readonly stamp: Stamp;
  /** The style of the service that received the request. */
  readonly style: ResponseStyle;
  /** Aborts delays when the emulator closes. */
  readonly closing: AbortSignal;
  readonly request: RequestInfo;
  /** Reads the body of the request, once. Absent when it has been read. */
  readonly receive?: () => Promise<unknown>;
  /** Absent within a batch, which Entra ID does not have. */
  readonly rotateKeys?: () => Promise<void>;
}

type Execute = () => Outcome | Promise<Outcome>;

/** @param execute executes the request; called at most once */
export async function applyFaults(
  actions: readonly FaultAction[],
  context: FaultContext,
  execute: Execute,
): Promise<Outcome> {
  let current: Outcome | undefined;
  const executeOnce = async (): Promise<Outcome> => {
    current ??= await execute();
    return current;
  };
  for (const action of actions) {
    const outcome = await applyAction(action, context, executeOnce);
    if (outcome === undefined) continue;
    if (outcome.delivery !== 'send') return outcome;
    current = outcome;
  }
  return executeOnce();
}

/** Returns undefined when the request goes on to the next action. */
async function applyAction(
  action: FaultAction,
  context: FaultContext,
  execute: Execute,
): Promise<Outcome | undefined> {
  if ('delayMs' in action) return delay(action.delayMs, context);
  if ('status' in action) return send(staticResponse(action, context));
  if ('html' in action) return send(htmlPage(action.html, context));
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

/** Reads the body before the delay, so that a write is executed even when its client disconnects during the delay. */
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
  const type = { ...(contentType === undefined ? {} : { 'Content-Type': contentType }) };
  return style.withCommonHeaders(
    { ...response, headers: merge(response.headers, { ...type, ...Object.fromEntries(values) }) },
    stamp,
  );
}

function htmlPage(status: number, { style, stamp }: FaultContext): EmulatorResponse {
  const html = `<!DOCTYPE html><html><head><title>${status}</title></head><body><h2>HTTP Error ${status}.</h2></body></html>`;
  const response: EmulatorResponse = { status, headers: { 'Content-Type': 'text/html' }, body: html };
  return { ...style.withCommonHeaders(response, stamp), raw: true };
}
