// The emulator by itself: `npm run start:emulator -- --help`. Reads the command line, starts, says where it is and how
// to talk to it, and stops on SIGINT and SIGTERM.
import process from 'node:process';
import { parseArgs } from 'node:util';
import { systemClock } from '../base/clock.ts';
import { seededRandom } from '../base/random.ts';
import { readPort } from './ports.ts';
import type { Emulator, EmulatorOptions } from './server.ts';
import { startEmulator } from './server.ts';

const HELP = `Microsoft Graph for the phones of profiles, and Entra ID for its tokens, on this machine.

  --port PORT     where to listen; 0 takes a free port (default: EMULATOR_PORT, else 4010)
  --drafts        also answer the paths of the documentation's early drafts
  --file PATH     keep the tenant in this JSON file between runs
  --people COUNT  how many people to make up, 12 to 100000 (default: 200)
  --help          this text
`;

/** The same people with the same ids every time, so that what was pasted yesterday works today. */
const SEED = 2020;

async function main(): Promise<void> {
  const options = readOptions();
  if (options === 'help') {
    process.stdout.write(HELP);
    return;
  }
  const emulator = await startEmulator(options);
  process.stdout.write(greeting(emulator));
  const stop = (): void => {
    emulator.close().catch(fail);
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

/** @throws an error that says which option is wrong */
function readOptions(): EmulatorOptions | 'help' {
  const { values } = parseArgs({
    options: {
      port: { type: 'string' },
      drafts: { type: 'boolean', default: false },
      file: { type: 'string' },
      people: { type: 'string', default: '200' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  return {
    clock: systemClock,
    random: seededRandom(SEED),
    port: readPort(values.port, process.env['EMULATOR_PORT']),
    drafts: values.drafts,
    people: Number(values.people),
    ...(values.file === undefined ? {} : { file: values.file }),
  };
}

function greeting({ url, tokens, people, entra }: Emulator): string {
  const lines = tokens.map(({ token, description }) => `  ${token.padEnd(26)}  ${description}`);
  return `Microsoft Graph emulator at ${url}/beta with ${people.length} people
Microsoft Entra ID at ${entra.authority}/${entra.tenantId}/v2.0; npm run token -- NAME prints a token that it signed

Tokens:
${lines.join('\n')}

Try:
  curl -H "Authorization: Bearer demo-token-innocenty" ${url}/beta/me/profile/phones
`;
}

function fail(error: unknown): void {
  const { message, cause } = error as Error;
  const because = cause instanceof Error ? `: ${cause.message}` : '';
  process.stderr.write(`${message}${because}\n`);
  process.exitCode = 1;
}

main().catch(fail);
