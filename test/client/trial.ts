// An import under everything that can befall it: slow answers, faults of all kinds, an importer and a gateway that are
// killed. The gateway and the importer are processes of their own, Redis keeps the keys, and what counts in the end is what
// the emulator has.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SCENARIOS } from '../../emulator/emulator.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { seededRandom } from '../../src/runtime/random.ts';
import { type Fleet, startFleet } from '../support/fleet.ts';
import { endWithUs } from '../support/guard.ts';
import { tokenOf } from '../support/product.ts';

/** The display name of all phones of the import. */
const NAME = 'Imported';
/** Milliseconds between one look at what is there and the next. */
const LOOK_MS = 20;
const COMMAND = join(import.meta.dirname, '../../client/cli/main.ts');

export interface TrialOptions {
  readonly phones: number;
  readonly latencyMs: number;
  /** Of the requests that a fault can strike, how many it strikes, from 0 to 1. */
  readonly share: number;
  /** How often the importer is killed, and how often the gateway. */
  readonly kills: number;
  readonly people: number;
  /** How long the importer tries one phone. */
  readonly patienceSeconds: number;
  /** Whether time leaps on when the importer has left something over, so that nobody has to wait five minutes. */
  readonly leaps: boolean;
}

export interface Verdict {
  readonly seconds: number;
  /** Until nine of ten phones were there. The gateway waits five minutes for those that it had sent when it was killed. */
  readonly secondsToMost: number;
  /** Phones of the file that nobody has. */
  readonly lost: number;
  /** Phones that are there more often than in the file. */
  readonly doubled: number;
  /** How often the importer was started. */
  readonly starts: number;
  /** How often each was killed while it was at work. */
  readonly importerKills: number;
  readonly gatewayKills: number;
  /** What the last importer wrote. */
  readonly said: string;
}

export async function runTrial(options: TrialOptions): Promise<Verdict> {
  const { phones, latencyMs: ms, share, people } = options;
  const latency = { leastMs: ms, mostMs: ms, random: seededRandom(3) };
  const scenarios = SCENARIOS.filter(({ name }) => !BLOCKING.has(name));
  const randomFaults = { scenarios, rate: share, random: seededRandom(5) };
  await using fleet = await startFleet({ count: 1, emulator: { latency, randomFaults, people } });
  const folder = await mkdtemp(join(tmpdir(), 'import-'));
  try {
    const wanted = numbersOf(fleet, phones);
    const file = join(folder, 'phones.csv');
    await writeFile(file, tableOf(wanted));
    const began = performance.now();
    let secondsToMost = 0;
    const onPresent = (count: number): void => {
      if (secondsToMost === 0 && count >= phones * 0.9) secondsToMost = (performance.now() - began) / 1_000;
    };
    const told = await importPatiently(fleet, file, options, onPresent);
    const seconds = (performance.now() - began) / 1_000;
    return { seconds, secondsToMost, ...compare(fleet, wanted), ...told };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The faults that the trial leaves out: this one blocks the caller for a day. */
const BLOCKING = new Set(['throttled-huge']);

interface Wanted {
  readonly userId: string;
  readonly number: string;
}

/** Nine of ten people have one phone; of the others, one in five has five. */
function numbersOf({ emulator }: Fleet, count: number): readonly Wanted[] {
  const ids = emulator.people.slice(12).map(({ id }) => id);
  return Array.from({ length: count }, (_, at) => ({
    userId: ids[at % 10 === 0 ? Math.floor(at / 50) * 10 : at % ids.length] ?? '',
    number: `+1 425 555 ${String(100_000 + at)}`,
  }));
}

function tableOf(wanted: readonly Wanted[]): string {
  const rows = wanted.map(({ userId, number }) => `${userId},${number},MOBILE,${NAME}\n`);
  return `user,number,type,name\n${rows.join('')}`;
}

/** How often each phone of the import is there. */
function present({ emulator }: Fleet): ReadonlyMap<string, number> {
  const there = new Map<string, number>();
  for (const { id } of emulator.people)
    for (const { number, displayName } of emulator.phonesOf(id)) {
      const name = `${id} ${number}`;
      if (displayName === NAME) there.set(name, (there.get(name) ?? 0) + 1);
    }
  return there;
}

function compare(fleet: Fleet, wanted: readonly Wanted[]): Pick<Verdict, 'lost' | 'doubled'> {
  const there = present(fleet);
  const lost = wanted.filter(({ userId, number }) => !there.has(`${userId} ${number}`)).length;
  const found = [...there.values()].reduce((sum, times) => sum + times, 0);
  return { lost, doubled: found - (wanted.length - lost) };
}

type Told = Pick<Verdict, 'starts' | 'importerKills' | 'gatewayKills' | 'said'>;

/** Starts the importer until all is done. It and the gateway are killed by turns, at even parts of the work. */
async function importPatiently(
  fleet: Fleet,
  file: string,
  options: TrialOptions,
  onPresent: (count: number) => void,
): Promise<Told> {
  const told = { starts: 0, importerKills: 0, gatewayKills: 0, said: '' };
  const stages = 2 * options.kills + 1;
  let stage = 1;
  for (;;) {
    const importer = await startImport(fleet, file, options.patienceSeconds);
    told.starts += 1;
    while (stage < stages && (await importer.reaches((options.phones * stage) / stages))) {
      stage += 1;
      if (told.importerKills === told.gatewayKills) {
        importer.child.kill('SIGKILL');
        told.importerKills += 1;
        break;
      }
      await fleet.kill(0);
      told.gatewayKills += 1;
      await fleet.restart(0);
    }
    void importer.reaches(options.phones * 0.9).then(() => onPresent(present(fleet).size));
    const code = await importer.ended;
    told.said = importer.said();
    if (code === 0 || told.starts === MOST_STARTS) return told;
    if (code !== null && options.leaps) await leap(fleet);
  }
}

/** More than any trial needs. */
const MOST_STARTS = 20;

/** Takes the gateway past the time after which what was sent and never seen has come to nothing. */
async function leap(fleet: Fleet): Promise<void> {
  await fleet.emulatorIdle();
  await fleet.leap();
}

interface Importer {
  readonly child: ChildProcess;
  /** Whether it adds so many phones, or more, before it ends. */
  reaches(count: number): Promise<boolean>;
  /** Its exit code; null for one that was killed. */
  readonly ended: Promise<number | null>;
  /** All that it has written to stderr. */
  said(): string;
}

async function startImport(fleet: Fleet, file: string, patienceSeconds: number): Promise<Importer> {
  const token = `${file}.token`;
  await writeFile(token, tokenOf(fleet.emulator, 'admin'));
  const args = ['import', file, '--url', fleet.urls[0] ?? '', '--token-file', token];
  const child = spawn(process.execPath, [COMMAND, ...args, '--patience', String(patienceSeconds)], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  endWithUs(child);
  let text = '';
  child.stderr.setEncoding('utf8').on('data', (piece: string) => {
    text += piece;
  });
  let isOver = false;
  const ended = once(child, 'close').then(([code]) => {
    isOver = true;
    return code as number | null;
  });
  return {
    child,
    ended,
    said: () => text,
    async reaches(count) {
      while (!isOver) {
        if (present(fleet).size >= count) return true;
        await systemClock.sleep(LOOK_MS);
      }
      return false;
    },
  };
}
