// Clients that record whether their request was sent completely, and its result, also when the connection breaks.
import { once } from 'node:events';
import { type Agent, type IncomingHttpHeaders, request } from 'node:http';

export interface Answered {
  /** The HTTP status. 0 without a response. */
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** The payload of the first field. Null without one. */
  // biome-ignore lint/suspicious/noExplicitAny: payloads of every selection
  readonly payload: any;
  /** The codes of `errors` and `userErrors`. */
  readonly codes: readonly string[];
}

export interface Request {
  readonly url: string;
  readonly token: string;
  readonly query: string;
  readonly variables?: object;
  /** The default is a new connection. */
  readonly agent?: Agent;
  /** The caller disconnects when this resolves, and gets no response. */
  readonly leave?: () => Promise<void>;
  /** Called when the request is sent, completely or up to the break of the connection. */
  readonly sent?: () => void;
}

const NOTHING: Answered = { status: 0, headers: {}, payload: null, codes: [] };

/** Never rejects. */
export async function post({ url, token, query, variables, agent, leave, sent }: Request): Promise<Answered> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  const call = request(url, { method: 'POST', agent: agent ?? false, headers });
  const broken = Promise.withResolvers<null>();
  call.once('error', () => broken.resolve(null));
  call.once('close', () => broken.resolve(null));
  let isConnected = false;
  call.once('socket', (socket) => {
    // A reused connection emits no `connect`.
    isConnected = !socket.connecting;
    if (isConnected) return;
    socket.once('connect', () => {
      isConnected = true;
    });
  });
  const finished = once(call, 'finish').catch(() => {});
  const answered = once(call, 'response').catch(() => null);
  call.end(JSON.stringify({ query, variables }));
  await Promise.race([finished, broken.promise]);
  if (isConnected) sent?.();
  if (leave !== undefined) {
    await leave();
    call.destroy();
    return NOTHING;
  }
  const got = await Promise.race([answered, broken.promise]);
  if (got === null) return NOTHING;
  const [response] = got;
  try {
    let text = '';
    for await (const piece of response.setEncoding('utf8')) text += piece;
    return read(response.statusCode, response.headers, text);
  } catch {
    return NOTHING;
  }
}

function read(status: number, headers: IncomingHttpHeaders, text: string): Answered {
  if (headers['content-type']?.includes('json') !== true) return { ...NOTHING, status, headers };
  const { data, errors } = JSON.parse(text);
  const payload = Object.values(data ?? {})[0] ?? null;
  const told = (payload as { userErrors?: readonly { code: string }[] } | null)?.userErrors ?? [];
  const failed: readonly { extensions: { code: string } }[] = errors ?? [];
  const codes = [...failed.map(({ extensions }) => extensions.code), ...told.map(({ code }) => code)];
  return { status, headers, payload, codes };
}
