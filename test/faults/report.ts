// Renders reports/faults.md from the rows that the tests of this folder record.
import { SCENARIO_GROUPS } from '../../emulator/emulator.ts';
import { circumstances, tableOf } from '../support/measure.ts';
import type { Row } from '../support/record.ts';

const HEAD = ['fault', 'operation', 'frequency', 'response', 'upstream requests', 'ms', 'afterwards'];

const BEGINNING = `# Upstream faults and how the gateway handles them

\`npm run report:faults\` writes this report. It runs the tests in \`test/faults\` and records their results. The same tests check the
results on every run, except the milliseconds, and except which of \`OUTCOME_UNKNOWN\` and success an uncertain \`addPhone\` ends
with.

docs/emulator.md says how to reproduce a fault.

## Expected behaviour

- Valid data is returned. A list, a person or a batch item that cannot be read fails alone, with a typed error at its path. A
  list is returned as a whole or not at all: when one of its pages is lost, the list is null with an error. A phone without an
  id is omitted, and a phone that occurs twice is returned once.
- A read is tried three times at most. It is retried after 408, 429, 500, 502, 503, 504 and 509, after a broken connection, and
  after the timeout of one attempt, which is shorter than the deadline. After a 503 the retry uses a new connection. A malformed
  response is not retried, because its sender is likely to repeat it. 507 is not retried.
- After a 429 or a 509, and after a 503 with \`Retry-After\`, no request is sent for the caller until the wait is over. A request
  whose deadline allows it waits. Other requests fail at once, with the wait in \`extensions.retryAfterSeconds\`. A \`Retry-After\`
  that is past, negative or invalid is ignored. Without a valid one, the pause is a fraction of a second and grows with every
  attempt.
- A write is sent once. After a 429 it was not executed. When the outcome of a write was not seen, the gateway reads the phones.
  When they do not show the change, or when no time is left, the result is \`OUTCOME_UNKNOWN\`. Under any fault, an \`addPhone\` adds
  one phone at most, and exactly one when it reports success.
- A response with status 200 must have a JSON content type, in upper or lower case, and its body must be a complete JSON object.
  An HTML page with status 403 or 404 comes from a proxy. It does not mean that access is denied or that a resource is missing.
- Redirects are not followed. A next link is not followed to another host, another path, another person, or a page that was
  already read. A list has 50 pages at most. A next link that skips nothing ends the list.
- A response is limited to 8 MB, and its headers to 16 KB. Compression is neither requested nor decoded, so a gzip bomb stays
  small.
- Without a token for Microsoft Graph, no request is sent to it. Without the keys of Entra ID, no token can be validated, and
  every request is rejected with HTTP 503. Known keys stay in use while new ones cannot be fetched.

## How to read the tables

\`me\` reads the caller's phones with one upstream request. \`users\` reads two people with their phones, four requests in one
batch. \`directory\` reads the second page of the directory with one request.
With frequency \`once\`, the fault affects the first matching request, so a retry succeeds. With \`always\`, it affects all of them.
For a write, the fault affects the write, not the reads after it. BATCH is a \`POST /$batch\`.

"All data" is the response without a fault. Milliseconds are for the whole operation, with a deadline of 6 seconds, or of 2
seconds when no response comes. "Serves" means that the next request to the same process was answered completely, a day later
by its clock, so that every pause was over. "Ready" means that \`/readyz\` returned 200. "Open" counts the remaining connections to
Microsoft Graph and Entra ID. No test had an unhandled rejection.

The delays of the emulator are ten times shorter here than on the command line: 0.2 seconds instead of 2. \`Retry-After\` headers
are not shortened.
`;

const END = `
## What this does not show

The faults are the emulator's. None was observed at the live service in this project. One caller sends one operation at a
time, except in one test, in which eight clients send 240 operations with a fault in every fifth request; it has no row here.
Refused connections, DNS and TLS are not covered.
`;

export function faultsReport(rows: readonly Row[]): string {
  const groups = SCENARIO_GROUPS.map(({ title, scenarios }) => {
    const cells = scenarios.flatMap(({ name, description }) => {
      const own = rows.filter((row) => row['scenario'] === name).toSorted(inOrder);
      if (own.length === 0) throw new Error(`no row was recorded for ${name}`);
      return own.map((row, at) => [at === 0 ? `\`${name}\`: ${description}` : '', ...cellsOf(row)]);
    });
    return `## ${title}\n\n${tableOf(HEAD, cells)}\n`;
  });
  return [BEGINNING, `${circumstances()}\n`, ...groups].join('\n') + END;
}

function cellsOf(row: Row): (string | number)[] {
  return ['operation', 'frequency', 'response', 'calls', 'ms', 'after'].map((name) => row[name] ?? '');
}

const ORDER = ['me', 'users', 'directory', 'addPhone', 'updatePhone', 'deletePhone'];

/** Sorts by operation; within one operation, once comes before always. */
function inOrder(a: Row, b: Row): number {
  return orderOf(a) - orderOf(b) || String(b['frequency']).localeCompare(String(a['frequency']));
}

function orderOf(row: Row): number {
  const operation = String(row['operation']);
  return ORDER.findIndex((name) => operation.startsWith(name)) * 100 + operation.length;
}
