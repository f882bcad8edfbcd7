// The items of one facet for one request: reads and mutations, which forget what was read when something has changed.
import type { GraphSession } from '../graph/session.ts';
import type { Facet } from './facet.ts';
import type { ItemFacet } from './item-facet.ts';
import type { KnownCaller } from './key-scope.ts';
import { createItemReads, type ItemReads } from './loader.ts';
import type { WriteDeps } from './mutations/add.ts';
import { createItemMutations, type ItemMutations } from './mutations/mutations.ts';
import type { Owners } from './owners.ts';

export interface Items<Item extends ItemFacet = ItemFacet> extends ItemReads<Item>, ItemMutations<Item> {}

export interface ItemsOptions {
  readonly session: GraphSession;
  readonly caller: KnownCaller | null;
  readonly owners: Owners;
  readonly writing: WriteDeps;
}

export function createItems<Item extends ItemFacet>(
  facet: Facet<Item>,
  { session, caller, owners, writing }: ItemsOptions,
): Items<Item> {
  const reads = createItemReads(facet, session, owners);
  const changed = () => reads.forget();
  return { ...reads, ...createItemMutations({ facet, session, caller, deps: writing, changed }) };
}
