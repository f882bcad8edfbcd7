// Puts an answer on its connection, or what trouble leaves of it. Knows nothing of what was asked.
import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { Outcome, Wire } from '../faults/apply.ts';
import type { Answer } from '../graph/responses.ts';
import type { Clock } from '../runtime/clock.ts';
import { unreachable } from '../runtime/unreachable.ts';

export interface WireOptions {
  readonly clock: Clock;
  /** Ends what would go on for ever when the emulator closes. */
  readonly closing: AbortSignal;
}

/** Gives the status that was sent, 0 for none, as soon as it is sent: some answers go on after that. */
export function put({ answer, wire }: Outcome, response: ServerResponse, options: WireOptions): number {
  if (wire === 'hang' || response.destroyed) return 0;
  if (wire === 'garble') {
    response.socket?.end('220 this is no HTTP\r\n\r\n');
    return 0;
  }
  if (wire === 'reset' || answer === undefined) {
    tearDown(response);
    return 0;
  }
  const bytes = bytesOf(answer);
  const date = new Date(options.clock.now()).toUTCString();
  const headers: Record<string, string | number> = { Date: date, ...answer.headers };
  const isWhole = wire === 'send' || wire === 'half';
  if (isWhole && answer.status !== 204 && answer.status !== 304) headers['Content-Length'] = bytes.length;
  response.writeHead(answer.status, headers);
  putBody(bytes, wire, response, options);
  return answer.status;
}

function bytesOf({ body }: Answer): Buffer {
  if (body === undefined || body === null) return Buffer.alloc(0);
  if (body instanceof Uint8Array) return Buffer.from(body);
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
}

function putBody(
  bytes: Buffer,
  wire: Exclude<Wire, 'hang' | 'reset' | 'garble'>,
  response: ServerResponse,
  options: WireOptions,
): void {
  const half = bytes.subarray(0, bytes.length >> 1);
  switch (wire) {
    case 'send':
      response.end(bytes);
      return;
    case 'cut':
      response.end(half);
      return;
    case 'half':
      // The half must have left before the connection is torn down, or the caller would see none of it.
      response.write(half, () => response.socket?.destroy());
      return;
    case 'drip':
    case 'flood':
      response.write(bytes.subarray(0, -1));
      void (wire === 'drip' ? drip : flood)(response, options).catch(() => response.destroy());
      return;
    default:
      unreachable(wire);
  }
}

/** With a reset, not an orderly end: what callers of a service behind a proxy get to see. */
function tearDown(response: ServerResponse): void {
  response.socket?.resetAndDestroy();
}

async function drip(response: ServerResponse, { clock, closing }: WireOptions): Promise<void> {
  while (!response.destroyed) {
    await clock.sleep(1_000, closing);
    response.write(' ');
  }
}

const PIECE = Buffer.alloc(64 * 1024, ' ');
const PIECES = 4_096;

async function flood(response: ServerResponse, { closing }: WireOptions): Promise<void> {
  await pipeline(blanks(), response, { signal: closing });
}

function* blanks(): Generator<Buffer> {
  for (let sent = 0; sent < PIECES; sent += 1) yield PIECE;
  yield Buffer.from('}');
}
