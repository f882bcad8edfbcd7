import { type ChildProcess, spawn } from 'node:child_process';

/**
 * A test that is killed has no time to tidy up. A shell waits for a word that never comes: when the pipe to it breaks, its
 * parent is gone, and it takes the process with it.
 */
export function endWithUs(child: ChildProcess): void {
  const guard = spawn('sh', ['-c', `read -r _; kill -9 ${child.pid}`], {
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  guard.on('error', () => {});
  guard.stdin.on('error', () => {});
  child.once('exit', () => guard.kill('SIGKILL'));
}
