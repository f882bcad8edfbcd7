// Shared by the tests of the directory's filter and count: a running product, its directory as listed by the emulator, and
// the upstream requests.
import { expect } from 'vitest';
import { startTestProduct, type TestProduct } from '../support/product.ts';

export interface User {
  readonly id: string;
  readonly userType: string | null;
  readonly accountEnabled: boolean | null;
  readonly department: string | null;
  readonly businessPhones: readonly string[];
  readonly mobilePhone: string | null;
}

export const PAGE = `query ($first: Int! = 999, $after: String, $search: String, $filter: DirectoryFilter) {
  directory(first: $first, after: $after, search: $search, filter: $filter) {
    nodes { id }
    edges { cursor }
    pageInfo { hasNextPage endCursor }
  }
}`;
export const COUNTED = PAGE.replace('nodes', 'totalCount nodes');

export interface Directory {
  readonly product: TestProduct;
  readonly users: readonly User[];
  /** The only upstream request: its decoded options and its ConsistencyLevel. */
  asked(): Record<string, string>;
}

export async function startDirectory(): Promise<Directory> {
  const product = await startTestProduct();
  const { emulator } = product;
  const headers = { authorization: 'Bearer demo-token-innocenty' };
  const whole = await (await fetch(`${emulator.url}/beta/users?$top=999`, { headers })).json();
  return {
    product,
    users: whole.value,
    asked() {
      expect(emulator.calls).toHaveLength(1);
      const [call] = emulator.calls;
      const { searchParams } = new URL(call?.path ?? '', emulator.url);
      return { ...Object.fromEntries(searchParams), header: call?.headers['consistencylevel'] ?? 'none' };
    },
  };
}

export function found(body: { data: { directory: { nodes: { id: string }[] } } }): string[] {
  return body.data.directory.nodes.map(({ id }) => id);
}
