// Carries out one request under the faults that strike it. The outcome says what to answer, and what is to become of
// the connection.

import type { Answer, Stamp } from '../graph/responses.ts';
import { json, merge } from '../graph/responses.ts';
import type { Clock } from '../runtime/clock.ts';
import { unreachable } from '../runtime/unreachable.ts';
import type { Dialect } from '../server/dialect.ts';
import type { Asked, CannedAnswer, FaultAction } from './rules.ts';

/**
 * `send`: the answer goes out. `reset`: the connection is torn down instead. `hang`: nothing ever comes. `half`: half of
 * the body goes out, then the connection is torn down. `cut`: half of the body goes out as if it were all. `drip` and
 * `flood`: the body goes out but for its end, then blanks, one a second or as fast as they are taken. `garble`: bytes
 * that are no HTTP go out instead.
 */
export type Wire = 'send' | 'reset' | 'hang' | 'half' | 'cut' | 'drip' | 'flood' | 'garble';

export interface Outcome {
  /** Absent where the request was not carried out and has no answer either. */
  readonly answer: Answer | undefined;
  readonly wire: Wire;
}

export interface Scene {
  readonly clock: Clock;
  readonly stamp: Stamp;
  /** Of the service that is asked. */
  readonly dialect: Dialect;
  /** Ends delays when the emulator closes. */
  readonly closing: AbortSignal;
  readonly asked: Asked;
  /** Takes in what the caller sends, once; absent where it has come already. */
  readonly receive?: () => Promise<unknown>;
  /** Absent where there are no keys to change. */
  readonly rotateKeys?: () => Promise<void>;
}

type Execute = () => Outcome | Promise<Outcome>;

/** @param execute carries the request out; called at most once */
export async function perform(
  actions: readonly FaultAction[],
  scene: Scene,
  execute: Execute,
): Promise<Outcome> {
  let done: Outcome | undefined;
  const once = async (): Promise<Outcome> => {
    done ??= await execute();
    return done;
  };
  for (const action of actions) {
    const outcome = await act(action, scene, once);
    if (outcome === undefined) continue;
    if (outcome.wire !== 'send') return outcome;
    done = outcome;
  }
  return once();
}

/** Undefined when the request just goes on. */
async function act(action: FaultAction, scene: Scene, execute: Execute): Promise<Outcome | undefined> {
  if ('delayMs' in action) return delay(action.delayMs, scene);
  if ('status' in action) return send(canned(action, scene));
  if ('html' in action) return send(page(action.html, scene));
  if ('truncate' in action) return withWire(await execute(), 'cut');
  if ('reset' in action) return reset(action.reset, execute);
  if ('hang' in action)
    return action.hang === true ? { answer: undefined, wire: 'hang' } : withWire(await execute(), 'hang');
  if ('rewrite' in action) return rewritten(await execute(), (answer) => action.rewrite(answer, scene.asked));
  if ('endless' in action) return withWire(await execute(), action.endless === 'slow' ? 'drip' : 'flood');
  if ('garble' in action) return { answer: undefined, wire: 'garble' };
  if ('commitThen' in action) {
    await execute();
    const { commitThen } = action;
    return send(canned(typeof commitThen === 'number' ? { status: commitThen } : commitThen, scene));
  }
  if ('rotateKeys' in action) {
    await scene.rotateKeys?.();
    return undefined;
  }
  return unreachable(action);
}

/** The body first: a caller who leaves would take it along, and nothing could be carried out. */
async function delay(ms: number, { clock, closing, receive }: Scene): Promise<Outcome | undefined> {
  try {
    await receive?.();
    await clock.sleep(ms, closing);
    return undefined;
  } catch {
    return { answer: undefined, wire: 'reset' };
  }
}

async function reset(when: 'before' | 'after' | 'mid-body', execute: Execute): Promise<Outcome> {
  if (when === 'before') return { answer: undefined, wire: 'reset' };
  return withWire(await execute(), when === 'after' ? 'reset' : 'half');
}

function rewritten(outcome: Outcome, rewrite: (answer: Answer) => Answer): Outcome {
  return outcome.answer === undefined ? outcome : { ...outcome, answer: rewrite(outcome.answer) };
}

function send(answer: Answer): Outcome {
  return { answer, wire: 'send' };
}

function withWire(outcome: Outcome, wire: Wire): Outcome {
  return { ...outcome, wire };
}

function canned({ status, headers = {}, body, contentType }: CannedAnswer, scene: Scene): Answer {
  const { dialect, stamp } = scene;
  const answer = body === undefined && status >= 400 ? dialect.usual(status, stamp) : json(status, body);
  const now = scene.clock.now();
  const values = Object.entries(headers).map(([name, value]) => {
    return [name, typeof value === 'string' ? value : value(now)] as const;
  });
  const typed = { ...(contentType === undefined ? {} : { 'Content-Type': contentType }) };
  return dialect.stamped(
    { ...answer, headers: merge(answer.headers, { ...typed, ...Object.fromEntries(values) }) },
    stamp,
  );
}

function page(status: number, { dialect, stamp }: Scene): Answer {
  const html = `<!DOCTYPE html><html><head><title>${status}</title></head><body><h2>HTTP Error ${status}.</h2></body></html>`;
  const answer: Answer = { status, headers: { 'Content-Type': 'text/html' }, body: html };
  return { ...dialect.stamped(answer, stamp), raw: true };
}
