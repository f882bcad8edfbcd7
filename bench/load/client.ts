// One client: a persistent connection with one request at a time. It uses node:net, because a complete HTTP client costs more
// than the fastest server.
import { connect, type Socket } from 'node:net';
import { AnswerReader } from './answer.ts';

/** A server that takes longer than this has failed. */
const PATIENCE_MS = 30_000;

export interface Client {
  /** Sends one HTTP request unchanged. Resolves with whether the response is good. Never rejects. */
  ask(request: string): Promise<boolean>;
  close(): void;
}

export function createClient(port: number): Client {
  let socket: Socket | null = null;
  let reader = new AnswerReader();
  let settle: ((isGood: boolean) => void) | null = null;

  function end(isGood: boolean): void {
    const tell = settle;
    settle = null;
    tell?.(isGood);
  }

  function open(): Socket {
    const opened = connect({ port, host: '127.0.0.1', noDelay: true });
    const lose = (): void => {
      opened.destroy();
      if (socket !== opened) return;
      socket = null;
      end(false);
    };
    opened.setTimeout(PATIENCE_MS, lose);
    opened.on('error', lose);
    opened.on('close', lose);
    opened.on('data', (piece: Buffer) => {
      if (socket !== opened || settle === null || !reader.take(piece)) return;
      if (reader.isLast) {
        socket = null;
        opened.destroy();
      }
      end(reader.isGood);
    });
    return opened;
  }

  return {
    ask(request) {
      socket ??= open();
      reader = new AnswerReader();
      socket.write(request, 'latin1');
      return new Promise((resolve) => {
        settle = resolve;
      });
    },
    close() {
      const closed = socket;
      socket = null;
      closed?.destroy();
      end(false);
    },
  };
}
