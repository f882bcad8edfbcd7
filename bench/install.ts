// Installs the benchmark's dependencies, the peer servers, when they are first needed. The product does not use them.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Manifest {
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
}

const here = import.meta.dirname;

function readManifest(...path: string[]): Manifest {
  return JSON.parse(readFileSync(join(here, ...path, 'package.json'), 'utf8')) as Manifest;
}

/** The peers by name, in the versions that are measured. */
export function peerVersions(): Readonly<Record<string, string>> {
  return readManifest().dependencies;
}

/** Installs with npm what is missing or has another version. */
export function installPeers(say: (line: string) => void): void {
  const isThere = ([name, version]: readonly [string, string]): boolean =>
    existsSync(join(here, 'node_modules', name, 'package.json')) &&
    readManifest('node_modules', name).version === version;
  if (Object.entries(peerVersions()).every(isThere)) return;
  say('Installing the peers into bench/node_modules (some 600 MB; needed once)');
  // npm names itself in the environment of its scripts. Otherwise the npm in PATH is used.
  const npm = process.env['npm_execpath'];
  const [command, args] = npm === undefined ? ['npm', ['ci']] : [process.execPath, [npm, 'ci']];
  const { status } = spawnSync(command, args, { cwd: here, stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) throw new Error('npm could not install the dependencies of bench/');
}
