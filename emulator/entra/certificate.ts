// Self-signed X.509 certificates, for clients that authenticate with one. Node can read certificates but not create
// them, so this file writes the DER that is needed (RFC 5280, 4.1; X.690).
import { createHash, sign, X509Certificate } from 'node:crypto';
import type { KeyPair } from './jwt.ts';
import type { RegisteredCertificate } from './registrations.ts';

/** @param from milliseconds since 1970; the certificate is valid from an hour before, for a year */
export function selfSigned(commonName: string, { privateKey, publicKey }: KeyPair, from: number): string {
  const name = sequence(set(sequence(COMMON_NAME, element(0x0c, Buffer.from(commonName)))));
  const hour = 3_600_000;
  const body = sequence(
    element(0xa0, element(0x02, Buffer.of(2))),
    element(0x02, Buffer.of(1)),
    RSA_WITH_SHA256,
    name,
    sequence(time(from - hour), time(from + 365 * 24 * hour)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
  );
  const signature = Buffer.concat([Buffer.of(0), sign('sha256', body, privateKey)]);
  const der = sequence(body, RSA_WITH_SHA256, element(0x03, signature));
  return new X509Certificate(der).toString();
}

/**
 * @param pem a certificate
 * @throws for anything else
 */
export function registeredCertificate(pem: string): RegisteredCertificate {
  const { raw, publicKey } = new X509Certificate(pem);
  const thumbprint = (hash: string) => createHash(hash).update(raw).digest('base64url');
  return { publicKey, thumbprints: { x5t: thumbprint('sha1'), 'x5t#S256': thumbprint('sha256') } };
}

function element(tag: number, ...contents: Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  return Buffer.concat([Buffer.of(tag), lengthOf(content.length), content]);
}

/** Lengths up to 65,535 bytes. */
function lengthOf(length: number): Buffer {
  if (length < 0x80) return Buffer.of(length);
  return length < 0x100 ? Buffer.of(0x81, length) : Buffer.of(0x82, length >> 8, length & 0xff);
}

function sequence(...contents: Buffer[]): Buffer {
  return element(0x30, ...contents);
}

function set(...contents: Buffer[]): Buffer {
  return element(0x31, ...contents);
}

/** GeneralizedTime, such as 20200708120000Z. */
function time(at: number): Buffer {
  const text = new Date(at).toISOString().replaceAll(/[-:T]|\.\d+/g, '');
  return element(0x18, Buffer.from(text));
}

/** 2.5.4.3 */
const COMMON_NAME = Buffer.from('0603550403', 'hex');
/** 1.2.840.113549.1.1.11, without parameters */
const RSA_WITH_SHA256 = Buffer.from('300d06092a864886f70d01010b0500', 'hex');
