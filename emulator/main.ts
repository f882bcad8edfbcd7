// The command line of the emulator: `npm run start:emulator -- --help`. Starts it, prints its address and its tokens,
// and stops on SIGINT and SIGTERM.
import process from 'node:process';
import { parseArgs } from 'node:util';
import type { Emulator, EmulatorOptions } from './emulator.ts';
import { startEmulator } from './emulator.ts';
import { readLatency } from './faults/latency.ts';
import { MIXED, MIXED_PERCENT, readScenarios, scenarioList } from './faults/scenarios.ts';
import type { SourceForm } from './odata/model.ts';
import { readPort } from './ports.ts';
import { systemClock } from './runtime/clock.ts';
import { seededRandom } from './runtime/random.ts';
import { DEFAULT_SEED } from './tenant/seed.ts';

const HELP = `Emulates Microsoft Graph for the phones of profiles, and the Entra ID that issues its tokens.

npm run start:emulator -- [options]

  --port PORT     the port to listen on; 0 uses a free port (default: EMULATOR_PORT, else 4010)
  --host ADDRESS  the address to listen on (default: 127.0.0.1); whoever can connect can control the emulator
  --drafts        also serve the paths of the documentation's early drafts
  --file PATH     keep the tenant in this JSON file between runs
  --source FORM   the accepted form of source.type: text, list or either (default: either)
  --people COUNT  the number of people in the tenant, 12 to 100000 (default: 200)
  --shared-ids    let people share the ids of phones, and some numbers and names
  --faults NAMES  the faults to inject, separated by commas; mixed injects all of them, list prints their names
  --fault-percent PERCENT
                  the percentage of matching requests that are affected (default: 100; 5 for mixed)
  --fault-seed N  the seed that selects the affected requests, a whole number (default: 2020)
  --latency MS    the latency of every request in milliseconds, such as 250, or 200-300 for a range (default: 0)
  --help          print this text
`;

async function main(): Promise<void> {
  const options = readOptions();
  if (typeof options === 'string') {
    process.stdout.write(options);
    return;
  }
  const emulator = await startEmulator(options);
  const stop = (): void => {
    emulator.close().catch(fail);
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  // The reader of stdout may have closed it.
  process.stdout.on('error', () => undefined);
  process.stdout.write(startupMessage(emulator, options));
}

/**
 * Returns the options, or a text to print instead.
 *
 * @throws TypeError that names the wrong option
 */
function readOptions(): EmulatorOptions | string {
  const { values } = parseArgs({
    options: {
      port: { type: 'string' },
      host: { type: 'string', default: '127.0.0.1' },
      drafts: { type: 'boolean', default: false },
      file: { type: 'string' },
      source: { type: 'string', default: 'either' },
      people: { type: 'string', default: '200' },
      'shared-ids': { type: 'boolean', default: false },
      faults: { type: 'string' },
      'fault-percent': { type: 'string' },
      'fault-seed': { type: 'string', default: String(DEFAULT_SEED) },
      latency: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return HELP;
  if (values.faults === 'list') return scenarioList();
  return {
    clock: systemClock,
    random: seededRandom(DEFAULT_SEED),
    port: readPort(values.port, process.env['EMULATOR_PORT']),
    host: values.host,
    drafts: values.drafts,
    sourceForm: readSourceForm(values.source),
    people: Number(values.people),
    sharedIds: values['shared-ids'],
    ...(values.file === undefined ? {} : { file: values.file }),
    ...(values.latency === undefined
      ? {}
      : { latency: { ...readLatency(values.latency), random: seededRandom(DEFAULT_SEED) } }),
    ...readRandomFaults(values),
  };
}

function readSourceForm(form: string): SourceForm {
  if (form === 'text' || form === 'list' || form === 'either') return form;
  throw new TypeError(`--source must be text, list or either, not ${form}`);
}

interface FaultValues {
  readonly faults?: string | undefined;
  readonly 'fault-percent'?: string | undefined;
  readonly 'fault-seed': string;
}

function readRandomFaults(values: FaultValues): Pick<EmulatorOptions, 'randomFaults'> {
  const { faults, 'fault-percent': percentage, 'fault-seed': seed } = values;
  if (!/^-?\d{1,9}$/.test(seed)) throw new TypeError(`--fault-seed must be a whole number, not ${seed}`);
  const percent = Number(percentage ?? (faults === MIXED ? MIXED_PERCENT : 100));
  if (percentage?.trim() === '' || !(percent >= 0 && percent <= 100))
    throw new TypeError(`--fault-percent must be a number from 0 to 100, not ${percentage}`);
  if (faults === undefined) return {};
  const scenarios = readScenarios(faults);
  return { randomFaults: { scenarios, rate: percent / 100, random: seededRandom(Number(seed)) } };
}

function startupMessage(
  { url, tokens, people, entra }: Emulator,
  { randomFaults, latency }: EmulatorOptions,
): string {
  const lines = tokens.map(({ token, description }) => `  ${token.padEnd(26)}  ${description}`);
  return `Microsoft Graph emulator at ${url}/beta with ${people.length} people
Microsoft Entra ID at ${entra.authority}/${entra.tenantId}/v2.0; npm run token -- NAME prints a signed token
${describeFaults(randomFaults)}${describeLatency(latency)}
Tokens:
${lines.join('\n')}

Try:
  curl -H "Authorization: Bearer demo-token-innocenty" ${url}/beta/me/profile/phones
`;
}

function describeFaults(randomFaults: EmulatorOptions['randomFaults']): string {
  if (randomFaults === undefined) return '';
  const names = randomFaults.scenarios.map(({ name }) => name).join(', ');
  return `Faults in ${randomFaults.rate * 100}% of matching requests: ${names}\n`;
}

function describeLatency(latency: EmulatorOptions['latency']): string {
  return latency === undefined
    ? ''
    : `Latency of every request: ${latency.leastMs} to ${latency.mostMs} ms\n`;
}

function fail(error: unknown): void {
  const { message, cause } = error as Error;
  const reason = cause instanceof Error ? `: ${cause.message}` : '';
  process.stderr.write(`${message}${reason}\n`);
  process.exitCode = 1;
}

main().catch(fail);
