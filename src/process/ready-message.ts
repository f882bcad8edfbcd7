// The message that is printed when the gateway is ready, and the headers that the explorer is filled in with.
import type { Emulator } from '../../emulator/emulator.ts';
import type { Config } from '../config/config.ts';

/** The port that `npm run token` uses by default. */
const DEFAULT_EMULATOR_PORT = '4010';

export interface Started {
  readonly url: string;
  readonly adminUrl: string;
  /** Null when the gateway connects to a remote Microsoft Graph. */
  readonly emulator: Emulator | null;
}

/** The URLs, demo tokens and an example request, for whoever ran `npm start`. */
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

/** The signed token is valid for a day, so that the page works for as long as it is open. */
export async function demoHeaders(
  { auth }: Config,
  emulator: Emulator | null,
): Promise<Readonly<Record<string, string>>> {
  const [demo] = emulator?.tokens ?? [];
  if (emulator === null || demo === undefined) return {};
  const signed = () => emulator.entra.userToken(demo.name, { expiresInSeconds: 86_400 });
  return { Authorization: `Bearer ${auth.mode === 'entra' ? await signed() : demo.token}` };
}
