// Text that only who knows a secret can read, find or make: AES-256-GCM under a key that is derived from the secret, filed
// under a name that is derived from it too, apart from the key (HKDF, RFC 5869). The secret is a token or a credential, too
// long to be guessed, so that neither the name nor the text says anything of it.
import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';
import type { Random } from '../runtime/random.ts';

export interface Seal {
  /** Where the text belongs; nothing that was sealed under another name is opened. */
  readonly name: string;
  seal(text: string): string;
  /** Null for whatever was not sealed with this secret, context and name, and for what was altered since. */
  open(sealed: string): string | null;
}

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** Of the form of what is sealed; another one would be filed under another name. */
const FORM = 'profile-phones 1';

/** @param context what the text is about: what is sealed in one is not found or opened in another */
export function createSeal(secret: string, context: string, random: Random): Seal {
  const derive = (purpose: string): Buffer =>
    Buffer.from(hkdfSync('sha256', secret, '', `${FORM} ${purpose} ${context}`, 32));
  const key = derive('key');
  const name = derive('name').toString('base64url');
  return {
    name,
    seal(text) {
      const nonce = random.bytes(NONCE_BYTES);
      const cipher = createCipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES });
      cipher.setAAD(Buffer.from(name));
      const body = Buffer.concat([cipher.update(text), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url');
    },
    open(sealed) {
      const bytes = Buffer.from(sealed, 'base64url');
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
