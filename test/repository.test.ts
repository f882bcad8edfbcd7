// What the repository says of itself to other tools agrees with the package: the runtime, the license, the gate.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const ROOT = join(import.meta.dirname, '..');
const file = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

interface Package {
  readonly license: string;
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly optionalDependencies: Readonly<Record<string, string>>;
}

const { license, scripts, dependencies, devDependencies, optionalDependencies }: Package = JSON.parse(
  file('package.json'),
);

describe('the repository', () => {
  it('names one version of Node', () => {
    const versions = Object.entries(optionalDependencies).filter(([name]) => name.startsWith('node-'));
    expect(new Set(versions.map(([, version]) => version))).toEqual(new Set([file('.nvmrc').trim()]));
  });

  it('has the text of its license', () => {
    expect(file('LICENSE')).toMatch(
      new RegExp(`^${license} License\n\nCopyright \\(c\\) 2026 The Profile Phones`),
    );
  });

  it('has a workflow that runs the gate, and nothing else', () => {
    const workflow: { jobs: Record<string, { steps: { run?: string }[] }> } = parse(
      file('.github/workflows/ci.yml'),
    );
    const runs = Object.values(workflow.jobs).flatMap(({ steps }) => steps.flatMap(({ run }) => run ?? []));
    expect(runs).toEqual(['.ci/run']);
  });

  it('has a workflow that runs scripts that are there', () => {
    const commands = [...file('.github/workflows/reports.yml').matchAll(/run: npm run (\S+)/g)];
    expect(commands.length).toBeGreaterThan(1);
    for (const [, script] of commands) expect(Object.keys(scripts)).toContain(script);
  });

  it.each(readdirSync(join(ROOT, '.github/ISSUE_TEMPLATE')))(
    'has a form for issues that can be read: %s',
    (name) => {
      expect(parse(file(join('.github/ISSUE_TEMPLATE', name)))).toBeTypeOf('object');
    },
  );

  it('names exact versions', () => {
    for (const version of Object.values({ ...dependencies, ...devDependencies, ...optionalDependencies }))
      expect(version).toMatch(/^\d+\.\d+\.\d+$/);
  });

  it('keeps what runs write out of the repository', () => {
    expect(file('.gitignore').split('\n')).toEqual(
      expect.arrayContaining(['node_modules/', 'reports/', '.env']),
    );
  });
});
