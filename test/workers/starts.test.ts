// Workers that cannot start, and how long that is tried.
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createBackOff, MOST_FAILURES } from '../../src/process/back-off.ts';
import { isAlive, startProcesses } from '../support/processes.ts';
import { isRedisMissing, redisSkipped } from '../support/redis.ts';

// At the same time, since most of it is waiting.
describe.skipIf(isRedisMissing)(`Workers that cannot start${redisSkipped}`, { concurrent: true }, () => {
  it('say so once, when something else listens there', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const attempt = startProcesses({ PORT: String(port), LOG_LEVEL: 'silent' });

    await expect(attempt).rejects.toThrow(
      new Error(
        `it did not start: 127.0.0.1:${port} is in use. Stop what listens there, or set PORT, ADMIN_PORT or EMULATOR_PORT; 0 takes a free one.`,
      ),
    );
    other.close();
  });

  it('are tried again when one ends later, and the program ends when that does not help, and says why', async ({
    onTestFinished,
  }) => {
    const folder = mkdtempSync(join(tmpdir(), 'workers-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const manifest = join(folder, 'documents.json');
    writeFileSync(manifest, JSON.stringify({ one: '{ me { id } }' }));
    await using processes = await startProcesses({ TRUSTED_DOCUMENTS: manifest });
    const workers = [...processes.workers().values()];
    writeFileSync(manifest, JSON.stringify({ one: '{ me { shoeSize } }' }));

    process.kill(processes.worker(1), 'SIGKILL');

    expect(await processes.ended).toEqual({ code: 1, signal: null });
    const attempts = processes.log.filter(({ msg }) => msg === 'a worker does not start');
    expect(attempts.map(({ waitMs }) => waitMs)).toEqual([250, 500, 1_000, 2_000]);
    expect(processes.text.filter((line) => line.startsWith('TRUSTED_DOCUMENTS: '))).toHaveLength(1);
    expect(workers.filter(isAlive)).toEqual([]);
  });
});

describe('How long it takes until there is another', () => {
  it('no time after one that worked, and ever more after some that ended early', () => {
    const backOff = createBackOff();
    expect([1, 2, 3, 4, 5, 6, 7].map(() => backOff(9_999))).toEqual([
      0, 250, 500, 1_000, 2_000, 4_000, 4_000,
    ]);
    expect(backOff(10_000)).toBe(0);
    expect([1, 2].map(() => backOff(1))).toEqual([0, 250]);
  });

  it('is given up after five in a row that never began', () => {
    const backOff = createBackOff();
    const row = (): (number | null)[] => Array.from({ length: MOST_FAILURES }, () => backOff(null));
    expect([backOff(null), backOff(null)]).toEqual([0, 250]);
    expect(backOff(10_000)).toBe(0);
    expect(row()).toEqual([0, 250, 500, 1_000, null]);
  });
});
