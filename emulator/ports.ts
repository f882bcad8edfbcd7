// The port of the command lines: the option, else EMULATOR_PORT, else 4010.

/** @throws TypeError that names the wrong setting */
export function readPort(option: string | undefined, variable: string | undefined): number {
  const [name, text] = option === undefined ? ['EMULATOR_PORT', variable] : ['--port', option];
  if (text === undefined || text === '') return 4010;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(port <= 65_535)) throw new TypeError(`${name} must be a whole number from 0 to 65535, not ${text}`);
  return port;
}
