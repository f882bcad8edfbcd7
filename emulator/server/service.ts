// Microsoft Graph as a service: authenticates a request, finds its operation, and returns the response. Each request of
// a batch goes the same way. Errors that an operation throws become responses here. Knows nothing of sockets.

import type { FaultContext, Outcome } from '../faults/apply.ts';
import { applyFaults } from '../faults/apply.ts';
import type { FaultList } from '../faults/rules.ts';
import { runBatch, targetOf } from '../graph/batch.ts';
import type { BatchItem } from '../graph/batch-request.ts';
import { readBatch } from '../graph/batch-request.ts';
import { graphErrors } from '../graph/errors.ts';
import type { Payload } from '../graph/request.ts';
import { readJson } from '../graph/request.ts';
import type { EmulatorResponse, Stamp } from '../graph/responses.ts';
import { errorResponse, GraphError, json, stampOf, withCommonHeaders } from '../graph/responses.ts';
import { findOperation } from '../graph/routes.ts';
import type { GraphState } from '../graph/state.ts';
import type { Principal, Tokens } from '../graph/tokens.ts';
import { readOptions } from '../odata/query-options.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Random } from '../runtime/random.ts';
import type { OpenCall, OpenItemCall } from './calls.ts';
import type { ResponseStyle } from './response-style.ts';
import { graphResponseStyle } from './response-style.ts';
import { parseTarget } from './target.ts';

export interface IncomingRequest {
  readonly method: string;
  readonly url: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: Payload;
  readonly origin: string;
  readonly stamp: Stamp;
  /** The call in which the requests of a batch are recorded. */
  readonly call: OpenCall;
}

export interface ServiceOptions {
  readonly state: GraphState;
  readonly tokens: Tokens;
  readonly faults: FaultList;
  readonly clock: Clock;
  readonly random: Random;
  readonly closing: AbortSignal;
}

/** One of the two services that share the port: Microsoft Graph or Entra ID. */
export interface Service {
  readonly style: ResponseStyle;
  /** What is recorded of a request. */
  recordedPath(url: string): string;
  recordedBody(url: string, headers: Readonly<Record<string, string>>, payload: Payload): unknown;
  handle(request: IncomingRequest): Promise<Outcome>;
}

export function createGraphService(options: ServiceOptions): Service {
  return {
    style: graphResponseStyle,
    recordedPath: (url) => url,
    recordedBody: (_url, _headers, payload) => parsedOrText(payload),
    async handle(request) {
      try {
        const principal = authenticate(request.headers['authorization'], options.tokens);
        if (isBatch(request)) return await handleBatch(options, request, principal);
        return { response: handleOne(options.state, request, principal), delivery: 'send' };
      } catch (error) {
        return { response: errorToResponse(error, request.stamp), delivery: 'send' };
      }
    },
  };
}

/** Parsed when it is JSON, else text. */
function parsedOrText(payload: Payload): unknown {
  if (payload === undefined || 'value' in payload) return payload?.value;
  try {
    return JSON.parse(payload.text);
  } catch {
    return payload.text;
  }
}

/** @throws GraphError with a challenge */
function authenticate(header: string | undefined, tokens: Tokens): Principal {
  const token = bearerOf(header);
  if (token === undefined) throw graphErrors.noToken();
  const principal = tokens.principalOf(token);
  if (principal === 'expired') throw graphErrors.expiredToken();
  if (principal === 'unknown') throw graphErrors.unknownToken();
  if (principal === 'other audience') throw graphErrors.otherAudience();
  if ('lacks' in principal) throw graphErrors.insufficientClaims(JSON.stringify(principal.lacks));
  return principal;
}

export function bearerOf(header: string | undefined): string | undefined {
  return header === undefined ? undefined : /^Bearer +(\S.*)$/i.exec(header)?.[1];
}

export function isBatch({ method, url }: { method: string; url: string }): boolean {
  return method === 'POST' && /^\/beta\/(?:\$|%24)batch\/?(?:\?|$)/.test(url);
}

function handleOne(
  state: GraphState,
  request: Omit<IncomingRequest, 'call'>,
  principal: Principal,
): EmulatorResponse {
  const { method, headers, payload, origin } = request;
  const target = parseTarget(request.url);
  const operation = findOperation(state, method, target);
  const response = operation(state, { method, target, headers, payload, principal, origin });
  return withCommonHeaders(response, request.stamp);
}

async function handleBatch(
  options: ServiceOptions,
  request: IncomingRequest,
  principal: Principal,
): Promise<Outcome> {
  readOptions(parseTarget(request.url).query, []);
  const items = readBatch(readJson(request.headers, request.payload));
  const calls = items.map(openItemCall);
  request.call.items = calls;
  const outcome = await runBatch(items, options.random, async (item, failed) => {
    const outcome = await handleItem(options, request, principal, item, failed);
    const call = calls[items.indexOf(item)];
    if (call !== undefined) call.status = outcome.response?.status ?? 0;
    return outcome;
  });
  const { response } = outcome;
  return response === undefined
    ? outcome
    : { ...outcome, response: withCommonHeaders(response, request.stamp) };
}

function openItemCall({ id, method, url, body, headers }: BatchItem): OpenItemCall {
  return { id, method, url, body, headers, status: 0 };
}

function handleItem(
  options: ServiceOptions,
  { origin, stamp: outer }: IncomingRequest,
  principal: Principal,
  item: BatchItem,
  failed: boolean,
): Promise<Outcome> {
  const { method, body } = item;
  const headers = { 'client-request-id': outer.clientRequestId, ...item.headers };
  const stamp = stampOf(headers, options.clock, options.random);
  const path = item.url.startsWith('/') ? item.url : `/${item.url}`;
  const actions = options.faults.take({
    method,
    path: `/beta${path}`,
    place: 'items',
    token: principal.name,
  });
  const { clock, closing } = options;
  const request = { origin, path: `/beta${path}` };
  const context: FaultContext = { clock, stamp, style: graphResponseStyle, closing, request };
  return applyFaults(actions, context, () => {
    const payload = body === undefined || body === null ? undefined : { value: body };
    const response = attempt(stamp, () => {
      if (failed)
        throw new GraphError(424, 'FailedDependency', 'A request that this one depends on has failed.');
      return handleOne(
        options.state,
        { method, url: targetOf(item.url), headers, payload, origin, stamp },
        principal,
      );
    });
    return { response: withResourceUnit(response), delivery: 'send' };
  });
}

function attempt(stamp: Stamp, run: () => EmulatorResponse): EmulatorResponse {
  try {
    return run();
  } catch (error) {
    return errorToResponse(error, stamp);
  }
}

/** Graph reports the cost of each request in a batch. */
function withResourceUnit(response: EmulatorResponse): EmulatorResponse {
  return { ...response, headers: { 'x-ms-resource-unit': '1', ...response.headers } };
}

/** Anything but a GraphError is a bug in the emulator, and the response says so. */
function errorToResponse(error: unknown, stamp: Stamp): EmulatorResponse {
  if (error instanceof GraphError) return withCommonHeaders(errorResponse(error, stamp), stamp);
  const message = `The emulator failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  return withCommonHeaders(json(500, { error: { code: 'EmulatorFailure', message } }), stamp);
}
