// What the pages list is all that there is: dependencies, error codes, options and callers of the emulator, metrics, lines
// of the log.
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { isEnumType } from 'graphql';
import { describe, expect, it } from 'vitest';
import { createSchema } from '../../src/graphql/schema.ts';
import { startTestProduct } from '../support/product.ts';
import { pageAt, ROOT } from './pages.ts';

/** The first cells of the tables below a heading, without their marks. */
function listed(path: string, title: string): readonly string[] {
  const { text } = pageAt(path);
  const [, section] = new RegExp(`^#+ ${title}\\n([\\s\\S]*?)(?=^#|(?![\\s\\S]))`, 'm').exec(text) ?? [];
  if (section === undefined) throw new Error(`${path} has no heading ${title}`);
  return [...section.matchAll(/^\| (`[^|]*) \|/gm)].flatMap(
    ([, cell = '']) => cell.match(/[\w@/.-]+/g) ?? [],
  );
}

describe('docs/dependencies.md', () => {
  it('has every dependency, and no other', () => {
    const { dependencies, devDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    const path = 'docs/dependencies.md';
    expect(listed(path, 'At run time').toSorted()).toEqual(Object.keys(dependencies).toSorted());
    expect(listed(path, 'In development').toSorted()).toEqual(Object.keys(devDependencies).toSorted());
  });
});

describe('docs/schema.md', () => {
  it('has every code of a user error', () => {
    const codes = createSchema(join(ROOT, 'schema')).getType('PhoneErrorCode');
    if (!isEnumType(codes)) throw new Error('there is no enum of codes');
    const named = codes.getValues().map(({ name }) => name);
    expect(listed('docs/schema.md', 'User errors').toSorted()).toEqual(named.toSorted());
  });

  it('has every code of an error', () => {
    const source = readFileSync(join(ROOT, 'src/runtime/errors.ts'), 'utf8');
    const own = [...source.matchAll(/^ {2}\| '([A-Z_]+)'/gm)].map(([, code = '']) => code);
    expect(own.length).toBeGreaterThan(8);
    expect(listed('docs/schema.md', 'Errors')).toEqual(expect.arrayContaining(own));
  });
});

describe('docs/emulator.md', () => {
  const path = 'docs/emulator.md';

  it('has every option of its command line, and no other', async () => {
    const args = ['emulator/main.ts', '--help'];
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: ROOT });
    const options = [...stdout.matchAll(/^ {2}(--[a-z-]+)/gm)].map(([, option]) => option);
    const known = listed(path, 'Options').filter((word) => word.startsWith('--'));
    expect([...known, '--help'].toSorted()).toEqual(options.toSorted());
  });

  it('has every demo caller, and no other', async () => {
    await using product = await startTestProduct();
    const names = product.emulator.tokens.map(({ name }) => name);
    expect(listed(path, 'Demo callers').toSorted()).toEqual(names.toSorted());
  });
});

describe('docs/operations.md', () => {
  it('has every metric of the gateway, and no other', async () => {
    await using product = await startTestProduct();
    const text = await (await fetch(`${product.adminUrl}/metrics`)).text();
    const names = [...text.matchAll(/^# TYPE (\w+) /gm)].map(([, name = '']) => name);
    const own = names.filter((name) => !/^(process|nodejs)_/.test(name));
    expect(own.length).toBeGreaterThan(8);
    const known = listed('docs/operations.md', 'Metrics').filter((word) => word.includes('_'));
    expect(known.toSorted()).toEqual(own.toSorted());
  });

  it('quotes lines of the log that the gateway writes', () => {
    const sources = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => readFileSync(join(ROOT, 'src', file), 'utf8'));
    const lines = [
      ...pageAt('docs/operations.md').text.matchAll(/^\| `([^`]+)` \| (?:error|warn|info|debug) \|/gm),
    ];
    expect(lines.length).toBeGreaterThan(5);
    for (const [, line = ''] of lines) {
      expect(
        sources.some((source) => source.includes(`'${line}'`)),
        line,
      ).toBe(true);
    }
  });
});
