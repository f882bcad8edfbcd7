// The HTTP layer: reads a request, passes it to its service under the faults that apply, and sends the response. Each
// request is recorded as a call as soon as it arrives.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ControlApi } from '../control/control-api.ts';
import type { Entra } from '../entra/entra.ts';
import { applyFaults } from '../faults/apply.ts';
import type { Latency } from '../faults/latency.ts';
import type { Payload } from '../graph/request.ts';
import type { EmulatorResponse } from '../graph/responses.ts';
import { stampOf } from '../graph/responses.ts';
import type { TokenRecord } from '../graph/tokens.ts';
import { lazily } from '../runtime/lazily.ts';
import type { Call, OpenCall } from './calls.ts';
import { record, withoutAuthorization } from './calls.ts';
import { sendResponse } from './send.ts';
import type { Service, ServiceOptions } from './service.ts';
import { bearerOf, isBatch } from './service.ts';

const MAX_BODY_BYTES = 4 * 1024 * 1024;

export interface RequestHandlerOptions extends Omit<ServiceOptions, 'state'> {
  readonly graph: Service;
  readonly entra: Entra;
  readonly control: ControlApi;
  readonly calls: Call[];
  /** The latency of every request; none when absent. */
  readonly latency?: Latency | undefined;
}

type RequestHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

export function createRequestHandler(options: RequestHandlerOptions): RequestHandler {
  const { graph, entra, calls, tokens, faults, clock, random, closing, latency } = options;
  const { rotateKeys } = entra.control;
  return async (request, response) => {
    const { method = 'GET', url = '/' } = request;
    if (options.control.serves(url)) return handleControl(options, request, response);
    const service = entra.serves(url) ? entra : graph;
    const { style } = service;
    const headers = headersOf(request);
    const recorded = tokens.recordOf(bearerOf(headers['authorization']) ?? '');
    const call = openCall(method, service.recordedPath(url), headers, recorded, clock.now());
    record(calls, call);
    const stamp = stampOf(headers, clock, random);
    const place = isBatch({ method, url }) ? 'envelope' : 'plain';
    const actions = faults.take({ method, path: url, place, token: recorded.name });
    const origin = `http://${headers['host'] ?? 'localhost'}`;
    const receive = lazily(() => readBody(request));
    const context = { clock, stamp, style, closing, request: { origin, path: url }, rotateKeys, receive };
    if (latency !== undefined) {
      // The body is read first: a client that disconnects during the latency has still sent its request.
      await receive();
      await latency();
    }
    const outcome = await applyFaults(actions, context, async () => {
      const payload = await receive();
      if (payload === 'too large')
        return { response: style.withCommonHeaders(style.defaultError(413, stamp), stamp), delivery: 'send' };
      call.body = service.recordedBody(url, headers, payload);
      return service.handle({ method, url, headers, payload, origin, stamp, call });
    });
    call.status = sendResponse(outcome, response, { clock, closing });
  };
}

/** The requests of the control API are not recorded, and no fault applies to them. */
async function handleControl(
  { control, clock, closing }: RequestHandlerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { method = 'GET', url = '/' } = request;
  const payload = await readBody(request);
  const result: EmulatorResponse =
    payload === 'too large'
      ? { status: 413, headers: {}, body: undefined }
      : control.handle(method, url, payload);
  sendResponse({ response: result, delivery: 'send' }, response, { clock, closing });
}

function headersOf({ headers }: IncomingMessage): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return flat;
}

function openCall(
  method: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  { name, id }: TokenRecord,
  at: number,
): OpenCall {
  const kept = withoutAuthorization(headers);
  return { method, path, status: 0, headers: kept, token: name, tokenId: id, body: undefined, items: [], at };
}

/** Reads an oversized body to its end, since a client that is still sending would not see the response. */
async function readBody(request: IncomingMessage): Promise<Payload | 'too large'> {
  const { 'content-length': length, 'transfer-encoding': encoding } = request.headers;
  if (encoding === undefined && (length === undefined || length === '0')) return undefined;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  return size > MAX_BODY_BYTES ? 'too large' : { text: Buffer.concat(chunks).toString() };
}
