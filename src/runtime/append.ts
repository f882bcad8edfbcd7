// Adding text to a file that the process was started with, such as `2>gateway.log`. Node's own stream for it takes a write
// that a full disk has cut short for a whole one, and has the event loop wait for the disk.
import { write } from 'node:fs';

/** The text is not in the file, or not all of it. */
export class AppendError extends Error {
  override readonly name = 'AppendError';
  /** Bytes of the text that are in the file. */
  readonly written: number;
  /** Of the system, such as ENOSPC. */
  readonly code: string | undefined;

  constructor(written: number, cause: NodeJS.ErrnoException) {
    super('the file does not take the text', { cause });
    this.written = written;
    this.code = cause.code;
  }
}

/**
 * Adds one text after the other; to be called again only after the last has settled. After a text that was cut short, the
 * next begins on a line of its own.
 *
 * @returns what resolves once the system has all of the text @throws AppendError
 */
export function createAppender(descriptor: number): (text: string) => Promise<void> {
  let isCut = false;
  return async (text) => {
    const start = isCut ? '\n' : '';
    const bytes = Buffer.from(start + text);
    for (let at = 0; at < bytes.length; ) {
      try {
        at += await writeSome(descriptor, bytes, at);
      } catch (error) {
        if (at > 0) isCut = true;
        throw new AppendError(Math.max(at - start.length, 0), error as NodeJS.ErrnoException);
      }
    }
    isCut = false;
  };
}

function writeSome(descriptor: number, bytes: Buffer, at: number): Promise<number> {
  return new Promise((resolve, reject) => {
    write(descriptor, bytes, at, (error, written) => (error === null ? resolve(written) : reject(error)));
  });
}
