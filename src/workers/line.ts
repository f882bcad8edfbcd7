// The channel between a process and one that it has started: Node's own.
import type { ChildProcess } from 'node:child_process';
import type { Channel } from '../runtime/channel.ts';

/** @param end the child, as its parent has it, or the child's own `process` */
export function lineTo(end: ChildProcess | NodeJS.Process): Channel {
  return {
    send: (message) => void deliver(end, message),
    listen: (hear) => void end.on('message', hear),
    onEnd(run) {
      if (end.connected) end.once('disconnect', run);
      else run();
    },
  };
}

/** Resolves once it is on its way, or lost. */
export function deliver(end: ChildProcess | NodeJS.Process, message: object): Promise<void> {
  return new Promise((resolve) => {
    if (end.connected) end.send?.(message, undefined, undefined, () => resolve());
    else resolve();
  });
}
