// The state that all parts of Entra ID share. Created by `entra.ts`.
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
  /** The url of the emulator, once it listens. */
  url(): string;
  /** The origin of the authority, such as `http://127.0.0.1:4010`. */
  authority(): string;
  names(): Names;
}

/** The lifetime of a token in seconds. */
export const LIFETIME = 3599;
/** The lifetime for clients that handle claims challenges, since their tokens can be revoked earlier. */
export const LONG_LIFETIME = 86_399;

export function secondsNow(clock: Clock): number {
  return Math.floor(clock.now() / 1000);
}

/** The id of a token, as in `uti`. */
export function tokenId(random: Random): string {
  return Buffer.from(random.bytes(16)).toString('base64url');
}

export interface Signing {
  readonly key?: KeyName;
  readonly alg?: Algorithm;
  /** Undefined members are omitted. */
  readonly header?: Claims;
}

export async function signToken(keys: Keys, claims: Claims, signing: Signing = {}): Promise<string> {
  const key = await keys.get(signing.key ?? 'current');
  return writeJwt({ kid: key.kid, ...signing.header }, claims, key, signing.alg ?? 'RS256');
}
