// The platform, as the rest of the client sees it: fetch, time and random values, all of which a caller can replace. This
// file is the only one that touches them. It uses nothing but what browsers, edge runtimes and Node have in common.

export interface Runtime {
  readonly fetch: typeof fetch;
  /** Milliseconds since 1970, by the wall clock. */
  now(): number;
  /** Milliseconds since an arbitrary start. It never goes back. */
  elapsed(): number;
  /** Resolves after `ms` milliseconds; rejects with the signal's reason as soon as it aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Calls `run` once after `ms` milliseconds; the result calls it off. */
  schedule(ms: number, run: () => void): () => void;
  /** A number from 0 up to, not including, 1. */
  fraction(): number;
  /** 128 random bits as 32 hexadecimal digits: a key that nobody else makes. */
  key(): string;
}

export const platform: Runtime = {
  // Looked up for each request, so that a fetch which is instrumented later is taken.
  fetch: (input, init) => globalThis.fetch(input, init),
  now: () => Date.now(),
  elapsed: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const abort = (): void => {
        clearTimeout(timer);
        reject(signal?.reason);
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', abort);
        resolve();
      }, ms);
      signal?.addEventListener('abort', abort, { once: true });
    }),
  schedule(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
  fraction: () => Math.random(),
  key: () => hex(crypto.getRandomValues(new Uint8Array(16))),
};

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
