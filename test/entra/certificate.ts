// A certificate of one's own, made with what Node has: it signs, but makes no certificates, so the DER is put together
// here (RFC 5280).
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export async function temporaryFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'entra-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}

/** A PEM file with a key and its certificate; the thumbprint is that of SHA-256, in base64url. */
export async function certificateFile(
  folder: string,
): Promise<{ readonly path: string; readonly thumbprint: string }> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const signatureAlgorithm = sequence(
    objectId(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b),
    [0x05, 0x00],
  );
  const name = sequence(
    tagged(0x31, sequence(objectId(0x55, 0x04, 0x03), tagged(0x0c, Buffer.from('gateway')))),
  );
  const validity = sequence(
    tagged(0x17, Buffer.from('200101000000Z')),
    tagged(0x17, Buffer.from('491231235959Z')),
  );
  const publicInfo = publicKey.export({ type: 'spki', format: 'der' });
  const body = sequence(tagged(0x02, [1]), signatureAlgorithm, name, validity, name, publicInfo);
  const signature = sign('sha256', body, privateKey);
  const der = sequence(body, signatureAlgorithm, tagged(0x03, [0, ...signature]));
  const path = join(folder, 'gateway.pem');
  const lines = der.toString('base64').replaceAll(/.{64}/g, '$&\n');
  const certificate = `-----BEGIN CERTIFICATE-----\n${lines.trimEnd()}\n-----END CERTIFICATE-----\n`;
  await writeFile(path, `${privateKey.export({ type: 'pkcs8', format: 'pem' })}${certificate}`);
  return { path, thumbprint: createHash('sha256').update(der).digest('base64url') };
}

type Bytes = Uint8Array | readonly number[];

function tagged(tag: number, content: Bytes): Buffer {
  const size = content.length;
  const length = size < 0x80 ? [size] : size < 0x100 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), Buffer.from(content)]);
}

function sequence(...parts: readonly Bytes[]): Buffer {
  return tagged(0x30, Buffer.concat(parts.map((part) => Buffer.from(part))));
}

function objectId(...bytes: readonly number[]): Buffer {
  return tagged(0x06, bytes);
}
