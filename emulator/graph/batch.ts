// Executes a `$batch` (Microsoft Graph docs, json-batching). Each request has the token of the caller and headers of its
// own, and runs as soon as its dependencies allow. The responses are shuffled, since Graph does not promise their order.
// The status of the envelope is 200, also when requests fail.

import type { Delivery, Outcome } from '../faults/apply.ts';
import type { Random } from '../runtime/random.ts';
import type { BatchItem } from './batch-request.ts';
import { graphErrors } from './errors.ts';
import type { EmulatorResponse } from './responses.ts';
import { json } from './responses.ts';

/** Executes one request. `failed` is true when a request that it depends on has failed. */
export type RunItem = (item: BatchItem, failed: boolean) => Promise<Outcome>;

/** A connection fault in one request applies to the whole batch. */
export async function runBatch(items: readonly BatchItem[], random: Random, run: RunItem): Promise<Outcome> {
  const outcomes = await runAll(items, run);
  const delivery = outcomes.find((outcome) => outcome.delivery !== 'send')?.delivery ?? 'send';
  const responses = items.map((item, at) => [item.id, outcomes[at]?.response] as const);
  return {
    response: envelope(shuffled(responses.filter(hasResponse), random)),
    delivery: delivery satisfies Delivery,
  };
}

function runAll(items: readonly BatchItem[], run: RunItem): Promise<Outcome[]> {
  const started = new Map<string, Promise<Outcome>>();
  const start = (item: BatchItem): Promise<Outcome> => {
    const id = item.id.toLowerCase();
    const known = started.get(id);
    if (known !== undefined) return known;
    const outcome = runAfter(items.filter((other) => item.dependsOn.includes(other.id.toLowerCase())));
    started.set(id, outcome);
    return outcome;

    async function runAfter(dependencies: readonly BatchItem[]): Promise<Outcome> {
      const before = await Promise.all(dependencies.map(start));
      return run(item, before.some(hasFailed));
    }
  };
  return Promise.all(items.map(start));
}

function hasFailed({ response }: Outcome): boolean {
  return response === undefined || response.status >= 400;
}

/**
 * The target of a request in a batch.
 *
 * @throws GraphError for an absolute URL, and for a batch within a batch
 */
export function targetOf(url: string): string {
  if (/^[a-z][a-z0-9+.-]*:/i.test(url) || /^[/\\]{2}/.test(url))
    throw graphErrors.badRequest('The URL of a request in a batch must be relative.');
  const path = url.startsWith('/') ? url : `/${url}`;
  if (/^\/\$batch(?:[/?]|$)/i.test(path)) throw graphErrors.badRequest('A batch cannot hold another batch.');
  return `/beta${path}`;
}

type ItemResponse = readonly [id: string, response: EmulatorResponse];

function hasResponse(pair: readonly [string, EmulatorResponse | undefined]): pair is ItemResponse {
  return pair[1] !== undefined;
}

function envelope(items: readonly ItemResponse[]): EmulatorResponse {
  const responses = items.map(([id, { status, headers, body }]) => ({
    id,
    status,
    headers,
    body: body ?? null,
  }));
  if (items.every(([, response]) => response.raw === undefined)) return json(200, { responses });
  return json(200, brokenEnvelope(items), { 'Content-Type': 'application/json' });
}

/** Has a page of HTML, unquoted, as the body of a response. Microsoft Graph does this (msgraph-sdk-dotnet#2661). */
function brokenEnvelope(items: readonly ItemResponse[]): string {
  const responses = items.map(([id, { status, headers, body, raw }]) => {
    const head = JSON.stringify({ id, status, headers }).slice(0, -1);
    return `${head},"body":${raw === undefined ? JSON.stringify(body ?? null) : String(body)}}`;
  });
  return `{"responses":[${responses.join(',')}]}`;
}

function shuffled<Item>(items: readonly Item[], random: Random): Item[] {
  const rest = [...items];
  const drawn: Item[] = [];
  while (rest.length > 0) drawn.push(...rest.splice(Math.floor(random.fraction() * rest.length), 1));
  return drawn;
}
