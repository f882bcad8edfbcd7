// Prints a demo token, signed by the Entra ID of an emulator that is running: `npm run token -- NAME`. Nothing but the
// token goes to stdout, so that it can stand in a command line. Exits with 2 when it is called wrongly, with 1 when
// there is nobody of that name, or no emulator.
import { request } from 'node:http';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { DEMO_PATH } from './entra/demo-endpoint.ts';
import { readPort } from './ports.ts';

const HELP = `npm run token -- NAME [--for gateway|graph] [--port PORT]

Prints an access token of NAME: a demo caller, a user principal name, or an object id.

  --for gateway  for the gateway with AUTH_MODE=entra; the default
  --for graph    for Microsoft Graph itself, and for the gateway with AUTH_MODE=pass-through
  --port PORT    where the emulator listens (default: EMULATOR_PORT, else 4010)
  --help         this text
`;

interface Reply {
  readonly token?: string;
  readonly error?: string;
  readonly names?: readonly { readonly name: string; readonly description: string }[];
}

async function main(): Promise<void> {
  const { help, port, ...wanted } = readCommand();
  if (help) {
    process.stdout.write(HELP);
    return;
  }
  const { token, error, names = [] } = await ask(port, JSON.stringify(wanted));
  if (token !== undefined) {
    process.stdout.write(`${token}\n`);
    return;
  }
  const list = names.map(({ name, description }) => `  ${name.padEnd(15)} ${description}\n`);
  process.stderr.write(
    `${error}${names.length === 0 ? '' : '; there are, beside everybody in the tenant:'}\n`,
  );
  process.stderr.write(list.join(''));
  process.exitCode = wanted.name === undefined ? 2 : 1;
}

function readCommand(): { help: boolean; port: number; name: string | undefined; for: string } {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      for: { type: 'string', default: 'gateway' },
      port: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  const [name, ...more] = positionals;
  if (more.length > 0) throw new TypeError(`one name at a time, not ${positionals.join(' ')}`);
  if (!['gateway', 'graph'].includes(values.for))
    throw new TypeError(`--for must be gateway or graph, not ${values.for}`);
  const port = readPort(values.port, process.env['EMULATOR_PORT']);
  return { help: values.help, port, name, for: values.for };
}

function ask(port: number, body: string): Promise<Reply> {
  const options = {
    host: '127.0.0.1',
    port,
    path: DEMO_PATH,
    method: 'POST',
    headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
  };
  return new Promise((resolve, reject) => {
    const sent = request(options, async (response) => {
      const chunks: Buffer[] = await response.toArray();
      try {
        resolve(JSON.parse(Buffer.concat(chunks).toString()) as Reply);
      } catch {
        reject(new Unanswered(`what listens on port ${port} is no emulator`));
      }
    });
    sent.on('error', () => {
      reject(new Unanswered(`no emulator answers on port ${port}: start one with npm start`));
    });
    sent.end(body);
  });
}

class Unanswered extends Error {}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof Unanswered ? 1 : 2;
});
