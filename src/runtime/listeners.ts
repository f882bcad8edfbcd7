// Who listens to which channel, as all stores keep it.

export type Hear = (message: string) => void;

export interface Listeners {
  /** The returned function ends the listening. */
  listen(channel: string, hear: Hear): () => void;
  /** Who listens just now. */
  of(channel: string): readonly Hear[];
}

export function createListeners(): Listeners {
  const channels = new Map<string, Set<Hear>>();
  return {
    listen(channel, hear) {
      const all = channels.get(channel) ?? new Set();
      channels.set(channel, all.add(hear));
      return () => {
        all.delete(hear);
        if (all.size === 0 && channels.get(channel) === all) channels.delete(channel);
      };
    },
    of: (channel) => [...(channels.get(channel) ?? [])],
  };
}
