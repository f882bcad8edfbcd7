import { createHmac, createPublicKey } from 'node:crypto';
import { jwtVerify } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Algorithm } from '../../emulator/entra/jwt.ts';
import { isSignedBy, readJwt, writeJwt } from '../../emulator/entra/jwt.ts';
import type { SigningKey } from '../../emulator/entra/keys.ts';
import { createKeys, makeKey } from '../../emulator/entra/keys.ts';

let key: SigningKey;
beforeAll(async () => {
  key = await makeKey();
});

const write = (algorithm: Algorithm): string => writeJwt({ kid: 'k' }, { sub: 'me' }, key, algorithm);
const isValid = (token: string): boolean => {
  const jwt = readJwt(token);
  return jwt !== undefined && isSignedBy(jwt, key.publicKey, ['RS256']);
};

describe('writing a JSON Web Token', () => {
  it.each<Algorithm>(['RS256', 'RS384', 'RS512', 'PS256'])('%s is verified by jose', async (algorithm) => {
    const { payload, protectedHeader } = await jwtVerify(write(algorithm), key.publicKey);
    expect([payload, protectedHeader]).toEqual([{ sub: 'me' }, { typ: 'JWT', alg: algorithm, kid: 'k' }]);
  });

  it('none writes an empty signature', () => {
    expect(write('none').split('.')[2]).toBe('');
  });

  it('HS256 uses the public key as the secret', () => {
    const [header, claims, signature] = write('HS256').split('.');
    const pem = createPublicKey({ key: key.jwk, format: 'jwk' }).export({ type: 'spki', format: 'pem' });
    const expected = createHmac('sha256', pem).update(`${header}.${claims}`).digest('base64url');
    expect(signature).toBe(expected);
  });
});

describe('reading a JSON Web Token', () => {
  it('accepts RS256 with the right key only', async () => {
    const otherKey = await makeKey();
    expect(isValid(write('RS256'))).toBe(true);
    expect(isValid(writeJwt({}, { sub: 'me' }, otherKey, 'RS256'))).toBe(false);
    for (const algorithm of ['RS384', 'RS512', 'PS256', 'HS256', 'none'] as const)
      expect([algorithm, isValid(write(algorithm))]).toEqual([algorithm, false]);
  });

  it('rejects a changed claim, and a header with another algorithm', () => {
    const [header, , signature] = write('RS256').split('.');
    const claims = Buffer.from('{"sub":"you"}').toString('base64url');
    expect(isValid(`${header}.${claims}.${signature}`)).toBe(false);
    expect(isValid(writeJwt({ alg: 'RS256' }, { sub: 'me' }, key, 'PS256'))).toBe(false);
  });

  it.each(['', 'a.b', 'a.b.c', 'e30.e30.e30.e30', 'e30.W10.', 'bnVsbA.e30.', 'e30.e30.=', 'e30.e30. e30'])(
    'rejects %j',
    (text) => {
      expect(readJwt(text)).toBeUndefined();
    },
  );
});

describe('the signing keys', () => {
  it('are two, with thumbprints of RFC 7638 as ids', async () => {
    const { calculateJwkThumbprint } = await import('jose');
    const keys = await createKeys().published();
    expect(new Set(keys.map(({ kid }) => kid)).size).toBe(2);
    for (const { kid, jwk } of keys) expect(await calculateJwkThumbprint({ ...jwk })).toBe(kid);
  });

  it('are created once, on first use', async () => {
    const keys = createKeys();
    expect(keys.find('x')).toBeUndefined();
    const [first, second] = await Promise.all([keys.get('current'), keys.get('current')]);
    expect(first).toBe(second);
    expect(keys.find(first.kid)).toBe(first);
  });

  it('are replaced by rotation, also when two rotations run at once', async () => {
    const keys = createKeys();
    const [, second] = await keys.published();
    await keys.rotate();
    const after = await keys.published();
    expect(after[0]).toBe(second);
    await Promise.all([keys.rotate(), keys.rotate()]);
    expect((await keys.published()).some((one) => after.includes(one))).toBe(false);
  });
});
