// The recipes of docs/clients.md and docs/services.md, run as they stand in the pages.
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { onTestFinished } from 'vitest';
import type { TestProduct } from './product.ts';

export const ROOT = join(import.meta.dirname, '../..');
const FENCED = /^```(\S*)\n([\s\S]*?)^```$/gm;
const run = promisify(execFile);

export interface Recipe {
  /** `ts`, `sh` and `python` run by themselves; `typescript` needs what another recipe or tool makes. */
  readonly language: string;
  readonly text: string;
  /** The JSON that follows at once. */
  readonly expected: unknown;
}

/** @param page such as `docs/clients.md` */
export function recipesOf(page: string): readonly Recipe[] {
  const text = readFileSync(join(ROOT, page), 'utf8');
  const blocks = [...text.matchAll(FENCED)].map(([, language = '', inside = '']) => ({ language, inside }));
  return blocks.flatMap(({ language, inside }, at) => {
    const next = blocks[at + 1];
    const expected: unknown = next?.language === 'json' ? JSON.parse(next.inside) : null;
    return language === 'json' ? [] : [{ language, text: inside, expected }];
  });
}

/** The one recipe with this text in it. */
export function recipeWith(page: string, text: string): Recipe {
  const [found, ...others] = recipesOf(page).filter((recipe) => recipe.text.includes(text));
  if (found === undefined || others.length > 0)
    throw new Error(`${page} has not one recipe with ${text} in it`);
  return found;
}

/** The recipe with the addresses of this run. */
export function placed({ text }: Recipe, { url, emulator }: Pick<TestProduct, 'url' | 'emulator'>): string {
  return text
    .replaceAll('http://127.0.0.1:4000', new URL(url).origin)
    .replaceAll('http://127.0.0.1:4010', new URL(emulator.url).origin);
}

/** A folder with these files, below the root, so that packages are found; gone when the test is over. */
export function createFolder(files: Readonly<Record<string, string>>): string {
  mkdirSync(join(ROOT, 'reports/recipes'), { recursive: true });
  const folder = mkdtempSync(join(ROOT, 'reports/recipes/'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

/** What the recipe prints. */
export async function outputOf(recipe: Recipe, product: TestProduct): Promise<string> {
  const text = placed(recipe, product);
  if (recipe.language === 'sh') return (await run('bash', ['-euo', 'pipefail', '-c', text])).stdout;
  if (recipe.language === 'python') return (await run('python3', ['-c', text])).stdout;
  const folder = createFolder({ 'recipe.ts': text });
  return (await run(process.execPath, [join(folder, 'recipe.ts')])).stdout;
}

/** Runs a program of a package in a folder. Rejects with what it says when it fails. */
export async function runTool(script: string, args: readonly string[], cwd: string): Promise<void> {
  try {
    await run(process.execPath, [join(ROOT, 'node_modules', script), ...args], { cwd });
  } catch (error) {
    const { stdout, stderr } = error as { readonly stdout?: string; readonly stderr?: string };
    throw new Error(`${stdout}${stderr}`, { cause: error });
  }
}

/** Checks the types of some files of a folder, as a project of a bundler has them. */
export function checkTypes(folder: string, files: readonly string[]): Promise<void> {
  const compilerOptions = { module: 'esnext', moduleResolution: 'bundler', moduleDetection: 'force' };
  const config = { extends: join(ROOT, 'tsconfig.json'), compilerOptions, include: [], files };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
  return runTool('typescript/bin/tsc', ['--project', folder], folder);
}
