// The two loads. At full load every client sends its next request as soon as it has a response. At low load requests arrive
// at random, at a rate that leaves the server idle most of the time and does not depend on the responses.
import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, createClient } from './client.ts';
import type { Deal } from './requests.ts';

export interface FullLoad {
  /** Answered well within the window. */
  readonly answered: number;
  /** All requests, including those whose response came after the window. */
  readonly asked: number;
  readonly failed: number;
  readonly seconds: number;
}

export interface LowLoad {
  readonly asked: number;
  readonly failed: number;
  /** Milliseconds from request to response, in the order of arrival. */
  readonly latencies: readonly number[];
}

export interface Load {
  /** @param atEnd called at the end of the window, before the last responses */
  full(seconds: number, deal: Deal, atEnd: () => void): Promise<FullLoad>;
  /** @param rate mean requests a second */
  low(seconds: number, deal: Deal, rate: number): Promise<LowLoad>;
  close(): void;
}

export function createLoad(port: number, size: number, random: () => number): Load {
  const clients = Array.from({ length: size }, () => createClient(port));
  return {
    full: (seconds, deal, atEnd) => full(clients, seconds, deal, atEnd),
    low: (seconds, deal, rate) => low(clients, port, { seconds, deal, rate, random }),
    close() {
      for (const client of clients) client.close();
    },
  };
}

async function full(
  clients: readonly Client[],
  seconds: number,
  deal: Deal,
  atEnd: () => void,
): Promise<FullLoad> {
  const start = performance.now();
  const end = start + seconds * 1_000;
  let [asked, answered, failed] = [0, 0, 0];
  async function keepAsking(client: Client, number: number): Promise<void> {
    while (performance.now() < end) {
      asked += 1;
      const isGood = await client.ask(deal(number));
      if (!isGood) failed += 1;
      else if (performance.now() < end) answered += 1;
    }
  }
  const asking = Promise.all(clients.map(keepAsking));
  await sleep(end - performance.now());
  atEnd();
  const length = (performance.now() - start) / 1_000;
  await asking;
  return { answered, asked, failed, seconds: length };
}

interface LowLoadPlan {
  readonly seconds: number;
  readonly deal: Deal;
  readonly rate: number;
  readonly random: () => number;
}

async function low(clients: readonly Client[], port: number, plan: LowLoadPlan): Promise<LowLoad> {
  const free = clients.map((client, number) => ({ client, number }));
  const opened: Client[] = [];
  const pending: Promise<void>[] = [];
  const latencies: number[] = [];
  let failed = 0;
  const another = (): (typeof free)[number] => {
    const client = createClient(port);
    opened.push(client);
    return { client, number: clients.length + opened.length };
  };
  async function askOnce(): Promise<void> {
    const one = free.pop() ?? another();
    const start = performance.now();
    const isGood = await one.client.ask(plan.deal(one.number));
    latencies.push(performance.now() - start);
    if (!isGood) failed += 1;
    free.push(one);
  }
  const end = performance.now() + plan.seconds * 1_000;
  while (performance.now() < end) {
    pending.push(askOnce());
    // Gaps between independent callers are exponential.
    await sleep((-Math.log(1 - plan.random()) * 1_000) / plan.rate);
  }
  await Promise.all(pending);
  for (const client of opened) client.close();
  return { asked: pending.length, failed, latencies };
}
