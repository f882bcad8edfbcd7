// Faults of batches: in the batch as a whole, in one of its responses, or in the ids that match responses to requests.
import type { EmulatorResponse } from '../graph/responses.ts';
import { merge } from '../graph/responses.ts';
import type { FaultAction, FaultRule } from './rules.ts';
import type { Scenario } from './scenario.ts';

type Response = Readonly<Record<string, unknown>>;
type Change = (responses: readonly Response[]) => readonly Response[];

const ITEMS: FaultRule['on'] = { path: '/beta/', item: 'items' };
const ENVELOPE: FaultRule['on'] = { item: 'envelope' };

function inItem(name: string, description: string, action: FaultAction): Scenario {
  return { name, description, on: ITEMS, do: action };
}

function inEnvelope(name: string, description: string, action: FaultAction): Scenario {
  return { name, description, on: ENVELOPE, do: action };
}

/**
 * Executes the batch and changes its list of responses. A response without such a list, such as an error, is not
 * changed.
 */
function rewriteList(name: string, description: string, change: Change): Scenario {
  return inEnvelope(name, description, { rewrite: (response) => withResponses(response, change) });
}

function withResponses(response: EmulatorResponse, change: Change): EmulatorResponse {
  const { body } = response;
  if (typeof body !== 'object' || body === null || !('responses' in body) || !Array.isArray(body.responses))
    return response;
  return { ...response, body: { responses: change(body.responses as Response[]) } };
}

/** Sorted by id, since the responses of a batch come in any order. */
function sortedById(responses: readonly Response[]): readonly Response[] {
  return responses.toSorted((a, b) =>
    String(a['id']).localeCompare(String(b['id']), 'en', { numeric: true }),
  );
}

function changeFirst(change: (first: Response) => readonly Response[]): Change {
  return (responses) => {
    const [first = {}, ...rest] = sortedById(responses);
    return [...change(first), ...rest];
  };
}

function changeEach(change: (response: Response) => Response): Change {
  return (responses) => responses.map(change);
}

function lowerCased(headers: unknown): object {
  if (typeof headers !== 'object' || headers === null) return {};
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

export const batchScenarios: readonly Scenario[] = [
  inItem('batch-item-throttled', 'a batch in which one response is 429, with Retry-After: 0.2', {
    status: 429,
    headers: { 'Retry-After': '0.2' },
  }),
  inItem('batch-item-unavailable', 'a batch in which one response is 503', { status: 503 }),
  inItem('batch-item-forbidden', 'a batch in which one response is 403', { status: 403 }),
  inItem('batch-item-empty', 'a batch in which one response is 204 with a JSON content type', {
    rewrite: (response) => ({
      ...response,
      status: 204,
      headers: merge(response.headers, { 'Content-Type': 'application/json' }),
      body: undefined,
    }),
  }),
  inEnvelope('batch-424', 'a batch with status 424 and all of its responses', {
    rewrite: (response) => ({ ...response, status: 424 }),
  }),
  inItem(
    'batch-item-html',
    'a batch in which one response is unquoted HTML, so that the whole batch is invalid JSON',
    { html: 502 },
  ),
  inEnvelope('batch-throttled', '429 for the whole batch, with Retry-After: 0.2', {
    status: 429,
    headers: { 'Retry-After': '0.2' },
  }),
  inEnvelope('batch-unavailable', '503 for the whole batch', { status: 503 }),
  inEnvelope('batch-html', 'an HTML page with status 200 for the whole batch', { html: 200 }),
  inEnvelope('batch-malformed', 'a batch whose responses are an object instead of a list', {
    rewrite: (response) => ({ ...response, body: { responses: {} } }),
  }),
  rewriteList(
    'batch-missing-id',
    'a batch that lacks one response',
    changeFirst(() => []),
  ),
  rewriteList(
    'batch-doubled-id',
    'a batch that contains one response twice',
    changeFirst((first) => [first, first]),
  ),
  rewriteList(
    'batch-extra-id',
    'a batch with responses to ids that were not requested',
    changeFirst((first) => [{ ...first, id: 'unknown' }, { ...first, id: '99' }, first]),
  ),
  rewriteList(
    'batch-upper-case-ids',
    'a batch whose ids are in upper case',
    changeEach((response) => ({ ...response, id: String(response['id']).toUpperCase() })),
  ),
  rewriteList(
    'batch-numeric-ids',
    'a batch whose ids are numbers where possible',
    changeEach((response) => {
      const id = String(response['id']);
      return { ...response, id: /^\d+$/.test(id) ? Number(id) : id };
    }),
  ),
  rewriteList(
    'batch-lower-case-headers',
    'a batch whose header names are in lower case',
    changeEach((response) => ({ ...response, headers: lowerCased(response['headers']) })),
  ),
  rewriteList(
    'batch-status-text',
    'a batch whose statuses are strings',
    changeEach((response) => ({ ...response, status: String(response['status']) })),
  ),
  rewriteList('batch-shuffled', 'a batch whose responses are in reverse order', (responses) =>
    sortedById(responses).toReversed(),
  ),
];
