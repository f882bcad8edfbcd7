// Parses the body of a `$batch` (Microsoft Graph docs, json-batching). A batch with an invalid form fails as a whole with
// 400. An error in one of its requests is reported in the response of that request.
import { graphErrors } from './errors.ts';

export interface BatchItem {
  readonly id: string;
  /** In upper case. */
  readonly method: string;
  readonly url: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  /** JSON, or undefined without a body. */
  readonly body: unknown;
  /** The ids of the requests that this request waits for, in lower case. */
  readonly dependsOn: readonly string[];
}

const MAX_REQUESTS = 20;
const METHODS = new Set(['GET', 'POST', 'PATCH', 'PUT', 'DELETE']);
const WRITES = new Set(['POST', 'PATCH', 'PUT']);

/** @throws GraphError for an invalid batch */
export function readBatch(body: unknown): BatchItem[] {
  const requests = isObject(body) ? body['requests'] : undefined;
  if (!Array.isArray(requests) || requests.length === 0) throw malformed();
  if (requests.length > MAX_REQUESTS)
    throw graphErrors.badRequest(
      `A batch holds at most ${MAX_REQUESTS} requests; this one has ${requests.length}.`,
    );
  const items = requests.map(readItem);
  checkIds(items);
  checkOrder(items);
  return items;
}

function readItem(request: unknown): BatchItem {
  if (!isObject(request)) throw malformed();
  const { id, method, url, body } = request;
  if (typeof id !== 'string' || id === '' || typeof url !== 'string') throw malformed();
  if (typeof method !== 'string' || !METHODS.has(method.toUpperCase())) throw malformed();
  const item = {
    id,
    method: method.toUpperCase(),
    url,
    headers: readHeaders(request['headers']),
    body,
    dependsOn: readDependencies(request['dependsOn']),
  };
  checkBody(item);
  return item;
}

/** The message is that of Microsoft Graph (msgraph-sdk-dotnet#2628). A body of `{}` is accepted. */
function checkBody({ id, method, headers, body }: BatchItem): void {
  const hasBody = body !== undefined && body !== null;
  if (!hasBody && !WRITES.has(method)) return;
  if (!hasBody || headers['content-type'] === undefined)
    throw graphErrors.badRequest(`Write request id : ${id} does not contain Content-Type header or body.`);
}

function readHeaders(headers: unknown): Record<string, string> {
  if (headers === undefined || headers === null) return {};
  if (!isObject(headers)) throw malformed();
  const read: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value !== 'string') throw malformed();
    read[name.toLowerCase()] = value;
  }
  return read;
}

function readDependencies(ids: unknown): string[] {
  if (ids === undefined || ids === null) return [];
  if (!Array.isArray(ids) || !ids.every((id) => typeof id === 'string')) throw malformed();
  return ids.map((id) => id.toLowerCase());
}

/** Ids are not case-sensitive. */
function checkIds(items: readonly BatchItem[]): void {
  const seen = new Set<string>();
  for (const { id } of items) {
    if (seen.has(id.toLowerCase()))
      throw graphErrors.badRequest(`Request Id ${id} has to be unique in a batch.`);
    seen.add(id.toLowerCase());
  }
}

/**
 * Three orders are valid (Microsoft Graph docs, known issues of batching): no request depends on another; each request
 * depends on the one before it; or all requests with a dependency depend on the same request.
 */
function checkOrder(items: readonly BatchItem[]): void {
  const ids = items.map(({ id }) => id.toLowerCase());
  const waiting = items.filter(({ dependsOn }) => dependsOn.length > 0);
  const [first] = waiting;
  if (first === undefined) return;
  if (waiting.some(({ dependsOn }) => dependsOn.some((id) => !ids.includes(id)))) throw invalidOrder();
  if (waiting.some(({ dependsOn }) => dependsOn.length > 1)) throw invalidOrder();
  const isSerial = items.every(({ dependsOn }, at) => dependsOn[0] === ids[at - 1]);
  const base = first.dependsOn[0] ?? '';
  const isSame = waiting.every(({ id, dependsOn }) => dependsOn[0] === base && id.toLowerCase() !== base);
  if (!isSerial && !isSame) throw invalidOrder();
}

function invalidOrder(): Error {
  return graphErrors.badRequest(
    'The dependsOn of a batch must name requests of the batch, and be all serial or all the same.',
  );
}

function malformed(): Error {
  return graphErrors.badRequest('Invalid batch payload format.');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
