// A self-signed certificate in a temporary folder, which is removed after the test.
import { X509Certificate } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { selfSigned } from '../../emulator/entra/certificate.ts';
import { makeKeyPair } from '../../emulator/entra/keys.ts';

export async function temporaryFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'entra-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}

/** A PEM file with a key and its certificate; the thumbprint is that of SHA-256, in base64url. */
export async function certificateFile(
  folder: string,
): Promise<{ readonly path: string; readonly thumbprint: string }> {
  const pair = await makeKeyPair();
  const certificate = selfSigned('gateway', pair, Date.now());
  const path = join(folder, 'gateway.pem');
  await writeFile(path, `${pair.privateKey.export({ type: 'pkcs8', format: 'pem' })}\n${certificate}`);
  const { fingerprint256 } = new X509Certificate(certificate);
  const thumbprint = Buffer.from(fingerprint256.replaceAll(':', ''), 'hex').toString('base64url');
  return { path, thumbprint };
}
