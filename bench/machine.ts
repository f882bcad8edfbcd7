// The cores of the machine. The server under test has the first core for itself. The load and the stub upstream share the
// others, so that they take no time from the server.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, release, totalmem, type } from 'node:os';

export interface Cores {
  /** Core lists for `taskset -c`. */
  readonly server: string;
  readonly others: string;
}

/** Null where processes cannot be bound to cores, or there is only one. */
export function planCores(): Cores | null {
  const last = availableParallelism() - 1;
  if (last < 1 || !canPin()) return null;
  return { server: '0', others: last === 1 ? '1' : `1-${last}` };
}

function canPin(): boolean {
  try {
    execFileSync('taskset', ['-c', '0', 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Moves this process, with all its threads, off the server's core; processes started from now on stay off it too. */
export function leaveServerCore(cores: Cores): void {
  execFileSync('taskset', ['-acp', cores.others, String(process.pid)], { stdio: 'ignore' });
}

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly system: string;
  readonly node: string;
  /** The load average over one minute before the start. */
  readonly loadBefore: number;
  readonly pinned: boolean;
}

export function describeMachine(cores: Cores | null): Machine {
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memoryGb: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()}`,
    node: process.version,
    loadBefore: Math.round((loadavg()[0] ?? 0) * 100) / 100,
    pinned: cores !== null,
  };
}

/** A machine with a higher load before the start is not quiet. */
export const BUSY = 0.5;

/** USER_HZ, which is 100 on every Linux in use: the unit of the times below. */
const TICKS_A_SECOND = 100;

/** Seconds that a process has run so far, all its threads together; null where the system does not tell. */
export function processSeconds(pid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name of the program, in brackets, may hold blanks; what follows it is numbered from 3.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[14 - 3]) + Number(fields[15 - 3])) / TICKS_A_SECOND;
  } catch {
    return null;
  }
}

/** Seconds that all cores together have run processes, or were taken away by the machine's host; null as above. */
export function machineSeconds(): number | null {
  try {
    const line = /^cpu +(.*)$/m.exec(readFileSync('/proc/stat', 'latin1'))?.[1] ?? '';
    const [user = NaN, nice = NaN, system = NaN, , , , , steal = NaN] = line.split(' ').map(Number);
    return (user + nice + system + steal) / TICKS_A_SECOND;
  } catch {
    return null;
  }
}

export interface Memory {
  /** Resident, in MB of 1,048,576 bytes. */
  readonly now: number;
  readonly peak: number;
}

export function memoryOf(pid: number): Memory | null {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'latin1');
    const megabytes = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1]) / 1_024;
    return { now: megabytes('VmRSS'), peak: megabytes('VmHWM') };
  } catch {
    return null;
  }
}
