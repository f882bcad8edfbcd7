// The client credential of the gateway at Microsoft Entra ID (client authentication, RFC 6749, section 2.3). The file is
// read for every token request: a federated token is valid for at most an hour, and certificates are replaced in place.
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Configuration } from '@azure/msal-node';

export type Credential =
  /** Workload identity federation: the path of a file with a token that the platform keeps up to date. */
  | { readonly kind: 'federated'; readonly path: string }
  /** The path of a PEM file with a certificate and its private key. */
  | { readonly kind: 'certificate'; readonly path: string }
  /** A client secret. */
  | { readonly kind: 'secret'; readonly secret: string };

/** The credential as MSAL's configuration takes it. */
export type ClientCredential = Pick<
  Configuration['auth'],
  'clientSecret' | 'clientCertificate' | 'clientAssertion'
>;

/** The credential cannot be used. The message names the environment variable and contains nothing of the file. */
export class CredentialError extends Error {
  override readonly name = 'CredentialError';
}

/** Reads the credential from its file. Rejects with a CredentialError. */
export async function readCredential(credential: Credential): Promise<ClientCredential> {
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
 * Returns a secret that all replicas of the gateway know and nobody else, or null when each replica has its own credential
 * (federated tokens). Rejects with a CredentialError.
 */
export async function replicaSecretOf(credential: Credential): Promise<string | null> {
  const { clientSecret, clientCertificate } = await readCredential(credential);
  return clientCertificate?.privateKey ?? clientSecret ?? null;
}

async function readToken(path: string): Promise<string> {
  const token = (await readText('AZURE_FEDERATED_TOKEN_FILE', path)).trim();
  if (token === '') throw new CredentialError('AZURE_FEDERATED_TOKEN_FILE: the file is empty');
  return token;
}

async function readCertificate(path: string): Promise<NonNullable<ClientCredential['clientCertificate']>> {
  const pem = await readText('AZURE_CLIENT_CERTIFICATE_PATH', path);
  try {
    const certificate = new X509Certificate(pem);
    const key = createPrivateKey(pem);
    if (!certificate.checkPrivateKey(key)) throw new TypeError('the key does not belong to the certificate');
    return {
      thumbprintSha256: certificate.fingerprint256.replaceAll(':', ''),
      privateKey: key.export({ type: 'pkcs8', format: 'pem' }) as string,
      x5c: pem,
    };
  } catch {
    // The cause is left out because it can quote the file.
    throw new CredentialError(
      'AZURE_CLIENT_CERTIFICATE_PATH: the file has to hold a certificate and its private key, unencrypted, in PEM',
    );
  }
}

async function readText(variable: string, path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw new CredentialError(`${variable}: the file cannot be read (${code})`);
  }
}
