// The messages for problems at startup that an operator can fix.
import { CredentialError } from '../auth/credential.ts';
import { ManifestError } from '../graphql/trusted-documents.ts';

/** One line for each problem. Null when the error is a bug of the program. */
export function startProblems(error: unknown): readonly string[] | null {
  if (error instanceof ManifestError) return error.problems.map((problem) => `TRUSTED_DOCUMENTS: ${problem}`);
  if (error instanceof CredentialError) return [error.message];
  const problem = addressProblem(error);
  return problem === null ? null : [problem];
}

/** Why the program cannot listen on an address, and what to do. Null for an error of another kind. */
function addressProblem(error: unknown): string | null {
  if (!(error instanceof Error && 'syscall' in error)) return null;
  // `bind` is the system call of a worker, whose socket the primary binds.
  if (error.syscall !== 'listen' && error.syscall !== 'bind') return null;
  const { code, address, port } = error as NodeJS.ErrnoException & { address?: string; port?: number };
  const place = `${address}:${port}`;
  if (code === 'EADDRINUSE') {
    return `${place} is in use. Stop the program that listens there, or set PORT, ADMIN_PORT or EMULATOR_PORT. 0 takes a free port.`;
  }
  return `Cannot listen on ${place} (${code}). Set HOST, PORT, ADMIN_PORT or EMULATOR_PORT.`;
}
