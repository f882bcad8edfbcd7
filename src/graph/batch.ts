// Microsoft Graph's JSON batch: up to 20 requests in one. The official client's batch classes are not used: they build
// wrong URLs in Node, and one malformed item makes them fail the whole batch.
// Source: Microsoft Graph docs, "Combine multiple HTTP requests using JSON batching".

import type { Clock } from '../runtime/clock.ts';
import { isJsonObject, type JsonObject } from '../runtime/json.ts';
import { GraphFailure } from './failure.ts';
import type { GraphPath } from './paths.ts';
import { type GraphResponse, type RawResponse, readResponse } from './response.ts';

/** Most requests in one batch. Graph's own limit. */
export const BATCH_SIZE = 20;

export interface BatchItem {
  readonly path: GraphPath;
  readonly headers: Readonly<Record<string, string>> | null;
}

/** The body of a batch of reads. The id of an item is its index in the list. */
export function batchBody(items: readonly BatchItem[]): string {
  const requests = items.map(({ path, headers }, at) => {
    const request = { id: String(at), method: 'GET', url: path };
    return headers === null ? request : { ...request, headers };
  });
  return JSON.stringify({ requests });
}

/**
 * Treats a batch response with status 424 like one with status 200. Graph sent 424 when an item was throttled
 * (microsoft-graph-docs-contrib#8883).
 */
export function asEnvelope(raw: RawResponse): RawResponse {
  const isEnvelope = raw.status === 424 && isJsonObject(raw.body) && Array.isArray(raw.body['responses']);
  return isEnvelope ? { ...raw, status: 200 } : raw;
}

/**
 * Assigns the responses of a batch to its items by id. An id may be a string or a number. Responses come in any order.
 * A response that is missing, duplicated or malformed fails its own item only.
 *
 * @param size number of items in the batch
 * @throws GraphFailure of kind bad-response when the envelope has no list of responses
 */
export function readBatch(
  envelope: GraphResponse,
  size: number,
  clock: Clock,
): (GraphResponse | GraphFailure)[] {
  const responses = envelope.body?.['responses'];
  if (!Array.isArray(responses)) throw new GraphFailure('bad-response', { trace: envelope.trace });
  const seen = new Array<JsonObject | 'twice' | undefined>(size);
  for (const response of responses as unknown[]) {
    const at = isJsonObject(response) ? placeOf(response['id'], size) : null;
    if (at !== null) seen[at] = seen[at] === undefined ? (response as JsonObject) : 'twice';
  }
  const bytes = Math.ceil(envelope.bytes / size);
  return Array.from(seen, (item) => readItem(item, envelope, bytes, clock));
}

function placeOf(id: unknown, size: number): number | null {
  const at = typeof id === 'string' && /^\d{1,2}$/.test(id) ? Number(id) : id;
  return typeof at === 'number' && Number.isInteger(at) && at >= 0 && at < size ? at : null;
}

function readItem(
  item: JsonObject | 'twice' | undefined,
  envelope: GraphResponse,
  bytes: number,
  clock: Clock,
): GraphResponse | GraphFailure {
  const broken = () => new GraphFailure('bad-response', { trace: envelope.trace });
  if (item === undefined || item === 'twice') return broken();
  const status = Number(item['status']);
  if (!Number.isInteger(status) || status < 100 || status > 599) return broken();
  const { body } = item;
  // The ids of a success are not used, so its headers are not read.
  if (status < 300 && status >= 200 && isJsonObject(body))
    return { status, body, bytes, trace: envelope.trace };
  const raw: RawResponse = { status, headers: lowerCase(item['headers']), body, bytes };
  try {
    return readResponse(raw, envelope.trace.clientRequestId, clock);
  } catch (error) {
    return error instanceof GraphFailure ? error : broken();
  }
}

const NO_HEADERS: Readonly<Record<string, string>> = {};

function lowerCase(headers: unknown): Readonly<Record<string, string>> {
  if (!isJsonObject(headers)) return NO_HEADERS;
  const lower: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) lower[name.toLowerCase()] = String(value);
  return lower;
}
