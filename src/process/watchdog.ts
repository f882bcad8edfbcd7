// A thread that ends its process after a time (src/process/exit.ts). It waits without an event loop, and does not ask the
// process's own thread for anything.
import { workerData } from 'node:worker_threads';

Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Number(workerData));
process.kill(process.pid, 'SIGKILL');
