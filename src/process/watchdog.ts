// A thread that kills its process after a time (src/process/exit.ts). It needs neither an event loop nor the main thread.
import { workerData } from 'node:worker_threads';

Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Number(workerData));
process.kill(process.pid, 'SIGKILL');
