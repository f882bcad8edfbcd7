// Carrying out a `$batch` (Microsoft Graph docs, json-batching): every request by itself, with the caller's token and
// its own headers, in whatever order its dependencies allow. The answers come back shuffled, as the service reserves
// itself the right to, and the envelope is 200 whatever became of them.

import type { Delivery, Outcome } from '../faults/apply.ts';
import type { Random } from '../runtime/random.ts';
import type { BatchItem } from './batch-request.ts';
import { graphErrors } from './errors.ts';
import type { EmulatorResponse } from './responses.ts';
import { json } from './responses.ts';

/** Carries out one request; `failed` when a request that it waits for has failed. */
export type RunItem = (item: BatchItem, failed: boolean) => Promise<Outcome>;

/** The outcome of the whole: trouble with the connection in one request is trouble for all. */
export async function runBatch(items: readonly BatchItem[], random: Random, run: RunItem): Promise<Outcome> {
  const outcomes = await runAll(items, run);
  const delivery = outcomes.find((outcome) => outcome.delivery !== 'send')?.delivery ?? 'send';
  const answers = items.map((item, at) => [item.id, outcomes[at]?.response] as const);
  return {
    response: envelope(shuffled(answers.filter(isAnswered), random)),
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

/** The target of a request in a batch. Only relative ones are taken, and no batch within a batch. */
export function targetOf(url: string): string {
  if (/^[a-z][a-z0-9+.-]*:/i.test(url) || /^[/\\]{2}/.test(url))
    throw graphErrors.badRequest('The URL of a request in a batch must be relative.');
  const path = url.startsWith('/') ? url : `/${url}`;
  if (/^\/\$batch(?:[/?]|$)/i.test(path)) throw graphErrors.badRequest('A batch cannot hold another batch.');
  return `/beta${path}`;
}

type Answered = readonly [id: string, response: EmulatorResponse];

function isAnswered(pair: readonly [string, EmulatorResponse | undefined]): pair is Answered {
  return pair[1] !== undefined;
}

function envelope(answers: readonly Answered[]): EmulatorResponse {
  const responses = answers.map(([id, { status, headers, body }]) => ({
    id,
    status,
    headers,
    body: body ?? null,
  }));
  if (answers.every(([, response]) => response.raw === undefined)) return json(200, { responses });
  return json(200, brokenEnvelope(answers), { 'Content-Type': 'application/json' });
}

/** With a page of HTML unquoted among the answers, as the service has been seen to do (msgraph-sdk-dotnet#2661). */
function brokenEnvelope(answers: readonly Answered[]): string {
  const responses = answers.map(([id, { status, headers, body, raw }]) => {
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
