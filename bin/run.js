// Runs a program of this package on a Node that can: `node bin/run.js src/main.ts …`, for every Node from 18 on, since this
// file is plain JavaScript. It takes the Node that runs it where `engines` allows that, else the one that came with
// `npm ci` for this platform, by its path; npm 9 and 10 do not link that one to node_modules/.bin.
//
// It puts the program in its own place (execve), so that signals and the exit code are the program's. A Node before 22.15
// and Windows cannot do that; there it waits for the program, passes signals on and ends as the program ended.
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { isatty } from 'node:tty';

const require = createRequire(import.meta.url);
const { engines, optionalDependencies } = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
);
const isWindows = process.platform === 'win32';
const platform = `${isWindows ? 'win' : process.platform}-${process.arch}`;
/** The least major and minor version. */
const needed = engines.node.replace('>=', '');

function isNewEnough(version) {
  const [major, minor] = version.split('.').map(Number);
  const [leastMajor, leastMinor = 0] = needed.split('.').map(Number);
  return major > leastMajor || (major === leastMajor && minor >= leastMinor);
}

/** The path of the Node that is a dependency; null where it is not installed. */
function installedNode(name) {
  try {
    const manifest = require.resolve(`${name}/package.json`);
    return join(dirname(manifest), require(manifest).bin.node);
  } catch {
    return null;
  }
}

function fail(reason) {
  process.stderr.write(
    `Node ${needed} or later is needed, and this is ${process.versions.node}: ${reason}\n`,
  );
  process.exit(1);
}

function findNode() {
  if (isNewEnough(process.versions.node)) return process.execPath;
  const name = Object.keys(optionalDependencies).find((known) => known.endsWith(`-${platform}`));
  if (name === undefined) fail(`npm has none for ${platform}; install it from https://nodejs.org.`);
  const path = installedNode(name);
  if (path === null) fail(`npm ci installs it in ${name}; do not omit optional dependencies.`);
  // It may be for another C library, such as on Alpine Linux.
  if (spawnSync(path, ['--version']).status !== 0) {
    fail(`${path} does not run on this system; install another from https://nodejs.org.`);
  }
  return path;
}

/**
 * What a terminal sends, it sends to the program too; passed on, it would come twice, and a second one means haste. Windows
 * has no signals to pass on: it tells every process of a console by itself.
 */
function signalsToHear() {
  if (isWindows) return { passedOn: [], ignored: ['SIGINT', 'SIGBREAK', 'SIGHUP'] };
  const always = ['SIGTERM', 'SIGHUP', 'SIGUSR2'];
  const ofTerminals = ['SIGINT', 'SIGQUIT'];
  if ([0, 1, 2].some(isatty)) return { passedOn: always, ignored: ofTerminals };
  return { passedOn: [...always, ...ofTerminals], ignored: [] };
}

function waitFor(path, args) {
  // Nothing is said over the channel. It breaks when this process is killed, and then a program that serves goes too.
  const child = spawn(path, args, { stdio: ['inherit', 'inherit', 'inherit', 'ipc'] });
  const { passedOn, ignored } = signalsToHear();
  for (const signal of passedOn) process.on(signal, () => child.kill(signal));
  for (const signal of ignored) process.on(signal, () => {});
  child.on('error', ({ message }) => fail(message));
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
    // The first process of a container does not end by a signal of its own.
    setTimeout(() => process.exit(128 + constants.signals[signal]), 100);
  });
}

const path = findNode();
const args = [...process.execArgv, ...process.argv.slice(2)];
if (process.execve === undefined || isWindows) waitFor(path, args);
else process.execve(path, [path, ...args], process.env);
