// The client in front of a real gateway and emulator, over a network that can be told to break. Pauses between tries are
// written down and not waited for.
import { createPhonesClient, type PhonesClient, type PhonesClientOptions } from '../../client/index.ts';
import { startTestProduct, type TestOptions, type TestProduct, tokenOf } from '../support/product.ts';
import { type Network, startNetwork } from './network.ts';

export interface Connected extends AsyncDisposable {
  readonly product: TestProduct;
  readonly network: Network;
  readonly client: PhonesClient;
  /** Milliseconds of each pause. */
  readonly pauses: readonly number[];
}

export interface ConnectOptions {
  readonly as?: string;
  readonly client?: Partial<PhonesClientOptions>;
  readonly product?: TestOptions;
}

export async function connect({
  as = 'innocenty',
  client,
  product: started,
}: ConnectOptions = {}): Promise<Connected> {
  const product = await startTestProduct(started);
  const network = await startNetwork(product.url);
  const pauses: number[] = [];
  let slept = 0;
  const runtime = {
    elapsed: () => performance.now() + slept,
    sleep: async (ms: number, signal?: AbortSignal) => {
      signal?.throwIfAborted();
      pauses.push(ms);
      slept += ms;
    },
  };
  const token = tokenOf(product.emulator, as);
  return {
    product,
    network,
    pauses,
    client: createPhonesClient({ url: network.url, token, runtime, ...client }),
    async [Symbol.asyncDispose]() {
      await network[Symbol.asyncDispose]();
      await product.close();
    },
  };
}
