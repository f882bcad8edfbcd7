// The JSON batch of Microsoft Graph: up to 20 requests in one, written and read here and not by the official client,
// whose batch classes build wrong addresses in Node and let one odd item spoil the others.
// Source: Microsoft Graph docs, "Combine multiple HTTP requests using JSON batching".

import type { Clock } from '../runtime/clock.ts';
import { isJsonObject, type JsonObject } from '../runtime/json.ts';
import { GraphFailure } from './failure.ts';
import type { GraphPath } from './paths.ts';
import { type GraphAnswer, type RawAnswer, readAnswer } from './response.ts';

/** Requests that one batch may hold. */
export const BATCH_SIZE = 20;

export interface BatchItem {
  readonly path: GraphPath;
  readonly headers: Readonly<Record<string, string>> | null;
}

/** The body of a batch of reads. Ids are places in the list, counted from 0. */
export function batchBody(items: readonly BatchItem[]): string {
  const requests = items.map(({ path, headers }, at) => {
    const request = { id: String(at), method: 'GET', url: path };
    return headers === null ? request : { ...request, headers };
  });
  return JSON.stringify({ requests });
}

/**
 * The answer to a batch, as if it had come under 200 where it came under 424 with the answers in it: the service did so
 * when one of them was throttled, as its documentation once said (microsoft-graph-docs-contrib#8883).
 */
export function asEnvelope(raw: RawAnswer): RawAnswer {
  const isEnvelope = raw.status === 424 && isJsonObject(raw.body) && Array.isArray(raw.body['responses']);
  return isEnvelope ? { ...raw, status: 200 } : raw;
}

/**
 * Sorts the answers of a batch to its items. The order of answers means nothing; ids do, in either case and also as
 * numbers. Each item gets its own outcome: an answer that is missing, doubled or unreadable fails that item alone.
 *
 * @throws GraphFailure when the envelope itself is no batch answer
 */
export function readBatch(envelope: GraphAnswer, size: number, clock: Clock): (GraphAnswer | GraphFailure)[] {
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
  envelope: GraphAnswer,
  bytes: number,
  clock: Clock,
): GraphAnswer | GraphFailure {
  const broken = () => new GraphFailure('bad-response', { trace: envelope.trace });
  if (item === undefined || item === 'twice') return broken();
  const status = Number(item['status']);
  if (!Number.isInteger(status) || status < 100 || status > 599) return broken();
  const { body } = item;
  // Nobody asks for the ids of a success: its own headers are not looked at.
  if (status < 300 && status >= 200 && isJsonObject(body))
    return { status, body, bytes, trace: envelope.trace };
  const raw: RawAnswer = { status, headers: lowerCase(item['headers']), body, bytes };
  try {
    return readAnswer(raw, envelope.trace.clientRequestId, clock);
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
