import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { TransientMap } from '../../src/runtime/transient-map.ts';

describe('a transient map', () => {
  it.each(['a', '', '__proto__', 'constructor', 'toString', '1'])(
    'returns the value of %j until it is deleted',
    (name) => {
      const passing = new TransientMap<number>();
      expect(passing.get(name)).toBeUndefined();
      passing.set(name, 1);
      passing.set(name, 2);
      expect(passing.get(name)).toBe(2);
      passing.delete(name);
      expect(passing.get(name)).toBeUndefined();
      passing.delete(name);
    },
  );

  it('frees a deleted value with collections of the young generation only', () => {
    // V8 can run a collection of its own meanwhile, so each value is checked several times.
    const times = [1, 2, 3, 4, 5];
    const kept = times.map(() => megabytesGrownOld(new TransientMap<object>()));
    expect(Math.min(...kept)).toBeLessThan(2);
    // What it is there for: if this fails, a Map will do.
    const keptByMaps = times.map(() => megabytesGrownOld(new Map<string, object>()));
    expect(Math.max(...keptByMaps)).toBeGreaterThan(10);
  });
});

/** What is left of twenty thousand that came and went, thirty at a time, a kilobyte each, when the old is not collected. */
function megabytesGrownOld(passing: Pick<TransientMap<object>, 'set' | 'delete'>): number {
  setFlagsFromString('--expose-gc');
  // As in the gateway itself.
  setFlagsFromString('--no-allocation-site-pretenuring');
  const collect = runInNewContext('gc') as (options: { type: 'minor' | 'major' }) => void;
  collect({ type: 'major' });
  const before = oldSpace();
  for (let count = 0; count < 20_000; count += 1) {
    passing.set(
      `n${count}`,
      Array.from({ length: 128 }, () => count),
    );
    passing.delete(`n${count - 30}`);
    if (count % 500 === 0) collect({ type: 'minor' });
  }
  return (oldSpace() - before) / 1024 / 1024;
}

function oldSpace(): number {
  const space = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'old_space');
  return space?.space_used_size ?? Number.NaN;
}
