// The recipes of docs/clients.md as they stand in the page, for tests that do more with one than run it.
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { onTestFinished } from 'vitest';
import { pageAt, ROOT } from '../docs/pages.ts';
import type { TestProduct } from './product.ts';

const run = promisify(execFile);

/** The one recipe with this text in it, among those in TypeScript. */
export function recipeWith(page: string, text: string): string {
  const recipes = pageAt(page).blocks.filter(({ language }) => ['ts', 'typescript'].includes(language));
  const [found, ...others] = recipes.filter((recipe) => recipe.text.includes(text));
  if (found === undefined || others.length > 0)
    throw new Error(`${page} has not one recipe with ${text} in it`);
  return found.text;
}

/** The recipe with the address of this run. */
export function placed(recipe: string, { url }: Pick<TestProduct, 'url'>): string {
  return recipe.replaceAll('http://127.0.0.1:4000', new URL(url).origin);
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
