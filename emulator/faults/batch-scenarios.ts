// Batches in trouble: as a whole, in one of their answers, or in which response belongs to which request.
import type { EmulatorResponse } from '../graph/responses.ts';
import { merge } from '../graph/responses.ts';
import type { FaultAction, FaultRule } from './rules.ts';
import type { Scenario } from './scenario.ts';

type Response = Readonly<Record<string, unknown>>;
type Change = (responses: readonly Response[]) => readonly Response[];

const ITEMS: FaultRule['on'] = { path: '/beta/', item: 'items' };
const ENVELOPE: FaultRule['on'] = { item: 'envelope' };

function item(name: string, description: string, action: FaultAction): Scenario {
  return { name, description, on: ITEMS, do: action };
}

function envelope(name: string, description: string, action: FaultAction): Scenario {
  return { name, description, on: ENVELOPE, do: action };
}

/** Carried out, and the list of answers altered. An envelope that is none, an error say, stays as it is. */
function listed(name: string, description: string, change: Change): Scenario {
  return envelope(name, description, { rewrite: (response) => changed(response, change) });
}

function changed(response: EmulatorResponse, change: Change): EmulatorResponse {
  const { body } = response;
  if (typeof body !== 'object' || body === null || !('responses' in body) || !Array.isArray(body.responses))
    return response;
  return { ...response, body: { responses: change(body.responses as Response[]) } };
}

/** By their ids: the answers come in whatever order. */
function inOrder(responses: readonly Response[]): readonly Response[] {
  return responses.toSorted((a, b) =>
    String(a['id']).localeCompare(String(b['id']), 'en', { numeric: true }),
  );
}

function firstChanged(change: (first: Response) => readonly Response[]): Change {
  return (responses) => {
    const [first = {}, ...rest] = inOrder(responses);
    return [...change(first), ...rest];
  };
}

function each(change: (response: Response) => Response): Change {
  return (responses) => responses.map(change);
}

function lowerCased(headers: unknown): object {
  if (typeof headers !== 'object' || headers === null) return {};
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

export const batchScenarios: readonly Scenario[] = [
  item('batch-item-throttled', 'a batch with a 429 in it, to come back in 0.2 seconds', {
    status: 429,
    headers: { 'Retry-After': '0.2' },
  }),
  item('batch-item-unavailable', 'a batch with a 503 in it', { status: 503 }),
  item('batch-item-forbidden', 'a batch with a 403 in it', { status: 403 }),
  item('batch-item-empty', 'a batch with a 204 in it that says it is JSON', {
    rewrite: (response) => ({
      ...response,
      status: 204,
      headers: merge(response.headers, { 'Content-Type': 'application/json' }),
      body: undefined,
    }),
  }),
  envelope('batch-424', 'a batch answered with 424 as a whole, its answers there', {
    rewrite: (response) => ({ ...response, status: 424 }),
  }),
  item('batch-item-html', 'a batch with HTML in it, unquoted, so that all of it is no JSON', { html: 502 }),
  envelope('batch-throttled', 'a batch answered with 429 as a whole, to come back in 0.2 seconds', {
    status: 429,
    headers: { 'Retry-After': '0.2' },
  }),
  envelope('batch-unavailable', 'a batch answered with 503 as a whole', { status: 503 }),
  envelope('batch-html', 'a batch answered with a page of HTML under 200', { html: 200 }),
  envelope('batch-malformed', 'a batch whose answers are an object', {
    rewrite: (response) => ({ ...response, body: { responses: {} } }),
  }),
  listed(
    'batch-missing-id',
    'a batch that leaves an response out',
    firstChanged(() => []),
  ),
  listed(
    'batch-doubled-id',
    'a batch that has an response twice',
    firstChanged((first) => [first, first]),
  ),
  listed(
    'batch-extra-id',
    'a batch with an response to what nobody request',
    firstChanged((first) => [{ ...first, id: 'nobody' }, { ...first, id: '99' }, first]),
  ),
  listed(
    'batch-upper-case-ids',
    'a batch that answers under the ids in capitals',
    each((response) => ({ ...response, id: String(response['id']).toUpperCase() })),
  ),
  listed(
    'batch-numeric-ids',
    'a batch whose ids are numbers where they can be',
    each((response) => {
      const id = String(response['id']);
      return { ...response, id: /^\d+$/.test(id) ? Number(id) : id };
    }),
  ),
  listed(
    'batch-lower-case-headers',
    'a batch with all header names in small letters',
    each((response) => ({ ...response, headers: lowerCased(response['headers']) })),
  ),
  listed(
    'batch-status-text',
    'a batch whose statuses are text',
    each((response) => ({ ...response, status: String(response['status']) })),
  ),
  listed('batch-shuffled', 'a batch with its answers the other way round', (responses) =>
    inOrder(responses).toReversed(),
  ),
];
