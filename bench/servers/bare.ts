// The lower bound: node:http and undici with the same upstream calls and without GraphQL. It reads only the variables of the
// request, and responds with Microsoft Graph's JSON.
//
//   parsed   the responses are parsed, put where GraphQL would put them, and serialized again
//   bytes    the responses are forwarded unchanged, those of several batches as a list
import { createServer, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { Pool } from 'undici';
import type { WirePhone } from '../people.ts';
import { GRAPH, HOST, PORT } from './environment.ts';

type Variables = { readonly id: string } | { readonly ids: readonly string[] };
type Answerer = (variables: Variables, authorization: string) => Promise<string | Buffer>;

interface PhoneList {
  readonly value: readonly WirePhone[];
}

interface BatchAnswer {
  readonly responses: readonly { readonly id: string; readonly body: PhoneList }[];
}

const BATCH_SIZE = 20;
const pool = new Pool(GRAPH, { connections: 32 });

async function readOne(id: string, authorization: string) {
  const path = `/beta/users/${id}/profile/phones`;
  return (await pool.request({ method: 'GET', path, headers: { authorization } })).body;
}

async function readBatch(ids: readonly string[], authorization: string) {
  const requests = ids.map((id, at) => ({
    id: String(at),
    method: 'GET',
    url: `/users/${id}/profile/phones`,
  }));
  const answer = await pool.request({
    method: 'POST',
    path: '/beta/$batch',
    headers: { authorization, 'content-type': 'application/json' },
    body: JSON.stringify({ requests }),
  });
  return answer.body;
}

function inBatches(ids: readonly string[]): readonly (readonly string[])[] {
  const count = Math.ceil(ids.length / BATCH_SIZE);
  return Array.from({ length: count }, (_, at) => ids.slice(at * BATCH_SIZE, (at + 1) * BATCH_SIZE));
}

const parsed: Answerer = async (variables, authorization) => {
  if ('id' in variables) {
    const { value } = (await (await readOne(variables.id, authorization)).json()) as PhoneList;
    return JSON.stringify({ data: { user: { id: variables.id, phones: value } } });
  }
  const batches = inBatches(variables.ids).map(async (ids) => {
    const { responses } = (await (await readBatch(ids, authorization)).json()) as BatchAnswer;
    return responses.map(({ id, body }) => ({ id: ids[Number(id)], phones: body.value }));
  });
  return JSON.stringify({ data: { users: (await Promise.all(batches)).flat() } });
};

const bytes: Answerer = async (variables, authorization) => {
  if ('id' in variables) return Buffer.from(await (await readOne(variables.id, authorization)).arrayBuffer());
  const batches = inBatches(variables.ids).map(async (ids) =>
    Buffer.from(await (await readBatch(ids, authorization)).arrayBuffer()),
  );
  const parts = (await Promise.all(batches)).flatMap((batch) => [COMMA, batch]);
  return Buffer.concat([OPEN, ...parts.slice(1), CLOSE]);
};

const [OPEN, COMMA, CLOSE] = [Buffer.from('['), Buffer.from(','), Buffer.from(']')];
const answer = process.argv[2] === 'bytes' ? bytes : parsed;

async function variablesOf(request: IncomingMessage): Promise<Variables> {
  return (JSON.parse(await text(request)) as { variables: Variables }).variables;
}

createServer(async (request, response) => {
  const body = await answer(await variablesOf(request), request.headers.authorization ?? '');
  response.setHeader('content-type', 'application/json');
  response.setHeader('content-length', Buffer.byteLength(body));
  response.end(body);
}).listen(PORT, HOST);
