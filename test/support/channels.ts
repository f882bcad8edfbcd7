// A line between two ends, as between two processes: what is sent is copied, and arrives later.
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import type { Channel } from '../../src/runtime/channel.ts';

export interface TestChannel extends Channel {
  /** Ends the line, as the death of a process does. */
  hangUp(): void;
}

export function channelPair(): readonly [TestChannel, TestChannel] {
  const { port1, port2 } = new MessageChannel();
  return [channelOver(port1), channelOver(port2)];
}

function channelOver(port: MessagePort): TestChannel {
  // A test is not kept from ending by a line that nobody has hung up.
  const listen = (hear: (message: unknown) => void): void => {
    // Between processes it is JSON that travels.
    port.on('message', (text: string) => hear(JSON.parse(text)));
    port.unref();
  };
  return {
    send: (message) => port.postMessage(JSON.stringify(message)),
    listen,
    onEnd: (run) => void port.once('close', run),
    hangUp: () => port.close(),
  };
}
