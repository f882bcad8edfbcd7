// How this gateway proves to Microsoft Entra ID that it is itself. Read anew for every exchange: a federated token lives
// for an hour at most, and certificates are replaced in place, neither with a restart.
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Configuration } from '@azure/msal-node';

export type Credential =
  /** A token of the platform that the gateway runs on (workload identity), in a file that the platform keeps fresh. */
  | { readonly kind: 'federated'; readonly path: string }
  /** A PEM file with a certificate and its private key. */
  | { readonly kind: 'certificate'; readonly path: string }
  /** A password. */
  | { readonly kind: 'secret'; readonly secret: string };

/** The part of MSAL's configuration that is the credential. */
export type Proof = Pick<Configuration['auth'], 'clientSecret' | 'clientCertificate' | 'clientAssertion'>;

/** The credential cannot be used. The message names the variable, and holds nothing of the file. */
export class CredentialProblem extends Error {
  override readonly name = 'CredentialProblem';
}

/** Rejects with a CredentialProblem. */
export async function proofOf(credential: Credential): Promise<Proof> {
  switch (credential.kind) {
    case 'federated':
      return { clientAssertion: await readToken(credential.path) };
    case 'certificate':
      return { clientCertificate: await readCertificate(credential.path) };
    case 'secret':
      return { clientSecret: credential.secret };
  }
}

/**
 * What nobody knows but the replicas of this gateway, and all of them; null where each has a credential of its own, as with
 * federated tokens. Rejects with a CredentialProblem.
 */
export async function secretOf(credential: Credential): Promise<string | null> {
  const { clientSecret, clientCertificate } = await proofOf(credential);
  return clientCertificate?.privateKey ?? clientSecret ?? null;
}

async function readToken(path: string): Promise<string> {
  const token = (await read('AZURE_FEDERATED_TOKEN_FILE', path)).trim();
  if (token === '') throw new CredentialProblem('AZURE_FEDERATED_TOKEN_FILE: the file is empty');
  return token;
}

async function readCertificate(path: string): Promise<NonNullable<Proof['clientCertificate']>> {
  const pem = await read('AZURE_CLIENT_CERTIFICATE_PATH', path);
  try {
    const certificate = new X509Certificate(pem);
    const key = createPrivateKey(pem);
    if (!certificate.checkPrivateKey(key)) throw new TypeError('not the key of this certificate');
    return {
      thumbprintSha256: certificate.fingerprint256.replaceAll(':', ''),
      privateKey: key.export({ type: 'pkcs8', format: 'pem' }) as string,
      x5c: pem,
    };
  } catch {
    // What went wrong is told without the cause, which may quote the file.
    throw new CredentialProblem(
      'AZURE_CLIENT_CERTIFICATE_PATH: the file has to hold a certificate and its private key, unencrypted, in PEM',
    );
  }
}

async function read(variable: string, path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw new CredentialProblem(`${variable}: the file cannot be read (${code})`);
  }
}
