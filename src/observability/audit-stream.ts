// Where the records of the audit trail go: lines of text to a stream of their own, in the order they were given, each
// confirmed once it is written. Lines that wait for each other are written together.
//
// Several processes may write to one place. To a file, each write is added as a whole (O_APPEND, on a disk of this
// machine). A pipe takes only so much at once without another's lines getting in between; what goes to one goes in pieces
// no longer than that.
import { constants, fdatasync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import { promisify } from 'node:util';
import { createAppender } from '../runtime/append.ts';
import type { Clock } from '../runtime/clock.ts';

/** The end of the line: writes one text after the other. */
export interface AuditSink {
  /** Resolves once all of it is where it belongs. Called again only after that. */
  write(text: string): Promise<void>;
  /** From the next write on, goes to what is now at the same place. */
  reopen(): void;
  close(): Promise<void>;
}

export interface AuditStream {
  /** Resolves once the line is written; rejects when it cannot be, or that takes too long. */
  append(line: string): Promise<void>;
  reopen(): void;
  /** Writes what waits, and closes. */
  close(): Promise<void>;
}

export interface AuditStreamOptions {
  readonly sink: AuditSink;
  readonly clock: Clock;
  /** Milliseconds that a line may take. It may be written later all the same. */
  readonly timeoutMs: number;
}

/** Lines that wait at most. A disk that hangs must not take the memory along. */
const MOST_WAITING = 10_000;

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
      if (waiting.length >= MOST_WAITING) return Promise.reject(new Error('too many records wait'));
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const disarm = clock.schedule(timeoutMs, () => reject(new Error('the record takes too long')));
      waiting.push({ line, written: resolve, failed: reject });
      writing ??= writeAll();
      return promise.finally(disarm);
    },
    reopen: () => sink.reopen(),
    async close() {
      // A disk that hangs must not keep the process from going.
      const { promise, resolve } = Promise.withResolvers<void>();
      const disarm = clock.schedule(timeoutMs, resolve);
      await Promise.race([promise, (writing ?? Promise.resolve()).then(() => sink.close())]);
      disarm();
    },
  };
}

/**
 * A file, to which is only ever added. It is opened when there is something to write, and again after trouble, so that
 * a disk that was full or a folder that was missing need no restart.
 *
 * Each text is on the disk before it is confirmed (`fdatasync`): the space may turn out to be missing only then.
 */
export function fileSink(path: string): AuditSink {
  let file: OpenFile | null = null;
  let stale = false;
  /** Whether the last text broke off, perhaps in the middle of a line. */
  let torn = false;

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
        const whole = torn ? `\n${text}` : text;
        torn = true;
        for (const piece of isRegular ? [whole] : piecesOf(whole)) {
          const bytes = Buffer.from(piece);
          for (let at = 0; at < bytes.length; ) at += (await handle.write(bytes, at)).bytesWritten;
        }
        torn = false;
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
  /** Pipes and devices know no fdatasync. */
  readonly isRegular: boolean;
}

async function openFile(path: string): Promise<OpenFile> {
  const { O_APPEND, O_CREAT, O_WRONLY } = constants;
  const handle = await open(path, O_WRONLY | O_APPEND | O_CREAT, 0o600);
  return { handle, isRegular: (await handle.stat()).isFile() };
}

/** A file that this process was started with, by its descriptor. As of a file by its path, each text is on the disk. */
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

/** A stream of this process, such as its standard output; for one that is a file, see `descriptorSink`. */
export function streamSink(stream: Writable): AuditSink {
  // Whoever wrote is told; without a listener the process would end.
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

/** Bytes that a pipe takes as a whole on Linux, on others it is less (PIPE_BUF; POSIX, write). */
const WHOLE = 4_096;

/** Whole lines, together no longer than a pipe takes as a whole; a line that is longer by itself is a piece of its own. */
function piecesOf(text: string): string[] {
  const pieces: string[] = [];
  let size = WHOLE;
  for (const line of text.match(/.*\n/g) ?? []) {
    const bytes = Buffer.byteLength(line);
    if (size + bytes > WHOLE) {
      pieces.push(line);
      size = bytes;
    } else {
      pieces.push(`${pieces.pop() ?? ''}${line}`);
      size += bytes;
    }
  }
  return pieces;
}
