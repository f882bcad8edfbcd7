// The tests of one fault: each operation that it can strike, struck once and for as long as it is tried. Each starts a
// gateway of its own, and most of the time nobody does anything but wait, so several run at a time.
import { it } from 'vitest';
import type { Ending, Reads, ReadsOfBoth, Writes } from './expectations.ts';
import type { Read, Write } from './operations.ts';
import { expectRead, PATIENT, scenarioNamed, tried } from './proof.ts';
import { expectWrite } from './writes.ts';

interface Manner {
  readonly deadlineMs?: number;
}

export function proveReads(
  name: string,
  reads: Partial<ReadsOfBoth>,
  { deadlineMs = PATIENT }: Manner = {},
): void {
  for (const [operation, expected] of Object.entries(reads) as [Read, Reads][]) {
    for (const struck of ['once', 'always'] as const) {
      it.concurrent(`${operation}, struck ${struck}`, async () => {
        const outcome = await tried({ scenario: scenarioNamed(name), operation, struck, deadlineMs });
        expectRead(outcome, expected[struck]);
      });
    }
  }
}

export function proveWrites(name: string, writes: Writes, { deadlineMs = PATIENT }: Manner = {}): void {
  for (const [operation, ending] of Object.entries(writes) as [Write, Ending][]) {
    it.concurrent(`${operation}`, async () => {
      const struck = 'once';
      const outcome = await tried({ scenario: scenarioNamed(name), operation, struck, deadlineMs });
      expectWrite(operation, outcome, ending);
    });
  }
}
