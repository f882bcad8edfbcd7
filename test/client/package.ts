// The package as it would be published: built, packed by npm, and unpacked into a folder of a program that uses it.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from '../../client/build.ts';
import { ROOT } from '../support/launched.ts';

export interface Package extends Disposable {
  /** The tarball, by its path. */
  readonly tarball: string;
  /** The package by itself. */
  readonly folder: string;
  /** Of a program that has the package, and nothing else, in its node_modules. */
  readonly user: string;
}

export async function pack(): Promise<Package> {
  const place = mkdtempSync(join(tmpdir(), 'package-'));
  const source = join(place, 'source');
  for (const name of ['package.json', 'README.md']) cpSync(join(ROOT, 'client', name), join(source, name));
  await build(join(source, 'dist'));
  // Whatever npm is in PATH; it is no part of what is tested.
  const [{ filename }] = JSON.parse(
    execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', place], {
      cwd: source,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }),
  );
  const user = join(place, 'user');
  const folder = join(user, 'node_modules/profile-phones-client');
  mkdirSync(folder, { recursive: true });
  const tarball = join(place, filename);
  execFileSync('tar', ['-xzf', tarball, '-C', folder, '--strip-components=1']);
  return { tarball, folder, user, [Symbol.dispose]: () => rmSync(place, { recursive: true }) };
}
