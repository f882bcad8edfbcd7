// Sorts the test files by what they start, which their imports say: a list by hand would be wrong after the next move.
//
// `unit` starts nothing. `integration` runs servers in the process of the test. `processes` starts other programs, for
// which it mostly waits, or needs a process of its own. Each file is in one of the three, and only those of `processes`
// do not share their process with others.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

export type Project = 'unit' | 'integration' | 'processes';

const ROOT = resolve(import.meta.dirname, '../..');
const TESTS = join(ROOT, 'test');

/** What starts a program or looks at the whole heap, when a file below test/ imports it. */
const PROGRAMS: ReadonlySet<string> = new Set(['node:child_process', 'playwright-core', 'node:v8']);
/** What opens a socket, when any file imports it. */
const SOCKETS: ReadonlySet<string> = new Set(['node:http', 'node:https', 'node:net', 'fastify', 'undici']);
/** Replace globals of their process. */
const GLOBALS: ReadonlySet<string> = new Set([
  join(TESTS, 'fuzz/fuzzing.ts'),
  join(TESTS, 'support/patient-redis.ts'),
]);

const IMPORT = /^(?:import|export) (?!type )[^;']*?'([^']+)';|\bimport\('([^']+)'\)/gm;

/** The specifiers that a module imports, with the files as absolute paths. Imports of types alone do not count. */
function importsOf(file: string): string[] {
  return [...readFileSync(file, 'utf8').matchAll(IMPORT)].map(([, fixed, dynamic]) => {
    const specifier = fixed ?? dynamic ?? '';
    return specifier.startsWith('.') ? resolve(dirname(file), specifier) : specifier;
  });
}

function createReach(): (file: string) => ReadonlySet<string> {
  const direct = new Map<string, readonly string[]>();
  const isSource = (name: string): boolean => name.endsWith('.ts') && existsSync(name);
  const read = (file: string): readonly string[] => {
    const known = direct.get(file) ?? importsOf(file);
    direct.set(file, known);
    return known;
  };
  return (file) => {
    const reached = new Set<string>();
    const waiting = [file];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      for (const name of read(next)) {
        const inTests = next.startsWith(TESTS);
        const isNew = !reached.has(name);
        // The gateway itself starts workers, in its cluster mode alone, which only tests that start it as a program use.
        if (isNew && (inTests || !PROGRAMS.has(name))) reached.add(name);
        if (isNew && isSource(name)) waiting.push(name);
      }
    }
    return reached;
  };
}

/** The test files of each project, from the root of the repository. */
export function sortTests(): Record<Project, string[]> {
  const reach = createReach();
  const sorted: Record<Project, string[]> = { unit: [], integration: [], processes: [] };
  for (const file of readdirSync(TESTS, { recursive: true, encoding: 'utf8' }).toSorted()) {
    if (file.endsWith('.test.ts')) sorted[projectOf(reach(join(TESTS, file)))].push(`test/${file}`);
  }
  return sorted;
}

function projectOf(reached: ReadonlySet<string>): Project {
  if (!PROGRAMS.isDisjointFrom(reached) || !GLOBALS.isDisjointFrom(reached)) return 'processes';
  return SOCKETS.isDisjointFrom(reached) ? 'unit' : 'integration';
}
