// One client of the gateway: its token, its connections, and its responses counted by code.
import { Agent, request } from 'node:http';

export interface Told {
  /** The payload of the first field. Null without one. */
  readonly payload: Readonly<Record<string, unknown>> | null;
  /** The codes of its `userErrors`. */
  readonly codes: readonly string[];
}

export type Ask = (query: string, variables: object) => Promise<Told>;

/** Counts by code. */
export type Tally = Map<string, number>;

export function count(tally: Tally, name: string): void {
  tally.set(name, (tally.get(name) ?? 0) + 1);
}

interface Body {
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly { readonly extensions: { readonly code: string } }[];
}

/** @param renew returns a token that is valid now */
export function createAsk(url: string, renew: () => Promise<string>, tally: Tally): Ask {
  const agent = new Agent({ keepAlive: true });
  let token: Promise<string> | null = null;
  return async (query, variables) => {
    token ??= renew();
    const used = token;
    count(tally, 'operations');
    const [status, text] = await post(url, agent, await used, JSON.stringify({ query, variables }));
    const body = parsed(text);
    if (status !== 200) count(tally, status === 0 ? 'no answer' : `HTTP ${status}`);
    for (const code of new Set(body.errors?.map(({ extensions }) => extensions.code))) count(tally, code);
    // Some faults rotate the signing keys. The first request that notices renews the token for all.
    if (status === 401 && token === used) token = null;
    const payload = Object.values(body.data ?? {})[0] ?? null;
    const object = typeof payload === 'object' ? (payload as Record<string, unknown> | null) : null;
    const userErrors = (object?.['userErrors'] ?? []) as readonly { readonly code: string }[];
    const codes = userErrors.map(({ code }) => code);
    for (const code of codes) count(tally, `userErrors: ${code}`);
    return { payload: object, codes };
  };
}

function parsed(text: string): Body {
  try {
    return JSON.parse(text) as Body;
  } catch {
    return {};
  }
}

/** The status is 0 without a response. */
function post(url: string, agent: Agent, token: string, body: string): Promise<[number, string]> {
  return new Promise((resolve) => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    const call = request(url, { method: 'POST', agent, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (piece: string) => {
        text += piece;
      });
      response.once('end', () => resolve([response.statusCode ?? 0, text]));
      response.once('error', () => resolve([0, '']));
    });
    call.once('error', () => resolve([0, '']));
    call.end(body);
  });
}
