// Carrying out a `$batch` (Microsoft Graph docs, json-batching): every request by itself, with the caller's token and
// its own headers, in whatever order its dependencies allow. The answers come back shuffled, as the service reserves
// itself the right to, and the envelope is 200 whatever became of them.

import type { Outcome, Wire } from '../faults/apply.ts';
import type { Random } from '../runtime/random.ts';
import type { BatchItem } from './batch-request.ts';
import { refuse } from './errors.ts';
import type { Answer } from './responses.ts';
import { json } from './responses.ts';

/** Carries out one request; `failed` when a request that it waits for has failed. */
export type RunItem = (item: BatchItem, failed: boolean) => Promise<Outcome>;

/** The outcome of the whole: trouble with the connection in one request is trouble for all. */
export async function runBatch(items: readonly BatchItem[], random: Random, run: RunItem): Promise<Outcome> {
  const outcomes = await runAll(items, run);
  const wire = outcomes.find((outcome) => outcome.wire !== 'send')?.wire ?? 'send';
  const answers = items.map((item, at) => [item.id, outcomes[at]?.answer] as const);
  return { answer: envelope(shuffled(answers.filter(isAnswered), random)), wire: wire satisfies Wire };
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

function hasFailed({ answer }: Outcome): boolean {
  return answer === undefined || answer.status >= 400;
}

/** The target of a request in a batch. Only relative ones are taken, and no batch within a batch. */
export function targetOf(url: string): string {
  if (/^[a-z][a-z0-9+.-]*:/i.test(url) || /^[/\\]{2}/.test(url))
    throw refuse.badRequest('The URL of a request in a batch must be relative.');
  const path = url.startsWith('/') ? url : `/${url}`;
  if (/^\/\$batch(?:[/?]|$)/i.test(path)) throw refuse.badRequest('A batch cannot hold another batch.');
  return `/beta${path}`;
}

type Answered = readonly [id: string, answer: Answer];

function isAnswered(pair: readonly [string, Answer | undefined]): pair is Answered {
  return pair[1] !== undefined;
}

function envelope(answers: readonly Answered[]): Answer {
  const responses = answers.map(([id, { status, headers, body }]) => ({
    id,
    status,
    headers,
    body: body ?? null,
  }));
  if (answers.every(([, answer]) => answer.raw === undefined)) return json(200, { responses });
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
