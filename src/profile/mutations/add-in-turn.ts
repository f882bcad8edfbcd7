// Several adds for one person in one call, none of which was sent before. The list of what was there before is read once
// for all of them: otherwise a hundred items need the list a hundred times, and it gets longer with each.
//
// That list must not be older than the lease of an add: another call could have added the same under another key in
// between. So all leases are taken first. An add whose lease is taken goes by itself, with a list of its own.
import { lazy } from '../../runtime/lazy.ts';
import type { ItemFacet } from '../item-facet.ts';
import { leniently } from './idempotency.ts';
import { type AddResult, addKeyedOfMany, addUnderLease, type KeyedAdd } from './idempotent-add.ts';
import { listIds } from './reconcile.ts';

type GiveBack = () => Promise<void>;

/** A way to carry out each, to be called one after the other. */
export function addInTurn<Item extends ItemFacet>(
  adds: readonly KeyedAdd<Item>[],
): (() => Promise<AddResult<Item>>)[] {
  const leases = lazy(() => Promise.all(adds.map(leaseOf)));
  let ids: readonly string[] | null = null;
  return adds.map((add, at) => async () => {
    const giveBack = (await leases())[at] ?? null;
    if (giveBack === null) return noted(await addKeyedOfMany(add));
    try {
      add.limit.check(add.session);
      return noted(await addUnderLease({ ...add, listed: () => listedFor(add) }));
    } finally {
      await leniently(giveBack());
    }
  });

  async function listedFor(add: KeyedAdd<Item>): Promise<readonly string[]> {
    ids ??= await add.limit.timed(() => listIds(add));
    return ids;
  }

  /** What this call added was there before the next add. */
  function noted(result: AddResult<Item>): AddResult<Item> {
    if (ids !== null && 'value' in result && result.value !== null) ids = [...ids, result.value.graphId];
    return result;
  }
}

/** Null where another call is at work, or the store cannot tell: then it is asked again. */
async function leaseOf<Item extends ItemFacet>({ slot, session }: KeyedAdd<Item>): Promise<GiveBack | null> {
  let giveBack: GiveBack | null = null;
  const take = async (): Promise<void> => {
    giveBack = await slot.lease(session.remainingMs);
  };
  await leniently(take());
  return giveBack;
}
