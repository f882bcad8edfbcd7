// Workers that cannot start, and the back-off between attempts.
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createBackOff, MAX_FAILURES } from '../../src/process/back-off.ts';
import { isAlive, startProcesses } from '../support/processes.ts';
import { isRedisMissing, redisSkipped } from '../support/redis.ts';

// Run concurrently, because most of the time is waiting.
describe.skipIf(isRedisMissing)(`Workers that cannot start${redisSkipped}`, { concurrent: true }, () => {
  it('report once that the port is in use', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const attempt = startProcesses({ PORT: String(port), LOG_LEVEL: 'silent' });

    await expect(attempt).rejects.toThrow(
      new Error(
        `it did not start: 127.0.0.1:${port} is in use. Stop the program that listens there, or set PORT, ADMIN_PORT or EMULATOR_PORT. 0 takes a free port.`,
      ),
    );
    other.close();
  });

  it('are spawned again when one ends later, and the program ends with the reason when that fails', async ({
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
    const attempts = processes.log.filter(({ msg }) => msg === 'a worker failed to start');
    expect(attempts.map(({ waitMs }) => waitMs)).toEqual([250, 500, 1_000, 2_000]);
    expect(processes.text.filter((line) => line.startsWith('TRUSTED_DOCUMENTS: '))).toHaveLength(1);
    expect(workers.filter(isAlive)).toEqual([]);
  });
});

describe('The back-off before a replacement', () => {
  it('is 0 after a stable worker, and grows with early ends', () => {
    const backOff = createBackOff();
    expect([1, 2, 3, 4, 5, 6, 7].map(() => backOff(9_999))).toEqual([
      0, 250, 500, 1_000, 2_000, 4_000, 4_000,
    ]);
    expect(backOff(10_000)).toBe(0);
    expect([1, 2].map(() => backOff(1))).toEqual([0, 250]);
  });

  it('ends after five consecutive workers that were never ready', () => {
    const backOff = createBackOff();
    const row = (): (number | null)[] => Array.from({ length: MAX_FAILURES }, () => backOff(null));
    expect([backOff(null), backOff(null)]).toEqual([0, 250]);
    expect(backOff(10_000)).toBe(0);
    expect(row()).toEqual([0, 250, 500, 1_000, null]);
  });
});
