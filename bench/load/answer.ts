// Finds the end of an HTTP/1.1 response and whether it is good, without keeping it: the load must cost less than anything it
// measures. A good response has status 200 and no list of errors.

const NOTHING = Buffer.alloc(0);
const HEAD_END = Buffer.from('\r\n\r\n');
const LINE_END = Buffer.from('\r\n');
const ERRORS = Buffer.from('"errors"');

export class AnswerReader {
  isGood = true;
  /** Whether the server is going to close the connection. */
  isLast = false;
  #rest: Buffer = NOTHING;
  #part: 'head' | 'body' | 'chunk-size' | 'chunk' | 'end' = 'head';
  /** Bytes of the body, or of the chunk with its line end, still to come. */
  #left = 0;
  #isEnding = false;

  /** Takes what has come. True once the answer is complete. */
  take(piece: Buffer): boolean {
    const bytes = this.#rest.length === 0 ? piece : Buffer.concat([this.#rest, piece]);
    if (this.#part !== 'head' && piece.includes(ERRORS)) this.isGood = false;
    let at = 0;
    for (let next = this.#step(bytes, 0); next > at; next = this.#step(bytes, at)) at = next;
    this.#rest = at < bytes.length ? bytes.subarray(at) : NOTHING;
    return this.#part === 'end';
  }

  /** Reads the next part from `at`; answers where it ends, or `at` itself when more has to come. */
  #step(bytes: Buffer, at: number): number {
    switch (this.#part) {
      case 'head':
        return this.#readHead(bytes, at);
      case 'chunk-size':
        return this.#readChunkSize(bytes, at);
      case 'body':
      case 'chunk':
        return this.#skip(bytes, at);
      case 'end':
        return at;
    }
  }

  #readHead(bytes: Buffer, at: number): number {
    const end = bytes.indexOf(HEAD_END, at);
    if (end === -1) return at;
    const head = bytes.toString('latin1', at, end).toLowerCase();
    const body = end + HEAD_END.length;
    if (!head.startsWith('http/1.1 200') || bytes.includes(ERRORS, body)) this.isGood = false;
    this.isLast = head.includes('\r\nconnection: close');
    const length = /\r\ncontent-length: *(\d+)/.exec(head)?.[1];
    this.#left = Number(length ?? 0);
    const isChunked = length === undefined && head.includes('\r\ntransfer-encoding: chunked');
    this.#part = isChunked ? 'chunk-size' : this.#left === 0 ? 'end' : 'body';
    return body;
  }

  #readChunkSize(bytes: Buffer, at: number): number {
    const end = bytes.indexOf(LINE_END, at);
    if (end === -1) return at;
    const size = Number.parseInt(bytes.toString('latin1', at, end), 16);
    this.#isEnding = size === 0;
    this.#left = size + LINE_END.length;
    this.#part = 'chunk';
    return end + LINE_END.length;
  }

  #skip(bytes: Buffer, at: number): number {
    const taken = Math.min(this.#left, bytes.length - at);
    this.#left -= taken;
    if (this.#left === 0) this.#part = this.#part === 'chunk' && !this.#isEnding ? 'chunk-size' : 'end';
    return at + taken;
  }
}
