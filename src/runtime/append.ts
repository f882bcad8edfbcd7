// Appends text to a file that the process inherited, such as `2>gateway.log`. Node's own stream is not used: it takes a partial
// write to a full disk for a complete one, and it blocks the event loop while the disk is busy.
import { write } from 'node:fs';

/** The text was not written, or only a part of it. */
export class AppendError extends Error {
  override readonly name = 'AppendError';
  /** The number of bytes of the text that were written. */
  readonly written: number;
  /** The system's error code, such as ENOSPC. */
  readonly code: string | undefined;

  constructor(written: number, cause: NodeJS.ErrnoException) {
    super('The text could not be written to the file', { cause });
    this.written = written;
    this.code = cause.code;
  }
}

/**
 * Creates a function that appends text. Call it again only after the last promise has settled. After a partial write, the
 * next text starts on a new line.
 *
 * @returns a function whose promise resolves when the system has the whole text, and rejects with an AppendError
 */
export function createAppender(descriptor: number): (text: string) => Promise<void> {
  let isTruncated = false;
  return async (text) => {
    const start = isTruncated ? '\n' : '';
    const bytes = Buffer.from(start + text);
    for (let at = 0; at < bytes.length; ) {
      try {
        at += await writeSome(descriptor, bytes, at);
      } catch (error) {
        if (at > 0) isTruncated = true;
        throw new AppendError(Math.max(at - start.length, 0), error as NodeJS.ErrnoException);
      }
    }
    isTruncated = false;
  };
}

function writeSome(descriptor: number, bytes: Buffer, at: number): Promise<number> {
  return new Promise((resolve, reject) => {
    write(descriptor, bytes, at, (error, written) => (error === null ? resolve(written) : reject(error)));
  });
}
