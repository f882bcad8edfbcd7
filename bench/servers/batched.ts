// An optimized source for the peers: simultaneous reads of an operation are sent in batches of 20, over persistent connections
// of undici. A single read is sent without a batch.
import DataLoader from 'dataloader';
import { Pool } from 'undici';
import type { WirePhone } from '../people.ts';
import type { PhonesOf } from './slice.ts';

const BATCH_SIZE = 20;
/** As many as Q1 has clients. With 8, 16 or 64 no case was faster. The stub has no limit. */
const CONNECTIONS = 32;

interface PhoneList {
  readonly value: readonly WirePhone[];
}

interface BatchAnswer {
  readonly responses: readonly { readonly id: string; readonly status: number; readonly body: PhoneList }[];
}

/** Opens the source for one operation of one caller. */
export function createBatchedSource(graph: string): (authorization: string) => PhonesOf {
  const pool = new Pool(graph, { connections: CONNECTIONS });
  return (authorization) => {
    const loader = new DataLoader<string, readonly WirePhone[]>((ids) => read(pool, ids, authorization), {
      maxBatchSize: BATCH_SIZE,
    });
    return (userId) => loader.load(userId);
  };
}

async function read(pool: Pool, ids: readonly string[], authorization: string) {
  const [only] = ids;
  if (ids.length === 1 && only !== undefined) return [await readOne(pool, only, authorization)];
  const requests = ids.map((id, at) => ({
    id: String(at),
    method: 'GET',
    url: `/users/${id}/profile/phones`,
  }));
  const { statusCode, body } = await pool.request({
    method: 'POST',
    path: '/beta/$batch',
    headers: { authorization, 'content-type': 'application/json' },
    body: JSON.stringify({ requests }),
  });
  const { responses } = (await body.json()) as BatchAnswer;
  if (statusCode !== 200) throw new Error(`Microsoft Graph answered ${statusCode}`);
  const byId = new Map(responses.map((response) => [response.id, response]));
  return ids.map((_id, at) => {
    const response = byId.get(String(at));
    if (response?.status !== 200) return new Error(`Microsoft Graph answered ${response?.status}`);
    return response.body.value;
  });
}

async function readOne(pool: Pool, id: string, authorization: string): Promise<readonly WirePhone[]> {
  const { statusCode, body } = await pool.request({
    method: 'GET',
    path: `/beta/users/${id}/profile/phones`,
    headers: { authorization },
  });
  const { value } = (await body.json()) as PhoneList;
  if (statusCode !== 200) throw new Error(`Microsoft Graph answered ${statusCode}`);
  return value;
}
