// Ends the processes that a test has started, however the test ends.
import { type ChildProcess, spawn } from 'node:child_process';

/**
 * A test that is killed cannot clean up. So a shell reads from a pipe to the test. When the test ends, the pipe closes, and
 * the shell ends the process.
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
