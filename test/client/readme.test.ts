// The examples of the client's README are run as they stand, with the package as it is shipped, against a gateway of their
// own; those in TypeScript are type-checked, too.
import { execFile } from 'node:child_process';
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { ROOT } from '../support/launched.ts';
import { startTestProduct, tokenOf } from '../support/product.ts';
import { pack } from './package.ts';

const run = promisify(execFile);
const readme = readFileSync(join(ROOT, 'client/README.md'), 'utf8');
const shipped = await pack();
const product = await startTestProduct();
afterAll(async () => {
  shipped[Symbol.dispose]();
  await product.close();
});

const examples = [...readme.matchAll(/^```(js|ts|sh)\n([\s\S]*?)^```$/gm)].map(
  ([, language = '', text = '']) => ({
    language,
    text: text.replaceAll('http://127.0.0.1:4000/graphql', product.url),
  }),
);
const inJavaScript = examples.filter(({ language }) => language !== 'sh');

describe('the README of the client', () => {
  it('has its examples', () => {
    expect(examples.map(({ language }) => language)).toEqual(['js', 'js', 'js', 'js', 'js', 'ts', 'sh']);
  });

  const printed = [
    'Innocenty Popov has 3 phones.',
    'Innocenty Popov',
    'Added +1 425 555 0100.',
    '2 added, 0 not.',
    'true',
    'Innocenty Popov innocenty@contoso.com',
  ];
  it.each(inJavaScript.map((example, at) => ({ ...example, expected: printed[at] ?? '' })))(
    'runs: $text',
    async ({ language, text, expected }) => {
      const file = `example.m${language}`;
      writeFileSync(join(shipped.user, file), text);
      const { stdout } = await run(process.execPath, [file], { cwd: shipped.user });
      expect(stdout.trim()).toBe(expected);
    },
  );

  it('has types in its examples that are right', async () => {
    const files = inJavaScript.map(({ text }, at) => {
      writeFileSync(join(shipped.user, `typed-${at}.mts`), text);
      return `typed-${at}.mts`;
    });
    // An example in JavaScript may leave types out, where its parameters have none.
    const compilerOptions = {
      strict: true,
      noImplicitAny: false,
      noEmit: true,
      target: 'esnext',
      module: 'nodenext',
    };
    const config = { compilerOptions: { ...compilerOptions, lib: ['esnext', 'dom'], types: [] }, files };
    writeFileSync(join(shipped.user, 'tsconfig.json'), JSON.stringify(config));
    const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
    const { stdout } = await run(process.execPath, [tsc, '-p', shipped.user]).catch((error) => error);
    expect(stdout).toBe('');
  });

  it('has commands that work as they stand', async () => {
    const [commands = ''] = examples.filter(({ language }) => language === 'sh').map(({ text }) => text);
    const folder = join(shipped.folder, 'run');
    const clone = join(shipped.user, 'clone');
    symlinkSync(ROOT, clone);
    writeFileSync(`${folder}.csv`, 'number,name\n+1 425 555 0177,From the README\n');
    writeFileSync(`${folder}.token`, tokenOf(product.emulator, 'admin'));
    // The files stand beside the package and not in the clone.
    const here = commands
      .replaceAll('phones.csv', `${folder}.csv`)
      .replaceAll('token.txt', `${folder}.token`)
      .replaceAll('grace.csv', `${folder}.grace.csv`);
    const { stderr } = await run('bash', ['-ec', here], { cwd: clone });
    expect(stderr).toContain('1 of 1 rows can be added.');
    expect(stderr).toContain('All 1 phones are added.');
    expect(readFileSync(`${folder}.grace.csv`, 'utf8')).toContain('Grace Okafor');
  });
});
