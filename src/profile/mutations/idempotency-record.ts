// The records of idempotency keys as they are stored: JSON with a version. A record of another version, or of no known form,
// may be the trace of a POST. So it is never taken for absent and never overwritten: reading it fails.
import { z } from 'zod';
import { StoreFailure } from '../../store/store.ts';

const VERSION = 1;

const sent = z.object({
  state: z.literal('sent'),
  fingerprint: z.string(),
  /** Who sent it. */
  owner: z.string(),
  /** Milliseconds since 1970, by the wall clock of who sent it: a moment before. 0 where there is no need to wait. */
  at: z.number(),
  /** The ids of the phones that were there before. */
  before: z.array(z.string()).readonly(),
});

const added = z.object({ state: z.literal('added'), fingerprint: z.string(), phoneId: z.string() });

const record = z.discriminatedUnion('state', [sent, added]);
const versioned = z.looseObject({ version: z.literal(VERSION) });

export type Sent = Readonly<z.output<typeof sent>>;
export type Added = Readonly<z.output<typeof added>>;

export function writeRecord(record: Sent | Added): string {
  return JSON.stringify({ version: VERSION, ...record });
}

/** @throws StoreFailure of the kind `unknown` */
export function readRecord(text: string): Sent | Added {
  try {
    const json: unknown = JSON.parse(text);
    // zod compiles its schemas otherwise, which the process refuses once it listens.
    versioned.parse(json, { jitless: true });
    return record.parse(json, { jitless: true });
  } catch (error) {
    throw new StoreFailure('unknown', error);
  }
}
