// What Entra ID works on. Put together once, by `entra.ts`.
import type { Clock } from '../runtime/clock.ts';
import type { Random } from '../runtime/random.ts';
import type { Names } from '../tenant/clouds.ts';
import type { Challenges } from './challenges.ts';
import type { Directory } from './directory.ts';
import type { Algorithm, Claims } from './jwt.ts';
import { writeJwt } from './jwt.ts';
import type { KeyName, Keys } from './keys.ts';
import type { Registrations } from './registrations.ts';

export interface EntraState {
  readonly clock: Clock;
  readonly random: Random;
  readonly keys: Keys;
  readonly registrations: Registrations;
  readonly directory: Directory;
  readonly challenges: Challenges;
  /** Where the emulator listens, once it does. */
  url(): string;
  /** What it calls itself as Entra ID, such as `http://127.0.0.1:4010`. */
  authority(): string;
  names(): Names;
}

/** Seconds that a token lasts. */
export const LIFETIME = 3599;
/** The same where the client can handle claims challenges: such a token can be taken back before its time. */
export const LONG_LIFETIME = 86_399;

export function secondsNow(clock: Clock): number {
  return Math.floor(clock.now() / 1000);
}

/** An id of a token, such as Entra ID has in `uti`. */
export function tokenId(random: Random): string {
  return Buffer.from(random.bytes(16)).toString('base64url');
}

export interface Signing {
  readonly key?: KeyName;
  readonly alg?: Algorithm;
  /** Members that are undefined are left out. */
  readonly header?: Claims;
}

export async function signToken(keys: Keys, claims: Claims, signing: Signing = {}): Promise<string> {
  const key = await keys.get(signing.key ?? 'current');
  return writeJwt({ kid: key.kid, ...signing.header }, claims, key, signing.alg ?? 'RS256');
}
