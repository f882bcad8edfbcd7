// The records of idempotency keys as they are stored: JSON with a version. A record of another version, or of an unknown
// form, may be the trace of a POST. So it is never taken for absent and never overwritten: reading it fails.
import { z } from 'zod';
import { StoreFailure } from '../../store/store.ts';

const VERSION = 1;

const sent = z.object({
  state: z.literal('sent'),
  fingerprint: z.string(),
  /** The call that sent it. */
  owner: z.string(),
  /** Milliseconds since 1970 shortly before it was sent, by the sender's wall clock. 0 where there is no need to wait. */
  at: z.number(),
  /** The ids of the items that were there before. */
  before: z.array(z.string()).readonly(),
});

/** `phoneId` is the name in stored records of every facet: other versions of the gateway read and write them too. */
const added = z.object({ state: z.literal('added'), fingerprint: z.string(), phoneId: z.string() });

const record = z.discriminatedUnion('state', [sent, added]);
const versioned = z.looseObject({ version: z.literal(VERSION) });

export type Sent = Readonly<z.output<typeof sent>>;

export interface Added {
  readonly state: 'added';
  readonly fingerprint: string;
  /** Graph's id. */
  readonly itemId: string;
}

export function writeRecord(record: Sent | Added): string {
  if (record.state === 'sent') return JSON.stringify({ version: VERSION, ...record });
  const { itemId: phoneId, ...rest } = record;
  return JSON.stringify({ version: VERSION, ...rest, phoneId });
}

/** @throws StoreFailure of the kind `unknown` */
export function readRecord(text: string): Sent | Added {
  try {
    const json: unknown = JSON.parse(text);
    // zod compiles its schemas otherwise, which the process refuses once it listens.
    versioned.parse(json, { jitless: true });
    const stored = record.parse(json, { jitless: true });
    if (stored.state === 'sent') return stored;
    const { state, fingerprint, phoneId: itemId } = stored;
    return { state, fingerprint, itemId };
  } catch (error) {
    throw new StoreFailure('unknown', error);
  }
}
