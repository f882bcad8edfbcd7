// docs/door.md, from what tests recorded.
import { circumstances, tableOf } from '../support/measure.ts';
import { DOOR_KINDS, type Row } from '../support/record.ts';

const HEAD = ['what was tried', 'HTTP', 'code', 'ms', 'requests upstream'];

type Kind = (typeof DOOR_KINDS)[number];

/** What each group is about, and which tests its rows are of. */
const ABOUT: Readonly<Record<Kind, string>> = {
  'Requests without a token that could be one':
    'The gateway passes tokens through (`AUTH_MODE=pass-through`). Whether a token is good is then for Microsoft Graph to say; what cannot be one is refused here. `test/server/authentication.test.ts`',
  'Tokens with a flaw':
    'The gateway checks tokens (`AUTH_MODE=entra`). Each is good but for one thing. The log names the flaw, and neither it nor the answer holds any part of the token. `test/auth/tokens.test.ts`',
  'Good tokens of somebody who may not come in':
    'Well signed, for this gateway, in time, and of a tenant, an application, a scope or a role that is not let in. `test/auth/tokens.test.ts`',
  'Bytes that are no request to be carried out':
    'Written on a bare connection, while another client has one open that is answered before and after. Each refusal is JSON with one error, and not to be cached. `test/server/raw.test.ts`',
  'Clients that take their time':
    'With `REQUEST_DEADLINE_MS=200`; the connection ends after the answer. `test/server/raw.test.ts`',
  'Requests that cannot run':
    'Well-formed HTTP with a good token, and something wrong with what it carries. `test/server/refusals.test.ts`',
  'Documents, where the schema may be read':
    'Sent with a good token, the limits as they are by default. Answers are below 3,000 characters, however long the document. `test/graphql/limits.test.ts`',
  'Documents, where it may not':
    'The same with `INTROSPECTION=off`: no answer repeats a name that the client made up. `test/graphql/limits.test.ts`',
  'Ids that could move a request':
    'HTTP is 200, since the operation ran; the code is that of its error. `me { phone(id:) }` asks whether there is a caller, without the id. `test/attacks/ids.test.ts`; the same ids meet the code that builds paths in `test/graph/paths.test.ts`',
};

const BEGINNING = `# What was tried at the door

Written by \`npm run door\`, which runs the tests that are named below and puts down what they saw. Statuses, codes and requests
upstream are checked by the same tests on every run; the milliseconds are not. Requests upstream are those to Microsoft Graph
and those for tokens to Entra ID; keys to check tokens with are fetched once, and not counted.
`;

const END = `
## What this proves, and what not

Each row is one thing that was sent to a gateway of its own process, over a real connection, and what came back; a request that
is refused costs Microsoft Graph nothing. It does not prove that there is no other way in: the rows are what somebody thought
of. They were not found by a fuzzer, nobody outside has looked for more, and TLS, which something before the gateway has to
bring, is not here. One thing is tried at a time; what many do at once is in \`test/server/load.test.ts\` and
\`test/server/admission.test.ts\`. Milliseconds are those of the whole request as the client saw it, on a connection that in some groups
had to be opened first; the first row of a group also has what is done once.
`;

export function doorPage(rows: readonly Row[]): string {
  const groups = DOOR_KINDS.map((kind) => {
    const own = rows.filter((row) => row['kind'] === kind);
    if (own.length === 0) throw new Error(`nothing was recorded of: ${kind}`);
    const cells = own.map((row) => ['what', 'status', 'code', 'ms', 'calls'].map((name) => row[name] ?? ''));
    return `## ${kind}\n\n${ABOUT[kind]}.\n\n${tableOf(HEAD, cells)}\n`;
  });
  const count = `${circumstances()} ${rows.length} attempts in ${DOOR_KINDS.length} groups.\n`;
  return [BEGINNING, count, ...groups].join('\n') + END;
}
