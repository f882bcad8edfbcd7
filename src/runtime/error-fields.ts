// What may be said in a log of an error that nobody expected.
import type { LogFields } from './log.ts';

/** The kind of an error and the place in this program, out of a stack that begins with the message. */
export function errorFields(error: unknown): LogFields {
  if (!(error instanceof Error)) return { kind: typeof error, where: null };
  const frames = (error.stack ?? '').split('\n').filter((line) => /^ {4}at /.test(line));
  const where = frames
    .map((line) => /(?:src|emulator)\/[\w/.-]+:\d+/.exec(line)?.[0])
    .find((place) => place !== undefined);
  return { kind: error.name, code: codeOf(error), where: where ?? null };
}

function codeOf(error: Error): string | undefined {
  return 'code' in error && /^[A-Z][A-Z0-9_]{0,63}$/.test(String(error.code))
    ? String(error.code)
    : undefined;
}
