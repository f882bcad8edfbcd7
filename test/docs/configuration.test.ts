// The generated pages say what the configuration does: they are those that the code gives, every documented default is
// the default, and .env.example is an environment that the gateway takes.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { describe, expect, it } from 'vitest';
import { type Environment, readConfig } from '../../src/config/config.ts';
import { variables } from '../../src/config/variables.ts';
import {
  configurationPage,
  environmentExample,
  reference,
  tracingPage,
  type VariableName,
} from './configuration.ts';

const ROOT = join(import.meta.dirname, '../..');
const NAMES = Object.keys(variables) as VariableName[];
const file = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** As far as a configuration can be compared: what is different in each process is left out. */
function configOf(environment: Environment): unknown {
  const { config, problems } = readConfig(environment);
  if (config === null) throw new Error(JSON.stringify(problems));
  return config;
}

describe('the generated files are those that the code gives; if not, run `npm run docs:configuration`', () => {
  it.each([
    ['docs/configuration.md', configurationPage],
    ['docs/configuration-tracing.md', tracingPage],
    ['.env.example', environmentExample],
  ] as const)('%s', (path, render) => {
    expect(file(path)).toBe(render());
  });
});

describe('the reference', () => {
  it('has every variable, and no other', () => {
    expect(Object.keys(reference).toSorted()).toEqual(NAMES.toSorted());
  });

  it.each(NAMES.filter((name) => reference[name].default !== undefined))(
    '%s: setting the default changes nothing',
    (name) => {
      const { default: value = '', needs = {} } = reference[name];
      expect(configOf({ ...needs, [name]: value })).toEqual(configOf(needs));
    },
  );

  it.each(NAMES.filter((name) => reference[name].production))(
    '%s: setting the default of production changes nothing there',
    (name) => {
      const base = { NODE_ENV: 'production', GRAPH_CLOUD: 'global', AUTH_MODE: 'pass-through' };
      expect(configOf({ ...base, [name]: reference[name].production ?? '' })).toEqual(configOf(base));
      expect(configOf({ ...base, [name]: reference[name].default ?? '' })).not.toEqual(configOf(base));
    },
  );
});

describe('.env.example', () => {
  const lines = file('.env.example').split('\n');
  const commented = lines.filter((line) => /^#[A-Z]/.test(line)).map((line) => line.slice(1));

  it('sets nothing as it stands', () => {
    expect(parseEnv(lines.join('\n'))).toEqual({});
  });

  it('has every variable once', () => {
    expect(commented.map((line) => line.split('=')[0])).toEqual(Object.keys(reference));
  });

  it('is the configuration without any variable, when all of it is set', () => {
    const environment = parseEnv(commented.join('\n'));
    const onlyWith = NAMES.filter((name) => reference[name].needs !== undefined);
    const others = Object.entries(environment).filter(([name]) => !onlyWith.some((known) => known === name));
    expect(others.length).toBeGreaterThan(40);
    expect(configOf(Object.fromEntries(others))).toEqual(configOf({}));
  });
});
