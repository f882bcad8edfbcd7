// The logger interface. A pino logger implements it. Fields are listed one by one, and none contains a phone number, a display
// name, a token or a request body.

export interface Logger {
  debug(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
}

/** The fields are flat on purpose: logging whole objects is how personal data gets into logs. */
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

export const silentLogger: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
};
