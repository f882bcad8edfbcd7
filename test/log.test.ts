// A log that cannot be written: a full disk, a closed pipe, a pipe that nobody reads. Requests are served, and logging works
// again afterwards. Every line is either in the log or counted as lost.
import { execFileSync } from 'node:child_process';
import {
  closeSync,
  constants,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  truncateSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { until } from './support/emulator.ts';
import { type Launched, launch } from './support/launched.ts';
import { createClient } from './support/processes.ts';
import { isRedisMissing, redisSkipped } from './support/redis.ts';

const NODE = process.execPath;
const ANSWER = '{"data":{"me":{"displayName":"Innocenty Popov"}}}\n';
const environment = { RATE_LIMIT: '0', LIMIT_EVENT_LOOP_DELAY_MS: '0' };
const CLIENTS = 8;
const { O_RDONLY, O_WRONLY, O_NONBLOCK } = constants;

/** Sends operations with this name, which log one line each. Resolves when all responses are correct. */
async function operate({ url }: Launched, name: string, many: number): Promise<void> {
  let left = many;
  const clients = Array.from({ length: CLIENTS }, () => createClient(url));
  const answers = await Promise.all(
    clients.map(async (client) => {
      const bodies = new Set<string>();
      while (left > 0) {
        left -= 1;
        bodies.add((await client.ask(`query ${name} { me { displayName } }`)).body);
      }
      client.close();
      return [...bodies];
    }),
  );
  expect(new Set(answers.flat())).toEqual(new Set([ANSWER]));
}

async function lost({ adminUrl }: Launched): Promise<number> {
  const text = await (await fetch(`${adminUrl}/metrics`)).text();
  return Number(/^log_lines_lost_total (\d+)$/m.exec(text)?.[1]);
}

async function endWith0({ child, ended, adminUrl }: Launched): Promise<void> {
  expect((await fetch(`${adminUrl}/readyz`)).status).toBe(200);
  child.kill('SIGTERM');
  expect(await ended).toEqual({ code: 0, signal: null });
}

const countOf = (text: string, name: string): number =>
  wholeLines(text).filter((line) => line.startsWith('{') && JSON.parse(line).operation === name).length;

const wholeLines = (text: string): string[] => text.split('\n').slice(0, -1);

function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), 'log-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** A named pipe, whose reader can close and reopen it. */
function openPipe() {
  const path = join(temporary(), 'pipe');
  execFileSync('mkfifo', [path]);
  let reading = openSync(path, O_RDONLY | O_NONBLOCK);
  const writing = openSync(path, O_WRONLY);
  onTestFinished(() => closeSync(writing));
  let text = '';
  return {
    writing,
    leave: () => closeSync(reading),
    comeBack() {
      reading = openSync(path, O_RDONLY | O_NONBLOCK);
      onTestFinished(() => closeSync(reading));
    },
    /** Everything that was read so far. */
    read(): string {
      const buffer = Buffer.alloc(65_536);
      try {
        for (let bytes = 1; bytes > 0; ) {
          bytes = readSync(reading, buffer);
          text += buffer.toString('utf8', 0, bytes);
        }
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      }
      return text;
    },
  };
}

const main = [NODE, 'src/main.ts'] as const;

describe.each([
  [1, '', false],
  [2, redisSkipped, isRedisMissing],
])('with %d processes%s', (workers, _note, isMissing) => {
  if (isMissing) it.skip('and share Redis');
  if (isMissing) return;
  const options = { command: main, environment: { ...environment, WORKERS: String(workers) } };

  it('on a full disk only log lines are lost', async () => {
    const full = openSync('/dev/full', 'w');
    onTestFinished(() => closeSync(full));
    const launched = await launch({ ...options, stderr: full });
    await until(async () => (await fetch(`${launched.adminUrl}/readyz`)).status === 200);
    await operate(launched, 'Full', 300);
    await until(async () => (await lost(launched)) >= 300);
    await operate(launched, 'Full', 10);
    await endWith0(launched);
  });

  it('without a reader log lines are lost until there is another reader', async () => {
    const pipe = openPipe();
    const launched = await launch({ ...options, stderr: pipe.writing });
    await operate(launched, 'Read', 100);
    await until(() => countOf(pipe.read(), 'Read') === 100);
    const before = await lost(launched);
    pipe.leave();
    await operate(launched, 'Gone', 100);
    await until(async () => (await lost(launched)) >= before + 100);
    pipe.comeBack();
    await operate(launched, 'Back', 100);
    await until(() => countOf(pipe.read(), 'Back') === 100);
    expect(before).toBe(0);
    expect(await lost(launched)).toBe(100);
    expect(countOf(pipe.read(), 'Gone')).toBe(0);
    await endWith0(launched);
  });
});

describe('a pipe that nobody reads', () => {
  it('loses the lines that exceed the buffer, which is limited', async () => {
    const pipe = openPipe();
    const launched = await launch({ command: main, environment, stderr: pipe.writing });
    const name = 'Unread'.padEnd(64, '_');
    const many = 6_000;
    await operate(launched, name, many);
    await until(async () => (await lost(launched)) > 0);
    await until(async () => countOf(pipe.read(), name) + (await lost(launched)) === many);
    await operate(launched, 'Read', 10);
    await until(() => countOf(pipe.read(), 'Read') === 10);
    await endWith0(launched);
  });

  it.skipIf(isRedisMissing)(
    `does not hold up the others after a worker has ended, which leaves the pipe to them as it found it${redisSkipped}`,
    async () => {
      const pipe = openPipe();
      const options = { command: main, environment: { ...environment, WORKERS: '2' }, stderr: pipe.writing };
      const launched = await launch(options);
      const ready = (): { pid: number }[] =>
        wholeLines(pipe.read())
          .map((line) => JSON.parse(line))
          .filter(({ msg }) => msg === 'a worker is ready');
      await until(() => ready().length === 2);
      process.kill(ready()[0]?.pid ?? 0, 'SIGTERM');
      await until(() => ready().length === 3);
      const many = 1_000;
      await operate(launched, 'Unread', many);
      await until(async () => countOf(pipe.read(), 'Unread') + (await lost(launched)) === many);
      await endWith0(launched);
    },
  );

  it('does not block the exit of the process', async () => {
    const pipe = openPipe();
    const launched = await launch({ command: main, environment, stderr: pipe.writing });
    await operate(launched, 'Unread', 500);
    await endWith0(launched);
  });
});

describe('a file on a full disk', () => {
  it('has complete lines only, and continues when there is space', async () => {
    const file = join(temporary(), 'log');
    // The error of a file at its maximum size differs from that of a full disk only in its code.
    const script = `ulimit -f 8; exec "${NODE}" src/main.ts 2>>"${file}"`;
    const launched = await launch({ command: ['sh', '-c', script], environment });
    await operate(launched, 'First', 100);
    /** The complete lines. No line follows a truncated one on the same line. */
    const whole = (name: string): number => {
      const lines = wholeLines(readFileSync(file, 'utf8')).filter((line) => line.endsWith('}'));
      return countOf(`${lines.join('\n')}\n`, name);
    };
    await until(async () => whole('First') + (await lost(launched)) === 100);
    expect(whole('First')).toBeGreaterThan(0);
    truncateSync(file);
    await operate(launched, 'Room', 3);
    await until(() => whole('Room') === 3);
    await endWith0(launched);
  });
});
