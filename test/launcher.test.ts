// The launcher (bin/run.js): which Node it selects, and that signals and exit codes pass through it. It runs in a temporary
// folder, whose package.json requires a Node that does not exist, and whose dependency is a script.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WITHOUT_EXECVE } from './support/launched.ts';

const ROOT = join(import.meta.dirname, '..');
const NAME = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;

/** Prints how it was started, then does what its arguments say. */
const PROGRAM = `
  const [task, ...args] = process.argv.slice(2);
  process.stdout.write(JSON.stringify({ pid: process.pid, ppid: process.ppid, taken: process.env.TAKEN, args }) + '\\n');
  if (task === 'exit') process.exitCode = Number(args[0]);
  if (task === 'die') process.kill(process.pid, args[0]);
  if (task === 'hear') {
    const end = setInterval(() => {}, 1000);
    process.on(args[0], () => {
      clearInterval(end);
      process.stdout.write('heard\\n', () => process.exit(9));
    });
    process.stdout.write('listening\\n');
  }
`;
/** A fake Node that prints that it was selected. */
const NODE = `#!/bin/sh\nTAKEN=1 exec "${process.execPath}" "$@"\n`;

interface Dependency {
  readonly name?: string;
  /** Null when it is not installed. */
  readonly script?: string | null;
}

/** @returns the path of the launcher in the folder */
function install(engines: string, { name = NAME, script = NODE }: Dependency = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'launcher-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text, { mode: 0o755 });
  };
  const manifest = { type: 'module', engines: { node: engines }, optionalDependencies: { [name]: '1.0.0' } };
  write('package.json', JSON.stringify(manifest));
  write('program.ts', `const typed: number = 1; void typed;${PROGRAM}`);
  if (script !== null) {
    write(`node_modules/${name}/package.json`, JSON.stringify({ name, bin: { node: 'somewhere/node' } }));
    write(`node_modules/${name}/somewhere/node`, script);
  }
  write('bin/run.js', '');
  copyFileSync(join(ROOT, 'bin/run.js'), join(folder, 'bin/run.js'));
  return join(folder, 'bin/run.js');
}

const MODES = [
  ['in whose place it goes', []],
  ['that it waits for', ['--import', WITHOUT_EXECVE]],
] as const;

function start(launcher: string, before: readonly string[], ...args: string[]): ChildProcess {
  const child = spawn(process.execPath, [...before, launcher, join(launcher, '../../program.ts'), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

async function run(launcher: string, before: readonly string[], ...args: string[]) {
  const child = start(launcher, before, ...args);
  const said = readFirst(child);
  const [code, signal] = await once(child, 'close');
  return { code, signal, pid: child.pid, said: JSON.parse(await said) };
}

async function readFirst({ stdout }: ChildProcess): Promise<string> {
  for await (const line of createInterface({ input: stdout as NonNullable<typeof stdout> })) return line;
  return 'null';
}

describe.each(MODES)('a program %s', (mode, before) => {
  it('runs on the current Node when that is new enough', async () => {
    const { code, pid, said } = await run(install('>=24.12'), before, 'exit', '0', 'a b', '--c');
    expect(code).toBe(0);
    expect(said).toMatchObject({ args: ['0', 'a b', '--c'] });
    expect(said).not.toHaveProperty('taken');
    expect(mode === MODES[0][0] ? said.pid : said.ppid).toBe(pid);
  });

  it('runs on the dependency of this platform otherwise', async () => {
    const { pid, said } = await run(install('>=99.1'), before, 'exit', '0', 'a b', '--c');
    expect(said).toMatchObject({ taken: '1', args: ['0', 'a b', '--c'] });
    expect(mode === MODES[0][0] ? said.pid : said.ppid).toBe(pid);
  });

  it('exits with the exit code of the program', async () => {
    expect(await run(install('>=99'), before, 'exit', '7')).toMatchObject({ code: 7, signal: null });
  });

  it.each(['SIGKILL', 'SIGTERM'])('ends by the signal of the program, %s', async (signal) => {
    expect(await run(install('>=99'), before, 'die', signal)).toMatchObject({ code: null, signal });
  });

  it.each(['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGUSR2'] as const)('receives %s', async (signal) => {
    const child = start(install('>=99'), before, 'hear', signal);
    const lines: string[] = [];
    for await (const line of createInterface({ input: child.stdout as NonNullable<typeof child.stdout> })) {
      lines.push(line);
      if (line === 'listening') child.kill(signal);
    }
    const [code] = child.exitCode === null ? await once(child, 'exit') : [child.exitCode];
    expect(lines.slice(1)).toEqual(['listening', 'heard']);
    expect(code).toBe(9);
  });
});

describe('without a supported Node', () => {
  const fails = (launcher: string): Promise<{ code: number | null; stdout: string; stderr: string }> =>
    new Promise((resolve) => {
      const child = execFile(process.execPath, [launcher, 'program.ts'], (_error, stdout, stderr) =>
        resolve({ code: child.exitCode, stdout, stderr }),
      );
    });
  const start = `Node 99.1 or later is required, and this is ${process.versions.node}: `;

  it('names the missing dependency in one line', async () => {
    expect(await fails(install('>=99.1', { script: null }))).toEqual({
      code: 1,
      stdout: '',
      stderr: `${start}npm ci installs it in ${NAME}; do not omit optional dependencies.\n`,
    });
  });

  it('reports that there is none for this platform', async () => {
    expect(await fails(install('>=99.1', { name: 'node-plan9-mips' }))).toEqual({
      code: 1,
      stdout: '',
      stderr: `${start}npm has none for ${NAME.replace('node-', '')}; install it from https://nodejs.org.\n`,
    });
  });

  it('reports that the installed one does not run here', async () => {
    const launcher = install('>=99.1', { script: '#!/no/such/loader\n' });
    const { code, stderr } = await fails(launcher);
    expect(code).toBe(1);
    expect(stderr).toBe(
      `${start}${join(launcher, `../../node_modules/${NAME}/somewhere/node`)} does not run on this system; install another from https://nodejs.org.\n`,
    );
  });
});

describe('every npm script', () => {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));

  it.each(Object.entries<string>(scripts))('%s uses the launcher', (_name, command) => {
    for (const part of command.split(' && ')) {
      if (/^npm (run \S+|test)$/.test(part)) continue;
      const [, target = ''] = /^(?:exec )?node bin\/run\.js (\S+)/.exec(part) ?? [];
      expect(part).toMatch(/^(exec )?node bin\/run\.js \S+/);
      expect(existsSync(join(ROOT, target))).toBe(true);
    }
  });

  it.each(['start', 'start:emulator'])('%s replaces its shell, also on Windows', (name) => {
    expect(scripts[name]).toMatch(/^exec /);
    expect(readFileSync(join(ROOT, 'exec.cmd'), 'utf8')).toMatch(/^@%\*\r?$/m);
  });
});
