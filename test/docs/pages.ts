// The pages that people read, taken apart: their blocks of code, links and anchors.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const ROOT = join(import.meta.dirname, '../..');

export interface Block {
  readonly language: string;
  readonly text: string;
  /** The line of the page where it begins, from 1. */
  readonly line: number;
}

export interface Page {
  /** From the root of the repository. */
  readonly path: string;
  readonly text: string;
  readonly blocks: readonly Block[];
  /** The text without its blocks. */
  readonly prose: string;
  /** What `#` can lead to, as GitHub names it. */
  readonly anchors: ReadonlySet<string>;
}

const FENCED = /^```(\S*)\n([\s\S]*?)^```$/gm;

const AT_THE_ROOT = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md', 'VERSIONING.md'];
const BESIDE_CODE = ['bench/README.md', 'soak/README.md'];
const inDocs = readdirSync(join(ROOT, 'docs')).map((file) => `docs/${file}`);

export const pages: readonly Page[] = [...AT_THE_ROOT, ...inDocs, ...BESIDE_CODE].map(readPage);

export function pageAt(path: string): Page {
  const page = pages.find((known) => known.path === path);
  if (page === undefined) throw new Error(`there is no page ${path}`);
  return page;
}

function readPage(path: string): Page {
  const text = readFileSync(join(ROOT, path), 'utf8');
  const blocks = [...text.matchAll(FENCED)].map(({ 1: language = '', 2: inside = '', index }) => ({
    language,
    text: inside,
    line: text.slice(0, index).split('\n').length,
  }));
  const prose = text.replaceAll(FENCED, '');
  const titles = [...prose.matchAll(/^#+ (.*)$/gm)].map(([, title = '']) => anchorOf(title));
  return { path, text, blocks, prose, anchors: new Set(titles) };
}

/** The rule of GitHub: small letters, no punctuation but hyphens and underscores, hyphens for blanks. */
function anchorOf(title: string): string {
  return title
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(/\s/g, '-');
}

export interface Link {
  readonly target: string;
  /** Without the anchor; empty for the page itself. */
  readonly path: string;
  readonly anchor: string | null;
}

/** Links to other pages and files, not to other sites. */
export function localLinksIn({ prose }: Page): readonly Link[] {
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => {
      const [path = '', anchor = null] = target.split('#');
      return { target, path, anchor };
    });
}
