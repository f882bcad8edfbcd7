// Sends a response, or the part of it that a connection fault leaves. Knows nothing of the request.
import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { Delivery, Outcome } from '../faults/apply.ts';
import type { EmulatorResponse } from '../graph/responses.ts';
import type { Clock } from '../runtime/clock.ts';
import { unreachable } from '../runtime/unreachable.ts';

export interface SendOptions {
  readonly clock: Clock;
  /** Ends endless responses when the emulator closes. */
  readonly closing: AbortSignal;
}

/** Returns the status that was sent, or 0 for none. It does not wait for the end of an endless response. */
export function sendResponse(
  { response, delivery }: Outcome,
  serverResponse: ServerResponse,
  options: SendOptions,
): number {
  if (delivery === 'hang' || serverResponse.destroyed) return 0;
  if (delivery === 'garble') {
    serverResponse.socket?.end('220 this is no HTTP\r\n\r\n');
    return 0;
  }
  if (delivery === 'reset' || response === undefined) {
    tearDown(serverResponse);
    return 0;
  }
  const bytes = bytesOf(response);
  const date = new Date(options.clock.now()).toUTCString();
  const headers: Record<string, string | number> = { Date: date, ...response.headers };
  const isWhole = delivery === 'send' || delivery === 'half';
  if (isWhole && response.status !== 204 && response.status !== 304) headers['Content-Length'] = bytes.length;
  serverResponse.writeHead(response.status, headers);
  sendBody(bytes, delivery, serverResponse, options);
  return response.status;
}

function bytesOf({ body }: EmulatorResponse): Buffer {
  if (body === undefined || body === null) return Buffer.alloc(0);
  if (body instanceof Uint8Array) return Buffer.from(body);
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
}

function sendBody(
  bytes: Buffer,
  delivery: Exclude<Delivery, 'hang' | 'reset' | 'garble'>,
  serverResponse: ServerResponse,
  options: SendOptions,
): void {
  const half = bytes.subarray(0, bytes.length >> 1);
  switch (delivery) {
    case 'send':
      serverResponse.end(bytes);
      return;
    case 'cut':
      serverResponse.end(half);
      return;
    case 'half':
      // The first half must be flushed before the connection is destroyed, or the client would receive nothing.
      serverResponse.write(half, () => serverResponse.socket?.destroy());
      return;
    case 'drip':
    case 'flood':
      serverResponse.write(bytes.subarray(0, -1));
      void (delivery === 'drip' ? drip : flood)(serverResponse, options).catch(() =>
        serverResponse.destroy(),
      );
      return;
    default:
      unreachable(delivery);
  }
}

/** Sends a TCP reset rather than an orderly close, as clients of a service behind a proxy see it. */
function tearDown(serverResponse: ServerResponse): void {
  serverResponse.socket?.resetAndDestroy();
}

async function drip(serverResponse: ServerResponse, { clock, closing }: SendOptions): Promise<void> {
  while (!serverResponse.destroyed) {
    await clock.sleep(1_000, closing);
    serverResponse.write(' ');
  }
}

const CHUNK = Buffer.alloc(64 * 1024, ' ');
const CHUNK_COUNT = 4_096;

async function flood(serverResponse: ServerResponse, { closing }: SendOptions): Promise<void> {
  await pipeline(spaces(), serverResponse, { signal: closing });
}

function* spaces(): Generator<Buffer> {
  for (let sent = 0; sent < CHUNK_COUNT; sent += 1) yield CHUNK;
  yield Buffer.from('}');
}
