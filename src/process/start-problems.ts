// Why the program cannot start, in words for the person who starts it.
import { CredentialError } from '../auth/credential.ts';
import { ManifestError } from '../graphql/trusted-documents.ts';

/** What that person can mend, line by line; null for a fault of the program. */
export function startProblems(error: unknown): readonly string[] | null {
  if (error instanceof ManifestError) return error.problems.map((problem) => `TRUSTED_DOCUMENTS: ${problem}`);
  if (error instanceof CredentialError) return [error.message];
  const taken = addressProblem(error);
  return taken === null ? null : [taken];
}

/** Why an address cannot be listened on, and what to do; null for an error of another kind. */
function addressProblem(error: unknown): string | null {
  if (!(error instanceof Error && 'syscall' in error)) return null;
  // A worker listens on what another process has bound for it.
  if (error.syscall !== 'listen' && error.syscall !== 'bind') return null;
  const { code, address, port } = error as NodeJS.ErrnoException & { address?: string; port?: number };
  const place = `${address}:${port}`;
  if (code === 'EADDRINUSE') {
    return `${place} is in use. Stop what listens there, or set PORT, ADMIN_PORT or EMULATOR_PORT; 0 takes a free one.`;
  }
  return `${place} cannot be listened on (${code}). Set HOST, PORT, ADMIN_PORT or EMULATOR_PORT.`;
}
