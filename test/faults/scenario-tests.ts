// Defines the tests of one fault: every matching operation, with the fault in the first request only, and in all. Each
// test starts its own gateway and mostly waits, so several run concurrently.
import { it } from 'vitest';
import type { Reads, ReadsOfBoth, WriteResult, Writes } from './expectations.ts';
import type { Read, Write } from './operations.ts';
import { expectRead, LONG_DEADLINE_MS, runScenario, scenarioNamed } from './scenario-run.ts';
import { expectWrite } from './writes.ts';

interface Manner {
  readonly deadlineMs?: number;
}

export function testReads(
  name: string,
  reads: Partial<ReadsOfBoth>,
  { deadlineMs = LONG_DEADLINE_MS }: Manner = {},
): void {
  for (const [operation, expected] of Object.entries(reads) as [Read, Reads][]) {
    for (const frequency of ['once', 'always'] as const) {
      it.concurrent(`${operation}, fault ${frequency}`, async () => {
        const outcome = await runScenario({
          scenario: scenarioNamed(name),
          operation,
          frequency,
          deadlineMs,
        });
        expectRead(outcome, expected[frequency]);
      });
    }
  }
}

export function testWrites(
  name: string,
  writes: Writes,
  { deadlineMs = LONG_DEADLINE_MS }: Manner = {},
): void {
  for (const [operation, result] of Object.entries(writes) as [Write, WriteResult][]) {
    it.concurrent(`${operation}`, async () => {
      const frequency = 'once';
      const outcome = await runScenario({ scenario: scenarioNamed(name), operation, frequency, deadlineMs });
      expectWrite(operation, outcome, result);
    });
  }
}
