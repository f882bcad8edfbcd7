// Writes and reads JSON Web Tokens (RFC 7515, 7518, 7519). It can also write invalid ones, for tests. Knows no claims.
import { constants, createHmac, type KeyObject, sign, verify } from 'node:crypto';

/** `none` writes no signature. `HS256` uses the public key as the secret, which is a known attack. */
export type Algorithm = 'RS256' | 'RS384' | 'RS512' | 'PS256' | 'HS256' | 'none';
export type Claims = Readonly<Record<string, unknown>>;

export interface KeyPair {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

export interface Jwt {
  readonly header: Claims;
  readonly claims: Claims;
  /** The part that the signature covers. */
  readonly signed: string;
  readonly signature: Buffer;
}

/** @param header `alg` is added, unless the header has one, which may then contradict the algorithm */
export function writeJwt(header: Claims, claims: Claims, key: KeyPair, algorithm: Algorithm): string {
  const signed = `${encode({ typ: 'JWT', alg: algorithm, ...header })}.${encode(claims)}`;
  return `${signed}.${signatureOf(signed, key, algorithm).toString('base64url')}`;
}

function encode(part: Claims): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}

function signatureOf(signed: string, { privateKey, publicKey }: KeyPair, algorithm: Algorithm): Buffer {
  if (algorithm === 'none') return Buffer.alloc(0);
  if (algorithm === 'HS256') {
    const secret = publicKey.export({ type: 'spki', format: 'pem' });
    return createHmac('sha256', secret).update(signed).digest();
  }
  return sign(hashOf(algorithm), Buffer.from(signed), { key: privateKey, ...paddingOf(algorithm) });
}

/** Returns undefined for text that is not a JWT in compact form. Does not verify the signature. */
export function readJwt(token: string): Jwt | undefined {
  const [header, claims, signature, ...more] = token.split('.');
  if (header === undefined || claims === undefined || signature === undefined || more.length > 0)
    return undefined;
  const decoded = { header: decode(header), claims: decode(claims) };
  const bytes = Buffer.from(signature, 'base64url');
  if (
    decoded.header === undefined ||
    decoded.claims === undefined ||
    bytes.toString('base64url') !== signature
  )
    return undefined;
  const signed = `${header}.${claims}`;
  return { header: decoded.header, claims: decoded.claims, signed, signature: bytes };
}

function decode(part: string): Claims | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Claims)
      : undefined;
  } catch {
    return undefined;
  }
}

/** @param allowed the accepted algorithms; `alg` in the header must be one of them */
export function isSignedBy(jwt: Jwt, publicKey: KeyObject, allowed: readonly Asymmetric[]): boolean {
  const algorithm = allowed.find((name) => name === jwt.header['alg']);
  if (algorithm === undefined) return false;
  const key = { key: publicKey, ...paddingOf(algorithm) };
  return verify(hashOf(algorithm), Buffer.from(jwt.signed), key, jwt.signature);
}

export type Asymmetric = Exclude<Algorithm, 'HS256' | 'none'>;

function hashOf(algorithm: Asymmetric): string {
  return `sha${algorithm.slice(2)}`;
}

function paddingOf(algorithm: Asymmetric): { padding: number; saltLength?: number } {
  if (!algorithm.startsWith('PS')) return { padding: constants.RSA_PKCS1_PADDING };
  return { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
}
