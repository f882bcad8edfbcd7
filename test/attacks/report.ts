// reports/attacks.md, from the rows that tests recorded.
import { circumstances, tableOf } from '../support/measure.ts';
import { ATTACK_KINDS, type Row } from '../support/record.ts';

const HEAD = ['what was tried', 'HTTP', 'code', 'ms', 'requests upstream'];

type Kind = (typeof ATTACK_KINDS)[number];

/** The tests that record attempts. */
export const ATTACK_TESTS = [
  'test/attacks/',
  'test/auth/tokens.test.ts',
  'test/server/authentication.test.ts',
  'test/server/raw.test.ts',
  'test/server/refusals.test.ts',
  'test/graphql/limits.test.ts',
];

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

const BEGINNING = `# Attacks, and how the gateway refuses them

Written by \`npm run report:attacks\`, which runs the tests named below and records what they saw. The same tests check status,
code and requests upstream on every run, and not the milliseconds. Requests upstream are those to Microsoft Graph and those for
tokens to Entra ID. The gateway fetches keys for token validation once; they are not counted.
`;

const END = `
## What this does not prove

Each row is one request over a real connection to a gateway, and its response. The rows are what somebody thought of: they do not
prove that there is no other attack. Nobody outside has looked for more. TLS, which something before the gateway has to bring, is
not here. Each row is tried alone; \`test/server/load.test.ts\` and \`test/server/admission.test.ts\` have many at once. The
milliseconds are those that the client saw, in some groups with a new connection.
`;

export function attacksReport(rows: readonly Row[]): string {
  const groups = ATTACK_KINDS.map((kind) => {
    const own = rows.filter((row) => row['kind'] === kind);
    if (own.length === 0) throw new Error(`nothing was recorded of: ${kind}`);
    const cells = own.map((row) => ['what', 'status', 'code', 'ms', 'calls'].map((name) => row[name] ?? ''));
    return `## ${kind}\n\n${ABOUT[kind]}.\n\n${tableOf(HEAD, cells)}\n`;
  });
  const count = `${circumstances()} ${rows.length} attempts in ${ATTACK_KINDS.length} groups.\n`;
  return [BEGINNING, count, ...groups].join('\n') + END;
}
