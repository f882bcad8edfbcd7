// With tracing off, the program loads nothing of OpenTelemetry and sends nothing.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startCollector } from '../support/collector.ts';
import { endWithUs } from '../support/guard.ts';

const MAIN = join(import.meta.dirname, '../../src/main.ts');

/** Writes the URL of every loaded module into the file LOADED. A pipe could be full. */
const WATCH = `data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from 'node:module';
  import { appendFileSync } from 'node:fs';
  registerHooks({
    load(url, context, next) {
      appendFileSync(process.env.LOADED, url + '\\n');
      return next(url, context);
    },
  });
`)}`;

/** The modules that are loaded in a run of the program with one operation. */
async function loaded(environment: Readonly<Record<string, string>>): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'loaded-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'urls');
  const free = {
    PORT: '0',
    ADMIN_PORT: '0',
    EMULATOR_PORT: '0',
    PATH: process.env['PATH'] ?? '',
    LOADED: file,
  };
  const child = spawn(process.execPath, ['--import', WATCH, MAIN], {
    env: { ...free, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  endWithUs(child);
  const ended = once(child, 'exit');
  const said = text(child.stderr);
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const [, found] = /^GraphQL +(\S+)/.exec(line) ?? [];
      if (found !== undefined) resolve(found);
    });
    void ended.then(async () => reject(new Error(await said)));
  });
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer demo-token-innocenty' },
    body: JSON.stringify({ query: '{ me { phones { number } } }' }),
  });
  expect(response.status).toBe(200);
  child.kill('SIGTERM');
  await ended;
  return readFileSync(file, 'utf8').trimEnd().split('\n');
}

/** The modules of OpenTelemetry, without its API package, which prom-client loads. */
function ofOpenTelemetry(urls: readonly string[]): string[] {
  return urls.filter(
    (url) => /@opentelemetry\//.test(url) && !/@opentelemetry\/api\/dist\/.*\.cjs$/.test(url),
  );
}

const ofTracing = (urls: readonly string[]): string[] =>
  urls.flatMap((url) => /\/src\/observability\/(tracing|spans|span-exporter)\.ts$/.exec(url)?.[1] ?? []);

const ENDPOINT = 'OTEL_EXPORTER_OTLP_ENDPOINT';

describe('when tracing is off', () => {
  it.each<[string, boolean, Record<string, string>]>([
    ['nothing is set', false, {}],
    ['all of it is switched off', true, { OTEL_SDK_DISABLED: 'true' }],
    ['they are to go nowhere', true, { OTEL_TRACES_EXPORTER: 'none' }],
  ])(
    'because %s, nothing of OpenTelemetry is loaded and nothing is sent',
    async (_name, isNamed, environment) => {
      await using collector = await startCollector();
      const urls = await loaded({ ...environment, ...(isNamed ? { [ENDPOINT]: collector.url } : {}) });
      expect(urls.length).toBeGreaterThan(100);
      expect(ofOpenTelemetry(urls)).toEqual([]);
      expect(ofTracing(urls)).toEqual([]);
      expect(collector.requests).toEqual([]);
    },
  );

  it('and with tracing on, it is loaded, and the last spans are exported at shutdown', async () => {
    await using collector = await startCollector();
    const urls = await loaded({
      [ENDPOINT]: collector.url,
      OTEL_EXPORTER_OTLP_HEADERS: 'x-key=canary-key',
      OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip',
    });
    expect(ofOpenTelemetry(urls).length).toBeGreaterThan(10);
    expect(ofTracing(urls)).toEqual(expect.arrayContaining(['tracing', 'spans', 'span-exporter']));
    expect(collector.spans.map(({ name }) => name)).toEqual(['GET /me/profile/phones', 'query']);
    // The exporter reads this variable itself.
    expect(collector.requests[0]?.headers).toMatchObject({
      'x-key': 'canary-key',
      'content-encoding': 'gzip',
    });
  });
});
