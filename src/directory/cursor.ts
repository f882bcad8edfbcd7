// Cursors of the directory: where one of Graph's pages starts, and how many of its people have been seen. Opaque to
// clients; what comes back is read as carefully as any other input.
import { createHash } from 'node:crypto';

export interface Position {
  /** Graph's `$skiptoken` of the page; null on the first. */
  readonly token: string | null;
  /** People of that page to pass over, 0 or more. */
  readonly skip: number;
}

const LONGEST_TOKEN = 4_096;
const VERSION = 1;

export function writeCursor(position: Position, search: string | null): string {
  const parts = [VERSION, position.skip, searchMark(search), position.token];
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

/** The position; null for what is no cursor, or one of another search. */
export function readCursor(cursor: string, search: string | null): Position | null {
  const parts = cursor.length > LONGEST_TOKEN * 2 ? null : parse(cursor);
  if (!Array.isArray(parts) || parts.length !== 4) return null;
  const [version, skip, mark, token] = parts as unknown[];
  if (version !== VERSION || mark !== searchMark(search)) return null;
  if (typeof skip !== 'number' || !Number.isInteger(skip) || skip < 0) return null;
  if (token === null) return { token: null, skip };
  return typeof token === 'string' && isToken(token) ? { token, skip } : null;
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return null;
  }
}

function isToken(token: string): boolean {
  return token !== '' && token.length <= LONGEST_TOKEN && /^[\x21-\x7e]+$/.test(token);
}

/** Enough of a hash to tell two searches apart, and not the search itself, which may be a name. */
function searchMark(search: string | null): string {
  return search === null ? '' : createHash('sha256').update(search.trim()).digest('base64url').slice(0, 8);
}
