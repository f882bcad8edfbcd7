// The emulator by itself: `npm run start:emulator -- --help`. Reads the command line, starts, says where it is and how
// to talk to it, and stops on SIGINT and SIGTERM.
import process from 'node:process';
import { parseArgs } from 'node:util';
import type { Emulator, EmulatorOptions } from './emulator.ts';
import { startEmulator } from './emulator.ts';
import { readLatency } from './faults/latency.ts';
import { list, MIXED, MIXED_PERCENT, readScenarios } from './faults/scenarios.ts';
import type { SourceForm } from './odata/model.ts';
import { readPort } from './ports.ts';
import { systemClock } from './runtime/clock.ts';
import { seededRandom } from './runtime/random.ts';

const HELP = `Microsoft Graph for the phones of profiles, and Entra ID for its tokens, on this machine.

  --port PORT     where to listen; 0 takes a free port (default: EMULATOR_PORT, else 4010)
  --drafts        also answer the paths of the documentation's early drafts
  --file PATH     keep the tenant in this JSON file between runs
  --source FORM   what source.type may be in a body: text, list, or either (default: either)
  --people COUNT  how many people to make up, 12 to 100000 (default: 200)
  --shared-ids    people share the ids of phones, and some numbers and names
  --faults NAMES  what goes wrong, with commas between; list prints the names, and mixed is a little of everything
  --fault-percent PERCENT
                  how many of the requests that a fault can strike it does strike (default: 100; 5 for mixed)
  --fault-seed N  a whole number: the same requests are struck by the same faults (default: 2020)
  --latency MS    how long every request takes, such as 250, or 200-300 for a spread (default: 0)
  --help          this text
`;

/** The same people with the same ids every time, so that what was pasted yesterday works today. */
const SEED = 2020;

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
  // Whoever started it may have stopped reading.
  process.stdout.on('error', () => undefined);
  process.stdout.write(greeting(emulator, options));
}

/**
 * What to start, or what to say instead.
 *
 * @throws an error that says which option is wrong
 */
function readOptions(): EmulatorOptions | string {
  const { values } = parseArgs({
    options: {
      port: { type: 'string' },
      drafts: { type: 'boolean', default: false },
      file: { type: 'string' },
      source: { type: 'string', default: 'either' },
      people: { type: 'string', default: '200' },
      'shared-ids': { type: 'boolean', default: false },
      faults: { type: 'string' },
      'fault-percent': { type: 'string' },
      'fault-seed': { type: 'string', default: String(SEED) },
      latency: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return HELP;
  if (values.faults === 'list') return list();
  return {
    clock: systemClock,
    random: seededRandom(SEED),
    port: readPort(values.port, process.env['EMULATOR_PORT']),
    drafts: values.drafts,
    sourceForm: readSourceForm(values.source),
    people: Number(values.people),
    sharedIds: values['shared-ids'],
    ...(values.file === undefined ? {} : { file: values.file }),
    ...(values.latency === undefined
      ? {}
      : { latency: { ...readLatency(values.latency), random: seededRandom(SEED) } }),
    ...readWeather(values),
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

function readWeather(values: FaultValues): Pick<EmulatorOptions, 'weather'> {
  const { faults, 'fault-percent': percentage, 'fault-seed': seed } = values;
  if (!/^-?\d{1,9}$/.test(seed)) throw new TypeError(`--fault-seed must be a whole number, not ${seed}`);
  const percent = Number(percentage ?? (faults === MIXED ? MIXED_PERCENT : 100));
  if (percentage?.trim() === '' || !(percent >= 0 && percent <= 100))
    throw new TypeError(`--fault-percent must be a number from 0 to 100, not ${percentage}`);
  if (faults === undefined) return {};
  const scenarios = readScenarios(faults);
  return { weather: { scenarios, share: percent / 100, random: seededRandom(Number(seed)) } };
}

function greeting({ url, tokens, people, entra }: Emulator, { weather, latency }: EmulatorOptions): string {
  const lines = tokens.map(({ token, description }) => `  ${token.padEnd(26)}  ${description}`);
  return `Microsoft Graph emulator at ${url}/beta with ${people.length} people
Microsoft Entra ID at ${entra.authority}/${entra.tenantId}/v2.0; npm run token -- NAME prints a token that it signed
${forecast(weather)}${pace(latency)}
Tokens:
${lines.join('\n')}

Try:
  curl -H "Authorization: Bearer demo-token-innocenty" ${url}/beta/me/profile/phones
`;
}

function forecast(weather: EmulatorOptions['weather']): string {
  if (weather === undefined) return '';
  const names = weather.scenarios.map(({ name }) => name).join(', ');
  return `Of a hundred requests, ${weather.share * 100} that can be are struck by: ${names}\n`;
}

function pace(latency: EmulatorOptions['latency']): string {
  return latency === undefined ? '' : `Every request takes ${latency.leastMs} to ${latency.mostMs} ms\n`;
}

function fail(error: unknown): void {
  const { message, cause } = error as Error;
  const because = cause instanceof Error ? `: ${cause.message}` : '';
  process.stderr.write(`${message}${because}\n`);
  process.exitCode = 1;
}

main().catch(fail);
