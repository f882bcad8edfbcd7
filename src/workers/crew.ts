// The workers, so many at all times: whoever ends or begins to go has another in its place.
import type { Clock } from '../runtime/clock.ts';
import type { Logger } from '../runtime/log.ts';
import type { Member, Start } from './member.ts';
import { createPatience, pause } from './patience.ts';

export interface CrewOptions {
  readonly size: number;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Milliseconds after which a worker that was told to go is ended. */
  readonly patienceMs: number;
  /** Starts a process with this number. */
  hire(number: number): Member;
  /** Called with each that has ended. */
  ended(member: Member): void;
  /** Called once, when workers do not start any more. */
  giveUp(failure: StartFailure): void;
}

export interface Crew {
  /** Resolves with the address of all once each of them is ready. @throws StartFailure */
  start(): Promise<string>;
  /** Those who answer requests. */
  ready(): readonly Member[];
  /** All whose processes run. */
  all(): readonly Member[];
  /** Puts another in the place of each, one after the other, who is ready before the old one goes. */
  renew(): Promise<void>;
  /** Has all go. A second call hurries the first. */
  close(): Promise<void>;
}

/** Workers do not start. */
export class StartFailure extends Error {
  override readonly name = 'StartFailure';
  /** For the person who starts the program. */
  readonly lines: readonly string[];

  constructor(lines: readonly string[]) {
    super('the workers do not start');
    this.lines = lines.length > 0 ? lines : ['The workers end before they are ready; the log says how.'];
  }
}

/** Milliseconds after which a worker that is not ready will never be. On an idle machine it takes one second. */
export const START_MS = 60_000;

/** One that was started, and what came of it. */
interface Recruit {
  readonly member: Member;
  readonly start: Start;
}

export function createCrew(options: CrewOptions): Crew {
  const { size, clock, logger } = options;
  const numbers = Array.from({ length: size }, (_, at) => at + 1);
  const members = new Set<Member>();
  const seats = new Map<number, Member>();
  const patience = createPatience();
  const closing = new AbortController();
  let hasBegun = false;
  /** The number of the one for whom another is being started who is still there. */
  let renewed: number | null = null;
  let renewing: Promise<void> | null = null;
  let closed: Promise<void> | null = null;

  async function recruit(number: number): Promise<Recruit> {
    const member = options.hire(number);
    members.add(member);
    void member.end.then((end) => {
      members.delete(member);
      options.ended(member);
      const { pid } = member;
      if (closed === null) logger.warn({ number, pid, ...end }, 'a worker has ended');
    });
    const disarm = clock.schedule(START_MS, () => {
      const { pid } = member;
      logger.error({ number, pid, startMs: START_MS }, 'a worker does not come to its start, and is ended');
      member.kill();
    });
    const start = await member.start;
    disarm();
    return { member, start };
  }

  /** Goes on until there is one in this place. @throws StartFailure */
  async function fill(number: number): Promise<string> {
    for (;;) {
      const { member, start } = await recruit(number);
      if (start.kind === 'ready') {
        seat(number, member);
        return start.url;
      }
      const wait = patience.failed();
      const isHopeless = wait === null || (start.lines.length > 0 && !hasBegun);
      if (isHopeless || closing.signal.aborted) throw new StartFailure(start.lines);
      logger.error({ number, waitMs: wait }, 'a worker does not start');
      await pause(clock, wait, closing.signal);
      if (closing.signal.aborted) throw new StartFailure([]);
    }
  }

  function seat(number: number, member: Member): void {
    const since = clock.elapsed();
    seats.set(number, member);
    patience.began();
    logger.info({ number, pid: member.pid }, 'a worker is ready');
    void member.leaves.then(() => {
      const isMissed = seats.get(number) === member && number !== renewed;
      if (isMissed && closed === null) void replace(number, clock.elapsed() - since);
    });
  }

  async function replace(number: number, lived: number): Promise<void> {
    seats.delete(number);
    await pause(clock, patience.ended(lived), closing.signal);
    if (closed !== null) return;
    await fill(number).catch((error: unknown) => {
      if (closed === null && error instanceof StartFailure) options.giveUp(error);
    });
  }

  async function renewAll(): Promise<void> {
    logger.info({ workers: size }, 'replacing the workers, one after the other');
    for (const number of numbers) {
      const old = seats.get(number);
      // Whoever is missing has been replaced by one that is as new.
      if (old === undefined) continue;
      renewed = number;
      const { member, start } = await recruit(number);
      renewed = null;
      if (closed !== null) return;
      if (start.kind === 'failed') {
        // What runs is better than what does not.
        logger.error({ number, reason: start.lines.join(' ') }, 'a worker does not start; the others stay');
        if (!old.isReady()) void replace(number, 0);
        return;
      }
      seat(number, member);
      if (members.has(old)) await dismiss([old]);
      if (closed !== null) return;
    }
    logger.info({ workers: size }, 'the workers are replaced');
  }

  /** Has them go and waits until they are gone, however they are. */
  async function dismiss(leaving: readonly Member[]): Promise<void> {
    for (const member of leaving) member.tell({ kind: 'drain' });
    const disarm = clock.schedule(options.patienceMs, () => {
      for (const member of leaving) member.kill();
    });
    await Promise.all(leaving.map(({ end }) => end));
    disarm();
  }

  return {
    async start() {
      const [url = ''] = await Promise.all(numbers.map(fill));
      hasBegun = true;
      return url;
    },
    ready: () => [...seats.values()].filter((member) => member.isReady()),
    all: () => [...members],
    async renew() {
      if (closed !== null) return;
      renewing ??= renewAll().finally(() => {
        renewing = null;
      });
      await renewing;
    },
    close() {
      if (closed !== null) for (const member of members) member.tell({ kind: 'hurry' });
      closed ??= dismiss([...members]);
      closing.abort();
      return closed;
    },
  };
}
