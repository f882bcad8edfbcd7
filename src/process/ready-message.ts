// What a person is told who has just started the gateway, and what the explorer begins with.

import type { Emulator } from '../../emulator/emulator.ts';
import type { Config } from '../config/config.ts';

/** Where `npm run token` looks for one unless told. */
const DEFAULT_EMULATOR_PORT = '4010';

/** What was started, and where. */
export interface Started {
  readonly url: string;
  readonly adminUrl: string;
  /** Null where Microsoft Graph is elsewhere. */
  readonly emulator: Emulator | null;
}

/** What a person who has just typed `npm start` needs to know next. */
export function readyMessage({ auth, explorer }: Config, { url, adminUrl, emulator }: Started): string {
  const invitation = explorer === 'off' ? '' : '  (open it in a browser to explore)';
  const lines = [`GraphQL  ${url}${invitation}`, `Health   ${adminUrl}/readyz`];
  if (emulator === null) return `${lines.join('\n')}\n`;
  const { port } = new URL(emulator.url);
  const signed = (name: string) =>
    `$(npm run -s token -- ${name}${port === DEFAULT_EMULATOR_PORT ? '' : ` --port ${port}`})`;
  const tokens = emulator.tokens.map(({ name, token, description }) => {
    return { token: auth.mode === 'entra' ? signed(name) : token, description };
  });
  const [demo, ...others] = tokens;
  lines.push(
    `Graph    ${emulator.url}  (the embedded emulator: people and phones are made up)`,
    '',
    `Demo token: ${demo?.token}  (${demo?.description})`,
    ...others.map(({ token, description }) => `            ${token}  (${description})`),
    '',
    'Try:',
    `curl -s ${url} -H 'content-type: application/json' -H "authorization: Bearer ${demo?.token}" \\`,
    `  -d '{"query":"{ me { displayName phones { number type } } }"}'`,
  );
  return `${lines.join('\n')}\n`;
}

/** A signed token is good for a day, so that the page is for as long as somebody looks at it. */
export async function demoHeaders(
  { auth }: Config,
  emulator: Emulator | null,
): Promise<Readonly<Record<string, string>>> {
  const [demo] = emulator?.tokens ?? [];
  if (emulator === null || demo === undefined) return {};
  const signed = () => emulator.entra.userToken(demo.name, { expiresInSeconds: 86_400 });
  return { Authorization: `Bearer ${auth.mode === 'entra' ? await signed() : demo.token}` };
}
