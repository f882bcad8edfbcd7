import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { generate } from '@graphql-codegen/cli';
import { describe, expect, it } from 'vitest';
import config from '../codegen.ts';

const ROOT = join(import.meta.dirname, '..');

describe('the generated types', () => {
  it('are those that the schema gives; if not, run `npm run codegen`', async () => {
    const outputs: { filename: string; content: string }[] = await generate(
      { ...config, cwd: ROOT, silent: true, schema: join(ROOT, String(config.schema)) },
      false,
    );
    expect(outputs).toHaveLength(5);
    for (const { filename, content } of outputs) {
      expect(content).toBe(readFileSync(join(ROOT, filename), 'utf8'));
    }
  });
});
