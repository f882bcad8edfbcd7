// The HTTP requests of a case, distributed over all clients.
import type { Case } from '../cases.ts';

/** The next request of the client with this number. */
export type Deal = (client: number) => string;

/** As long as a token of Entra ID, because servers read, hash and forward it. */
const TOKEN_FILLING = 'x'.repeat(1_500);

export function tokenOf(client: number): string {
  return `client-${client}.${TOKEN_FILLING}`;
}

export function dealRequests({ bodies, oneToken }: Pick<Case, 'bodies' | 'oneToken'>): Deal {
  const ends = bodies.map((body) => `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  const heads: string[] = [];
  let dealt = 0;
  return (client) => {
    const caller = oneToken ? 0 : client;
    heads[caller] ??= headOf('POST', '/graphql', caller);
    const end = ends[dealt % ends.length];
    dealt += 1;
    return heads[caller] + (end ?? '');
  };
}

/** Requests to the stub without a server, for the base latency. */
export function dealDirectRequests({ asked }: Case): Deal {
  const paths = asked.map(([person]) => `/beta/users/${person?.id}/profile/phones`);
  let dealt = 0;
  return () => {
    dealt += 1;
    return `${headOf('GET', paths[dealt % paths.length] ?? '/', 0)}\r\n`;
  };
}

function headOf(method: string, path: string, client: number): string {
  const lines = [
    `${method} ${path} HTTP/1.1`,
    'host: 127.0.0.1',
    'accept: application/json',
    'content-type: application/json',
    `authorization: Bearer ${tokenOf(client)}`,
    '',
  ];
  return lines.join('\r\n');
}
