// Several additions for one person in one call, none of which was sent before. The list of what was there before is read
// once for all of them, or a hundred phones would need the list a hundred times, and it gets longer with each.
//
// That list must not be older than the lease of an addition: another call could have added the same under another key in
// between. So all leases are taken first. Whoever finds one taken goes by itself, with a list of its own.
import { lazy } from '../../runtime/lazy.ts';
import { leniently } from './idempotency.ts';
import { addLeased, addOnceOfMany, type KeyedAdd, type Once } from './idempotent-add.ts';
import { listIds } from './reconcile.ts';

type GiveBack = () => Promise<void>;

/** A way to carry out each, to be called one after the other. */
export function addInTurn(adds: readonly KeyedAdd[]): (() => Promise<Once>)[] {
  const leases = lazy(() => Promise.all(adds.map(leaseOf)));
  let ids: readonly string[] | null = null;
  return adds.map((add, at) => async () => {
    const giveBack = (await leases())[at] ?? null;
    if (giveBack === null) return noted(await addOnceOfMany(add));
    try {
      add.limit.check(add.session);
      return noted(await addLeased({ ...add, listed: () => listedFor(add) }));
    } finally {
      await leniently(giveBack());
    }
  });

  async function listedFor({ session, user, limit }: KeyedAdd): Promise<readonly string[]> {
    ids ??= await limit.timed(() => listIds(session, user));
    return ids;
  }

  /** What was added by this call was there before the next. */
  function noted(ended: Once): Once {
    if (ids !== null && 'done' in ended && ended.done !== null) ids = [...ids, ended.done.graphId];
    return ended;
  }
}

/** Null where somebody else is at work, or the store cannot tell: then it is asked again. */
async function leaseOf({ slot, session }: KeyedAdd): Promise<GiveBack | null> {
  let giveBack: GiveBack | null = null;
  const take = async (): Promise<void> => {
    giveBack = await slot.lease(session.remainingMs);
  };
  await leniently(take());
  return giveBack;
}
