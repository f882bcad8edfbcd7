// What a long addition remembers, so that it can be taken up again after a crash: the name of the run, from which every
// key is made, which keys were sent, and which phones came of them. There is no number and no name in it.
//
// The order is what makes it safe. An entry is kept before the step that it is about is taken: the run before any key is
// made, a key before it is sent. So whatever is not in the journal was not sent.

export type JournalEntry =
  /** The first of a journal counts; another program may have begun at the same time. */
  | { readonly kind: 'begun'; readonly run: string; readonly url: string }
  /** These keys are about to be sent, for the first time. */
  | { readonly kind: 'sent'; readonly keys: readonly string[]; readonly at: number }
  | { readonly kind: 'added'; readonly key: string; readonly phoneId: string };

export interface Journal {
  /** Everything that was appended, in order. */
  read(): Promise<readonly JournalEntry[]>;
  /** Resolves once the entries outlast whatever the journal is meant to outlast. */
  append(entries: readonly JournalEntry[]): Promise<void>;
}

/** A journal that lasts as long as the process: enough to call `addPhones` again after an error. */
export function createMemoryJournal(): Journal {
  const kept: JournalEntry[] = [];
  return {
    read: async () => [...kept],
    append: async (entries) => void kept.push(...entries),
  };
}

/** A journal as it is read at the start of a run. */
export interface Past {
  readonly run: string;
  /** Milliseconds since 1970 at which each key was sent first. */
  readonly sentAt: ReadonlyMap<string, number>;
  /** The phone of each key that has one. */
  readonly added: ReadonlyMap<string, string>;
}

/**
 * Begins a run, or takes up the one that was begun.
 *
 * @throws TypeError when the journal is of another gateway
 */
export async function openRun(journal: Journal, run: string, url: string): Promise<Past> {
  if (!(await journal.read()).some(({ kind }) => kind === 'begun'))
    await journal.append([{ kind: 'begun', run, url }]);
  const entries = await journal.read();
  const begun = entries.find((entry) => entry.kind === 'begun');
  if (begun === undefined) throw new TypeError('The journal does not keep what is appended to it.');
  if (begun.url !== url) throw new TypeError(`The journal is of another gateway: ${begun.url}.`);
  const sentAt = new Map<string, number>();
  const added = new Map<string, string>();
  for (const entry of entries) {
    if (entry.kind === 'added') added.set(entry.key, entry.phoneId);
    if (entry.kind === 'sent') for (const key of entry.keys) if (!sentAt.has(key)) sentAt.set(key, entry.at);
  }
  return { run: begun.run, sentAt, added };
}

/**
 * The keys of phones: each made of the run and of the phone itself, so that a phone has the same key wherever it stands in
 * a list that was edited since. The same phone twice is two phones, by their order.
 */
export async function keysOf(run: string, phones: readonly object[]): Promise<readonly string[]> {
  const times = new Map<string, number>();
  const texts = phones.map((phone) => {
    const content = canonical(phone);
    const time = (times.get(content) ?? 0) + 1;
    times.set(content, time);
    return `${run}\n${time}\n${content}`;
  });
  return Promise.all(texts.map(digest));
}

/** SHA-256 in hexadecimal digits. Browsers have it on secure pages only. */
async function digest(text: string): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** JSON with the names in order and without what is absent, so that equal phones are equal texts. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_name, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1)))
      : part,
  );
}
