// The output of the audit trail. Records are lines of text, written in order, and each is confirmed when it is written. Lines
// that arrive during a write are written together.
//
// Several processes may write to the same destination. A write to a local file is appended as a whole (O_APPEND). A write
// to a pipe is atomic only up to a size, so lines to a pipe are written in pieces of at most that size.
import { constants, fdatasync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import { promisify } from 'node:util';
import { createAppender } from '../runtime/append.ts';
import type { Clock } from '../runtime/clock.ts';

/** The destination of an audit stream. */
export interface AuditSink {
  /** Resolves when the whole text is written. Must not be called again before that. */
  write(text: string): Promise<void>;
  /** Opens the destination again before the next write. */
  reopen(): void;
  close(): Promise<void>;
}

export interface AuditStream {
  /** Resolves when the line is written. Rejects when the write fails or takes too long. */
  append(line: string): Promise<void>;
  reopen(): void;
  /** Writes the waiting lines, then closes. */
  close(): Promise<void>;
}

export interface AuditStreamOptions {
  readonly sink: AuditSink;
  readonly clock: Clock;
  /** Milliseconds after which `append` rejects. The line may still be written later. */
  readonly timeoutMs: number;
}

/** Maximum lines that wait, so that a disk that hangs does not exhaust the memory. */
const MAX_WAITING = 10_000;

interface Waiting {
  readonly line: string;
  readonly written: () => void;
  readonly failed: (reason: unknown) => void;
}

export function createAuditStream({ sink, clock, timeoutMs }: AuditStreamOptions): AuditStream {
  let waiting: Waiting[] = [];
  let writing: Promise<void> | null = null;

  async function writeAll(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      try {
        await sink.write(batch.map(({ line }) => `${line}\n`).join(''));
        for (const { written } of batch) written();
      } catch (error) {
        for (const { failed } of batch) failed(error);
      }
    }
    writing = null;
  }

  return {
    append(line) {
      if (waiting.length >= MAX_WAITING) return Promise.reject(new Error('too many audit records wait'));
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const disarm = clock.schedule(timeoutMs, () =>
        reject(new Error('writing the audit record took too long')),
      );
      waiting.push({ line, written: resolve, failed: reject });
      writing ??= writeAll();
      return promise.finally(disarm);
    },
    reopen: () => sink.reopen(),
    async close() {
      // A disk that hangs must not block the exit of the process.
      const { promise, resolve } = Promise.withResolvers<void>();
      const disarm = clock.schedule(timeoutMs, resolve);
      await Promise.race([promise, (writing ?? Promise.resolve()).then(() => sink.close())]);
      disarm();
    },
  };
}

/**
 * A sink that appends to a file. It opens the file for the first write, and again after an error, so that a full disk or a
 * missing folder needs no restart.
 *
 * Each text is synchronized to the disk (`fdatasync`) before it is confirmed, because the error of a full disk may appear
 * only then.
 */
export function fileSink(path: string): AuditSink {
  let file: OpenFile | null = null;
  let stale = false;
  /** Whether the last write failed, possibly in the middle of a line. */
  let incomplete = false;

  async function current(): Promise<OpenFile> {
    if (stale) await release();
    stale = false;
    file ??= await openFile(path);
    return file;
  }

  async function release(): Promise<void> {
    const old = file;
    file = null;
    await old?.handle.close().catch(() => undefined);
  }

  return {
    async write(text) {
      try {
        const { handle, isRegular } = await current();
        const whole = incomplete ? `\n${text}` : text;
        incomplete = true;
        for (const piece of isRegular ? [whole] : piecesOf(whole)) {
          const bytes = Buffer.from(piece);
          for (let at = 0; at < bytes.length; ) at += (await handle.write(bytes, at)).bytesWritten;
        }
        incomplete = false;
        if (isRegular) await handle.datasync();
      } catch (error) {
        await release();
        throw error;
      }
    },
    reopen() {
      stale = true;
    },
    close: release,
  };
}

interface OpenFile {
  readonly handle: FileHandle;
  /** Pipes and devices do not support fdatasync. */
  readonly isRegular: boolean;
}

async function openFile(path: string): Promise<OpenFile> {
  const { O_APPEND, O_CREAT, O_WRONLY } = constants;
  const handle = await open(path, O_WRONLY | O_APPEND | O_CREAT, 0o600);
  return { handle, isRegular: (await handle.stat()).isFile() };
}

/** A sink for a file that the process inherited, such as a redirected stdout. Each text is synchronized to the disk. */
export function descriptorSink(descriptor: number): AuditSink {
  const append = createAppender(descriptor);
  const sync = promisify(fdatasync);
  return {
    async write(text) {
      await append(text);
      await sync(descriptor);
    },
    reopen: () => undefined,
    close: async () => undefined,
  };
}

/** A sink for a stream of the process, such as stdout. When stdout is a file, use `descriptorSink`. */
export function streamSink(stream: Writable): AuditSink {
  // The callback of the write reports the error. Without a listener the process would end.
  stream.on('error', () => undefined);
  const writeOne = (piece: string): Promise<void> =>
    new Promise((resolve, reject) => {
      stream.write(piece, (error) => (error === null || error === undefined ? resolve() : reject(error)));
    });
  return {
    async write(text) {
      for (const piece of piecesOf(text)) await writeOne(piece);
    },
    reopen: () => undefined,
    close: async () => undefined,
  };
}

/** Maximum bytes of an atomic write to a pipe on Linux (PIPE_BUF; POSIX, write). Other systems have less. */
const ATOMIC_BYTES = 4_096;

/** Groups lines into pieces of at most ATOMIC_BYTES. A longer line is a piece of its own. */
function piecesOf(text: string): string[] {
  const pieces: string[] = [];
  let size = ATOMIC_BYTES;
  for (const line of text.match(/.*\n/g) ?? []) {
    const bytes = Buffer.byteLength(line);
    if (size + bytes > ATOMIC_BYTES) {
      pieces.push(line);
      size = bytes;
    } else {
      pieces.push(`${pieces.pop() ?? ''}${line}`);
      size += bytes;
    }
  }
  return pieces;
}
