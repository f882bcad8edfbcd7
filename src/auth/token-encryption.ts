// Encrypts tokens for the shared store: AES-256-GCM. HKDF (RFC 5869) derives two independent values from a secret: the
// encryption key and the storage name. The secret is a token or a credential, too long to guess, so neither the name
// nor the ciphertext reveals anything about it.
import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';
import type { Random } from '../runtime/random.ts';

export interface TokenCipher {
  /** The name to store the ciphertext under. A ciphertext stored under another name cannot be decrypted. */
  readonly name: string;
  /** Returns the ciphertext in base64url. */
  encrypt(text: string): string;
  /** Returns null when the text was encrypted with another secret, context or name, or was changed. */
  decrypt(ciphertext: string): string | null;
}

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** The version of the stored format. It is part of the derivation, so another version has other keys and names. */
const FORMAT = 'profile-phones 1';

/** @param context what the text is about; the same secret with another context gives another key and name */
export function createTokenCipher(secret: string, context: string, random: Random): TokenCipher {
  const derive = (purpose: string): Buffer =>
    Buffer.from(hkdfSync('sha256', secret, '', `${FORMAT} ${purpose} ${context}`, 32));
  const key = derive('key');
  const name = derive('name').toString('base64url');
  return {
    name,
    encrypt(text) {
      const nonce = random.bytes(NONCE_BYTES);
      const cipher = createCipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES });
      cipher.setAAD(Buffer.from(name));
      const body = Buffer.concat([cipher.update(text), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url');
    },
    decrypt(ciphertext) {
      const bytes = Buffer.from(ciphertext, 'base64url');
      const tag = bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES);
      if (tag.length < TAG_BYTES) return null;
      const nonce = bytes.subarray(0, NONCE_BYTES);
      const decipher = createDecipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES });
      decipher.setAAD(Buffer.from(name));
      decipher.setAuthTag(tag);
      try {
        const text = decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES));
        return Buffer.concat([text, decipher.final()]).toString();
      } catch {
        return null;
      }
    },
  };
}
