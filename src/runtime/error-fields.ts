// The log fields of an unexpected error. They contain no message, because a message can contain personal data.
import type { LogFields } from './log.ts';

/** Returns the class of an error, its code, and the first stack frame in this program, such as `src/app.ts:12`. */
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
