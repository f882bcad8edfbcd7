// The settings that docs/deployment.md shows: other tests start nginx and Redis with them, and those for Kubernetes agree
// with the gateway.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readConfig } from '../../src/config/config.ts';
import { startTestProduct } from '../support/product.ts';
import { pages, ROOT } from './pages.ts';

/** The only block in a language, which is on this page. */
function blockOf(language: string): string {
  const found = pages.flatMap(({ path, blocks }) =>
    blocks.filter((block) => block.language === language).map(({ text }) => ({ path, text })),
  );
  expect(found.map(({ path }) => path)).toEqual(['docs/deployment.md']);
  return found[0]?.text ?? '';
}

interface Deployment {
  readonly spec: {
    readonly template: {
      readonly spec: { readonly terminationGracePeriodSeconds: number; readonly containers: [Container] };
    };
  };
}

interface Container {
  readonly ports: readonly { readonly containerPort: number }[];
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly readinessProbe: Probe;
  readonly livenessProbe: Probe;
}

interface Probe {
  readonly httpGet: { readonly path: string; readonly port: number };
}

describe('the deployment on Kubernetes', () => {
  const { spec }: Deployment = parse(blockOf('yaml'));
  const [{ ports, env, readinessProbe, livenessProbe }] = spec.template.spec.containers;
  const variables = Object.fromEntries(env.map(({ name, value }) => [name, value]));
  const { config, problems } = readConfig({ ...variables, GRAPH_CLOUD: 'global', AUTH_MODE: 'pass-through' });

  it('has ports and probes that the gateway has', async () => {
    expect(problems).toBeNull();
    expect(ports.map(({ containerPort }) => containerPort)).toEqual([config?.port, config?.adminPort]);
    await using product = await startTestProduct();
    for (const { httpGet } of [readinessProbe, livenessProbe]) {
      expect(httpGet.port).toBe(config?.adminPort);
      expect((await fetch(new URL(httpGet.path, product.adminUrl))).status).toBe(200);
    }
  });

  it('waits for the end of requests', () => {
    const { drainDelayMs = 0, requestDeadlineMs = 0 } = config ?? {};
    expect(spec.template.spec.terminationGracePeriodSeconds * 1000).toBeGreaterThanOrEqual(
      drainDelayMs + requestDeadlineMs + 5_000,
    );
  });
});

describe('what other tests start, as docs/deployment.md has it', () => {
  it.each([
    ['nginx', 'test/support/nginx.ts'],
    ['redis', 'test/store/redis.test.ts'],
  ])('%s: %s', (language, file) => {
    expect(blockOf(language)).not.toBe('');
    expect(readFileSync(join(ROOT, file), 'utf8')).toContain('docs/deployment.md');
  });
});
