// What the pages point at is there: other pages and their headings, files, scripts, variables. Each page is short.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { variables } from '../../src/config/variables.ts';
import { localLinksIn, pageAt, pages, ROOT } from './pages.ts';

const { scripts }: { scripts: Record<string, string> } = JSON.parse(
  readFileSync(join(ROOT, 'package.json'), 'utf8'),
);

describe.each(pages.map((page) => [page.path, page] as const))('%s', (path, page) => {
  it('is short', () => {
    const most = path === 'README.md' ? 8 : 10;
    expect(Buffer.byteLength(page.text)).toBeLessThanOrEqual(most * 1024);
  });

  it('links to what is there', () => {
    for (const { target, path: to, anchor } of localLinksIn(page)) {
      const file = to === '' ? path : normalize(join(dirname(path), to));
      expect(existsSync(join(ROOT, file)), target).toBe(true);
      if (anchor !== null) expect([...pageAt(file).anchors], target).toContain(anchor);
    }
  });

  it('names files that are there', () => {
    const named = page.prose.matchAll(/`((?:src|emulator|schema|docs|test|bench|soak|bin|\.ci)\/[\w./-]*)`/g);
    for (const [, file = ''] of named) expect(existsSync(join(ROOT, file)), file).toBe(true);
  });

  it('names scripts that are there', () => {
    const named = page.text.matchAll(/npm (?:run (?:-s )?([\w:-]+)|(start|test)\b)/g);
    for (const [, script, plain = ''] of named) expect(Object.keys(scripts)).toContain(script ?? plain);
  });

  it('names variables that are there', () => {
    const own =
      /`((?:LIMIT|GRAPH|AZURE|ALLOWED|AUDIT|OTEL_TRACES|REDIS|STATE|DRAIN|RATE|TRUSTED|CORS)_[A-Z_]+)\b/g;
    // Of the tests, and an error code.
    const elsewhere = ['REDIS_SERVER_PATH', 'LIMIT_EXCEEDED'];
    for (const [, name = ''] of page.text.matchAll(own)) {
      if (!elsewhere.includes(name)) expect(Object.keys(variables), name).toContain(name);
    }
  });
});

describe('every page', () => {
  const readme = pageAt('README.md');

  it.each(pages.map(({ path }) => path).filter((path) => path !== 'README.md'))(
    '%s is linked from the README',
    (path) => {
      expect(localLinksIn(readme).map(({ path: target }) => target)).toContain(path);
    },
  );
});
