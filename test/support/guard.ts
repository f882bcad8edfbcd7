// Processes that a test starts end with it, however it ends.
import { type ChildProcess, spawn } from 'node:child_process';

/**
 * A test that is killed has no time to tidy up. A shell waits for a word that never comes: when the pipe to it breaks, its
 * parent is gone, and it takes the process with it.
 *
 * @param signal TERM for a process that has children of its own to end
 */
export function endWithUs(child: ChildProcess, signal: 'KILL' | 'TERM' = 'KILL'): void {
  const guard = spawn('sh', ['-c', `read -r _; kill -${signal} ${child.pid}`], {
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  guard.on('error', () => {});
  guard.stdin.on('error', () => {});
  child.once('exit', () => guard.kill('SIGKILL'));
}
