// What a part of the program may say to the operator. The shape is pino's, so that a pino logger is one; the rule is
// ours: fields are named one by one, and none ever holds a phone number, a display name, a token or a request body.

export interface Logger {
  debug(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
}

/** Flat on purpose: an object handed over whole is how personal data ends up in logs. */
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

export const silentLogger: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
};
