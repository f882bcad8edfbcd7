// The launcher: `node bin/run.js src/main.ts …` runs a program of this package on a supported version of Node. This file is
// plain JavaScript and runs on Node 18 and later. It uses the Node that runs it when `engines` allows that version, and
// otherwise the one that `npm ci` installed for this platform. It finds that one by its path, because npm 9 and 10 do not
// link it to node_modules/.bin.
//
// It replaces itself with the program (execve), so that signals and the exit code are the program's. Node before 22.15 and
// Windows have no execve. There it starts a child process, forwards signals and ends as the child ended.
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
/** The minimum version, as major.minor. */
const needed = engines.node.replace('>=', '');

function isNewEnough(version) {
  const [major, minor] = version.split('.').map(Number);
  const [leastMajor, leastMinor = 0] = needed.split('.').map(Number);
  return major > leastMajor || (major === leastMajor && minor >= leastMinor);
}

/** The path of the Node that is a dependency of this package. Null when it is not installed. */
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
    `Node ${needed} or later is required, and this is ${process.versions.node}: ${reason}\n`,
  );
  process.exit(1);
}

function findNode() {
  if (isNewEnough(process.versions.node)) return process.execPath;
  const name = Object.keys(optionalDependencies).find((known) => known.endsWith(`-${platform}`));
  if (name === undefined) fail(`npm has none for ${platform}; install it from https://nodejs.org.`);
  const path = installedNode(name);
  if (path === null) fail(`npm ci installs it in ${name}; do not omit optional dependencies.`);
  // It does not run with another C library, for example on Alpine Linux.
  if (spawnSync(path, ['--version']).status !== 0) {
    fail(`${path} does not run on this system; install another from https://nodejs.org.`);
  }
  return path;
}

/**
 * A terminal sends its signals to the program too. Forwarding them would deliver them twice, and a second signal skips the
 * drain delay. Windows notifies every process of a console itself, so there is nothing to forward.
 */
function signalsToHandle() {
  if (isWindows) return { forwarded: [], ignored: ['SIGINT', 'SIGBREAK', 'SIGHUP'] };
  const always = ['SIGTERM', 'SIGHUP', 'SIGUSR2'];
  const ofTerminals = ['SIGINT', 'SIGQUIT'];
  if ([0, 1, 2].some(isatty)) return { forwarded: always, ignored: ofTerminals };
  return { forwarded: [...always, ...ofTerminals], ignored: [] };
}

function waitFor(path, args) {
  // The channel carries no messages. It closes when this process is killed, and the gateway then exits too.
  const child = spawn(path, args, { stdio: ['inherit', 'inherit', 'inherit', 'ipc'] });
  const { forwarded, ignored } = signalsToHandle();
  for (const signal of forwarded) process.on(signal, () => child.kill(signal));
  for (const signal of ignored) process.on(signal, () => {});
  child.on('error', ({ message }) => fail(message));
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
    // Process 1 of a container does not end by a signal that it sends to itself.
    setTimeout(() => process.exit(128 + constants.signals[signal]), 100);
  });
}

const path = findNode();
const args = [...process.execArgv, ...process.argv.slice(2)];
if (process.execve === undefined || isWindows) waitFor(path, args);
else process.execve(path, [path, ...args], process.env);
