// docs/faults.md, from what the tests of this folder recorded.
import { SCENARIO_GROUPS } from '../../emulator/emulator.ts';
import { circumstances, tableOf } from '../support/measure.ts';
import type { Row } from '../support/record.ts';

const HEAD = ['fault', 'operation', 'struck', 'the caller saw', 'requests upstream', 'ms', 'afterwards'];

const BEGINNING = `# What goes wrong upstream, and what the gateway makes of it

Written by \`npm run faults\`, which runs the tests in \`test/faults\` and puts down what they saw. What is told here is
checked by the same tests on every run; only the milliseconds are not, nor, for an \`addPhone\` that was not seen to succeed,
which of done and \`OUTCOME_UNKNOWN\` it was.

## Bring them about

The emulator has each of these faults by its name:

\`\`\`
npm run start:emulator -- --faults list
npm run start:emulator -- --faults throttled-seconds,reset-after-work
npm run start:emulator -- --faults hang --fault-percent 10
npm run start:emulator -- --faults mixed
\`\`\`

A fault strikes every request that it can, or the share of them that \`--fault-percent\` says; of several that can strike
the same request, one is drawn. \`mixed\` draws from all, and strikes 5 of a hundred. A request within a batch counts as one,
where a fault is of such. With the same \`--fault-seed\` the same requests are struck alike.

## What is right

- What is good is kept. A list, a person, an answer of a batch that cannot be read fails by itself, with a typed error at
  its own path; the others stand. A list is given whole or not at all: if one of its pages is lost it is null, with an error.
  A phone without an id is none and is left out, one that comes twice is there once.
- A read is tried three times at most, and only where that can help: after 408, 429, 500, 502, 503, 504, 509, when the
  connection broke, and when nothing came for the time that one try may take, which is less than the deadline. After a 503
  it goes over a new connection. An answer that makes no sense is not asked for again: whoever garbles one answer garbles
  the next. 507 is told at once.
- After a 429 or 509, and after a 503 with \`Retry-After\`, nothing more is sent for the caller until the time is over. Whose
  deadline allows it waits; the others are told at once, in \`extensions.retryAfterSeconds\`. A \`Retry-After\` that is past,
  negative or unreadable counts as none, and without one the pause is a fraction of a second, longer every time.
- A change is sent once. 429 is a refusal: nothing was done. Where the outcome was not seen, the phones are looked at; when
  that does not show the change as made, or there is no time left to look, the answer is \`OUTCOME_UNKNOWN\`. An \`addPhone\` under
  any fault leaves one phone at most, and one when it said that it was done.
- 200 is no answer by itself. It has to say that it is JSON, in whatever case, be JSON to its end, and an object. A page of
  HTML under 403 or 404 is a proxy's word, and does not pass for Graph saying that somebody may not, or that something is
  gone.
- Nothing is followed that leads elsewhere: no redirect, and no next link to another host, another path, another person, or a
  page that was read before; 50 pages are the end of any list. A next link that skips nothing is the end of it.
- An answer may have 8 MB and headers 16 KB. Compression is not asked for, and not undone: a gzip bomb stays small.
- Without a token for Microsoft Graph nothing is sent to it. Without the keys of Entra ID nobody can be known, and nobody is
  let in: HTTP 503. Keys that were had once serve on while none can be fetched.

## How to read the tables

\`me\` asks for the caller's phones, one request upstream; \`users\` for two people with their phones, four requests in one batch;
\`directory\` for the second page of the directory, one request.
\`once\`: the first request that the fault can strike is struck, so a second try succeeds. \`always\`: all are. A change is struck
itself; the looks after it are not. Requests upstream are those that were sent, BATCH being a \`POST /$batch\`.

«All data» is what the operation answers when nothing is wrong. Milliseconds are those of the whole operation, under a
deadline of 6 seconds, or of two where an answer never comes. «Serves» means that the next request of the same
process was answered in full, a day later by its clock, so that no pause was left that Graph had asked for; «ready» that \`/readyz\` was 200; «open» counts the connections to Microsoft Graph and Entra ID
that were then left. No test left a rejection that nobody handled.

The emulator's own waits are ten times as short here as on the command line: its 2 seconds are 0.2. Headers that say how
long to wait are as they are.
`;

const END = `
## What this does not prove

The faults are the emulator's, and each is one of the ways in which a thing can go wrong. None was seen at the live service
in this project. One caller asks one thing at a time, but for a test in which eight ask 240 things with a fault in every fifth
request, and whose outcome is a pass and no row. Connections that are refused, DNS and TLS are not here.
`;

export function faultsPage(rows: readonly Row[]): string {
  const groups = SCENARIO_GROUPS.map(({ title, scenarios }) => {
    const cells = scenarios.flatMap(({ name, description }) => {
      const own = rows.filter((row) => row['scenario'] === name).toSorted(inOrder);
      if (own.length === 0) throw new Error(`nothing was recorded of ${name}`);
      return own.map((row, at) => [at === 0 ? `\`${name}\`: ${description}` : '', ...cellsOf(row)]);
    });
    return `## ${title}\n\n${tableOf(HEAD, cells)}\n`;
  });
  return [BEGINNING, `${circumstances()}\n`, ...groups].join('\n') + END;
}

function cellsOf(row: Row): (string | number)[] {
  return ['operation', 'struck', 'saw', 'calls', 'ms', 'after'].map((name) => row[name] ?? '');
}

const ORDER = ['me', 'users', 'directory', 'addPhone', 'updatePhone', 'deletePhone'];

/** Tests run in any order; within one operation, once comes before always. */
function inOrder(a: Row, b: Row): number {
  return placeOf(a) - placeOf(b) || String(b['struck']).localeCompare(String(a['struck']));
}

function placeOf(row: Row): number {
  const operation = String(row['operation']);
  return ORDER.findIndex((name) => operation.startsWith(name)) * 100 + operation.length;
}
