// From a request to its answer: who asks, which operation, what it says, and for a batch the same for each request in
// it. Everything that an operation throws is turned into an answer here. Knows nothing of sockets.

import type { Outcome, Scene } from '../faults/apply.ts';
import { perform } from '../faults/apply.ts';
import type { FaultList } from '../faults/rules.ts';
import { runBatch, targetOf } from '../graph/batch.ts';
import type { BatchItem } from '../graph/batch-request.ts';
import { readBatch } from '../graph/batch-request.ts';
import { refuse } from '../graph/errors.ts';
import type { Payload } from '../graph/request.ts';
import { readJson } from '../graph/request.ts';
import type { Answer, Stamp } from '../graph/responses.ts';
import { json, Refusal, refused, stamped, stampOf } from '../graph/responses.ts';
import { findOperation } from '../graph/routes.ts';
import type { World } from '../graph/state.ts';
import type { Principal, Tokens } from '../graph/tokens.ts';
import { readOptions } from '../odata/query-options.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Random } from '../runtime/random.ts';
import type { OpenCall, OpenItemCall } from './calls.ts';
import type { Dialect } from './dialect.ts';
import { graphDialect } from './dialect.ts';
import { parseTarget } from './target.ts';

export interface Incoming {
  readonly method: string;
  readonly url: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: Payload;
  readonly origin: string;
  readonly stamp: Stamp;
  /** Where the requests of a batch are noted. */
  readonly call: OpenCall;
}

export interface ServiceOptions {
  readonly world: World;
  readonly tokens: Tokens;
  readonly faults: FaultList;
  readonly clock: Clock;
  readonly random: Random;
  readonly closing: AbortSignal;
}

/** One of those that share the port: Microsoft Graph, or Entra ID. */
export interface Service {
  readonly dialect: Dialect;
  /** What may be remembered of a request. */
  notePath(url: string): string;
  noteBody(url: string, headers: Readonly<Record<string, string>>, payload: Payload): unknown;
  answer(incoming: Incoming): Promise<Outcome>;
}

export function createService(options: ServiceOptions): Service {
  return {
    dialect: graphDialect,
    notePath: (url) => url,
    noteBody: (_url, _headers, payload) => readable(payload),
    async answer(incoming) {
      try {
        const principal = authenticate(incoming.headers['authorization'], options.tokens);
        if (isBatch(incoming)) return await answerBatch(options, incoming, principal);
        return { answer: answerOne(options.world, incoming, principal), wire: 'send' };
      } catch (error) {
        return { answer: answerTo(error, incoming.stamp), wire: 'send' };
      }
    },
  };
}

/** JSON where it is JSON, else text. */
function readable(payload: Payload): unknown {
  if (payload === undefined || 'value' in payload) return payload?.value;
  try {
    return JSON.parse(payload.text);
  } catch {
    return payload.text;
  }
}

/** @throws a refusal, with a challenge */
function authenticate(header: string | undefined, tokens: Tokens): Principal {
  const token = bearerOf(header);
  if (token === undefined) throw refuse.noToken();
  const principal = tokens.principalOf(token);
  if (principal === 'expired') throw refuse.expiredToken();
  if (principal === 'unknown') throw refuse.unknownToken();
  if (principal === 'other audience') throw refuse.otherAudience();
  if ('lacks' in principal) throw refuse.insufficientClaims(JSON.stringify(principal.lacks));
  return principal;
}

export function bearerOf(header: string | undefined): string | undefined {
  return header === undefined ? undefined : /^Bearer +(\S.*)$/i.exec(header)?.[1];
}

export function isBatch({ method, url }: { method: string; url: string }): boolean {
  return method === 'POST' && /^\/beta\/(?:\$|%24)batch\/?(?:\?|$)/.test(url);
}

function answerOne(world: World, incoming: Omit<Incoming, 'call'>, principal: Principal): Answer {
  const { method, headers, payload, origin } = incoming;
  const target = parseTarget(incoming.url);
  const operation = findOperation(world, method, target);
  const answer = operation(world, { method, target, headers, payload, principal, origin });
  return stamped(answer, incoming.stamp);
}

async function answerBatch(
  options: ServiceOptions,
  incoming: Incoming,
  principal: Principal,
): Promise<Outcome> {
  readOptions(parseTarget(incoming.url).query, []);
  const items = readBatch(readJson(incoming.headers, incoming.payload));
  const notes = items.map(noteOf);
  incoming.call.items = notes;
  const outcome = await runBatch(items, options.random, async (item, failed) => {
    const answered = await answerItem(options, incoming, principal, item, failed);
    const note = notes[items.indexOf(item)];
    if (note !== undefined) note.status = answered.answer?.status ?? 0;
    return answered;
  });
  const { answer } = outcome;
  return answer === undefined ? outcome : { ...outcome, answer: stamped(answer, incoming.stamp) };
}

function noteOf({ id, method, url, body, headers }: BatchItem): OpenItemCall {
  return { id, method, url, body, headers, status: 0 };
}

function answerItem(
  options: ServiceOptions,
  { origin, stamp: outer }: Incoming,
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
  const asked = { origin, path: `/beta${path}` };
  const scene: Scene = { clock, stamp, dialect: graphDialect, closing, asked };
  return perform(actions, scene, () => {
    const payload = body === undefined || body === null ? undefined : { value: body };
    const answer = attempt(stamp, () => {
      if (failed)
        throw new Refusal(424, 'FailedDependency', 'A request that this one depends on has failed.');
      return answerOne(
        options.world,
        { method, url: targetOf(item.url), headers, payload, origin, stamp },
        principal,
      );
    });
    return { answer: inBatch(answer), wire: 'send' };
  });
}

function attempt(stamp: Stamp, run: () => Answer): Answer {
  try {
    return run();
  } catch (error) {
    return answerTo(error, stamp);
  }
}

/** Answers within a batch say what they cost. */
function inBatch(answer: Answer): Answer {
  return { ...answer, headers: { 'x-ms-resource-unit': '1', ...answer.headers } };
}

/** Anything but a refusal is a fault of the emulator, and says so. */
function answerTo(error: unknown, stamp: Stamp): Answer {
  if (error instanceof Refusal) return stamped(refused(error, stamp), stamp);
  const message = `The emulator failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  return stamped(json(500, { error: { code: 'EmulatorFailure', message } }), stamp);
}
