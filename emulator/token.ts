// Prints a signed demo token of a running emulator: `npm run token -- NAME`. Stdout holds nothing but the token, so
// that it can be used in a shell substitution. Exits with 2 for wrong arguments, and with 1 when there is no such name
// or no emulator.
import { request } from 'node:http';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { DEMO_PATH } from './entra/demo-endpoint.ts';
import { readPort } from './ports.ts';

const HELP = `npm run token -- NAME [--for gateway|graph] [--port PORT]

Prints an access token for NAME: the name of a demo token, a user principal name, or an object id.

  --for gateway  a token for the gateway with AUTH_MODE=entra (default)
  --for graph    a token for Microsoft Graph, and for the gateway with AUTH_MODE=pass-through
  --port PORT    the port of the emulator (default: EMULATOR_PORT, else 4010)
  --help         print this text
`;

interface TokenReply {
  readonly token?: string;
  readonly error?: string;
  readonly names?: readonly { readonly name: string; readonly description: string }[];
}

async function main(): Promise<void> {
  const { help, port, ...parameters } = readCommand();
  if (help) {
    process.stdout.write(HELP);
    return;
  }
  const { token, error, names = [] } = await requestToken(port, JSON.stringify(parameters));
  if (token !== undefined) {
    process.stdout.write(`${token}\n`);
    return;
  }
  const list = names.map(({ name, description }) => `  ${name.padEnd(15)} ${description}\n`);
  process.stderr.write(
    `${error}${names.length === 0 ? '' : '. Besides the people of the tenant, these names are known:'}\n`,
  );
  process.stderr.write(list.join(''));
  process.exitCode = parameters.name === undefined ? 2 : 1;
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
  if (more.length > 0) throw new TypeError(`expected one name, not ${positionals.join(' ')}`);
  if (!['gateway', 'graph'].includes(values.for))
    throw new TypeError(`--for must be gateway or graph, not ${values.for}`);
  const port = readPort(values.port, process.env['EMULATOR_PORT']);
  return { help: values.help, port, name, for: values.for };
}

function requestToken(port: number, body: string): Promise<TokenReply> {
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
        resolve(JSON.parse(Buffer.concat(chunks).toString()) as TokenReply);
      } catch {
        reject(new EmulatorUnavailable(`the server on port ${port} is not an emulator`));
      }
    });
    sent.on('error', () => {
      reject(new EmulatorUnavailable(`no emulator is running on port ${port}: start one with npm start`));
    });
    sent.end(body);
  });
}

class EmulatorUnavailable extends Error {}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof EmulatorUnavailable ? 1 : 2;
});
