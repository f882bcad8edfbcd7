// Reading the caller's token: an access token of Microsoft Entra ID for this gateway, or none. Says who signed what
// about whom; whether they may come in is decided in admission.ts.
//
// What is asked of a token, and none of it is optional: a key of the tenant, RS256 and nothing else (the same key would
// verify PS256), the issuer to the letter for its tenant and version, this gateway as the audience, and the claims that
// everything else rests on. Source: Microsoft identity platform, "Secure applications and APIs by validating claims".
import { decodeJwt, decodeProtectedHeader, errors, type JWTPayload, jwtVerify } from 'jose';
import type { Clock } from '../runtime/clock.ts';
import { GatewayError } from '../runtime/errors.ts';
import { type Authority, issuerOf, isTokenVersion, type TokenVersion } from './authority.ts';
import type { SigningKeys } from './keys.ts';

/** What a good token says. */
export interface Assertion {
  readonly tenantId: string;
  /** The application that calls. */
  readonly clientId: string;
  /** The object id of the person, or of the calling application's own principal. */
  readonly objectId: string;
  readonly kind: 'user' | 'app';
  /** Delegated permissions of the caller here. */
  readonly scopes: readonly string[];
  /** Application permissions of the caller here. */
  readonly roles: readonly string[];
  /** Whether the calling application has said that it can handle claims challenges (`xms_cc`). */
  readonly handlesClaims: boolean;
  /** When it ends, in milliseconds since 1970. */
  readonly expires: number;
}

/** Why a token is none for this gateway; fit for a log. */
export type Flaw =
  | 'missing'
  | 'malformed'
  | 'algorithm'
  | 'signature'
  | 'issuer'
  | 'audience'
  | 'expired'
  | 'not yet valid'
  | 'claims';

/** The refusal of a token. Says nothing of what is in it. */
export class TokenRefused extends GatewayError {
  override readonly name = 'TokenRefused';
  readonly flaw: Flaw;

  constructor(flaw: Flaw, message: string) {
    super('UNAUTHENTICATED', message);
    this.flaw = flaw;
  }
}

/** The refusal of a token whose time is over: by this machine's clock, or by Entra ID's. */
export function expired(): TokenRefused {
  return new TokenRefused('expired', messageOf('expired', ''));
}

export interface AssertionReaderOptions {
  readonly authority: Authority;
  readonly keys: SigningKeys;
  readonly clientId: string;
  /** Tenants whose keys are asked for. Any other's token is held against those of the first. */
  readonly tenants: readonly [string, ...string[]];
  /** What to ask Entra ID for, to be named in refusals. */
  readonly scope: string;
  readonly clock: Clock;
}

/** Reads a token. Rejects with a TokenRefused, or a GatewayError of UPSTREAM_UNAVAILABLE without keys to check it by. */
export type AssertionReader = (token: string) => Promise<Assertion>;

/** Seconds that the clocks of Entra ID and of this machine may differ by. */
export const TOLERANCE_SECONDS = 60;
/** `sub` is not among them: it is only looked at in tokens of applications. */
const REQUIRED = ['exp', 'iat', 'tid', 'oid', 'ver'];
const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export function createAssertionReader(options: AssertionReaderOptions): AssertionReader {
  const { authority, keys, clientId, tenants, clock } = options;
  const refuse = (flaw: Flaw): TokenRefused => new TokenRefused(flaw, messageOf(flaw, options.scope));
  return async (token) => {
    const claimed = peek(token);
    if (claimed === null) throw refuse('malformed');
    const { tenantId, version } = claimed;
    const signers = tenants.includes(tenantId) ? tenantId : tenants[0];
    const { payload } = await jwtVerify(token, keys.of(signers), {
      algorithms: ['RS256'],
      issuer: issuerOf(authority, tenantId, version),
      audience: version === '1.0' ? [`api://${clientId}`, clientId] : clientId,
      requiredClaims: REQUIRED,
      clockTolerance: TOLERANCE_SECONDS,
      currentDate: new Date(clock.now()),
    }).catch((error: unknown) => {
      throw error instanceof GatewayError ? error : refuse(flawOf(error));
    });
    const assertion = read(payload, tenantId, version);
    if (assertion === null) throw refuse('claims');
    return assertion;
  };
}

interface Claimed {
  readonly tenantId: string;
  readonly version: TokenVersion;
}

/**
 * What a token claims of itself, before anything is verified: enough to know which keys and which issuer to hold it
 * against. A key is never looked for without its id, or any key that fits would do.
 */
function peek(token: string): Claimed | null {
  try {
    const { kid } = decodeProtectedHeader(token);
    const { tid, ver } = decodeJwt(token);
    if (typeof kid !== 'string' || !isGuid(tid) || !isTokenVersion(ver)) return null;
    return { tenantId: tid, version: ver };
  } catch {
    return null;
  }
}

function isGuid(value: unknown): value is string {
  return typeof value === 'string' && GUID.test(value);
}

/** What a verified token says; null when that cannot be an access token. */
function read(payload: JWTPayload, tenantId: string, version: TokenVersion): Assertion | null {
  const { exp, oid } = payload;
  const clientId = version === '1.0' ? payload['appid'] : payload['azp'];
  const kind = kindOf(payload);
  if (exp === undefined || !isGuid(oid) || !isGuid(clientId) || kind === null) return null;
  const capabilities = payload['xms_cc'];
  return {
    tenantId,
    clientId,
    objectId: oid,
    kind,
    scopes: typeof payload['scp'] === 'string' ? payload['scp'].split(' ') : [],
    roles: Array.isArray(payload['roles']) ? payload['roles'].map(String) : [],
    handlesClaims: Array.isArray(capabilities) && capabilities.includes('cp1'),
    expires: exp * 1000,
  };
}

/**
 * Whether a person is behind the token. `idtyp` says so where the registration has that optional claim switched on. Else
 * delegated permissions (`scp`) are the mark of a person, and an application by itself is known by having none and
 * being its own subject. A token that is neither is an ID token, or something else that opens nothing.
 */
function kindOf({ idtyp, scp, sub, oid }: JWTPayload): 'user' | 'app' | null {
  if (idtyp === 'app') return 'app';
  if (idtyp !== undefined && idtyp !== 'user') return null;
  if (typeof scp === 'string' && scp !== '') return 'user';
  return idtyp === undefined && scp === undefined && sub === oid ? 'app' : null;
}

function flawOf(error: unknown): Flaw {
  if (error instanceof errors.JWTExpired) return 'expired';
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.claim === 'iss') return 'issuer';
    if (error.claim === 'aud') return 'audience';
    return error.claim === 'nbf' && error.reason === 'check_failed' ? 'not yet valid' : 'claims';
  }
  if (error instanceof errors.JOSEAlgNotAllowed) return 'algorithm';
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'signature';
  if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys)
    return 'signature';
  return 'malformed';
}

export function messageOf(flaw: Flaw, scope: string): string {
  const get = `Get one from Microsoft Entra ID for the scope ${scope}.`;
  switch (flaw) {
    case 'missing':
      return `Send an access token for this gateway: \`Authorization: Bearer <token>\`. ${get}`;
    case 'expired':
      return 'The access token has expired. Get a new one.';
    case 'not yet valid':
      return 'The access token is not valid yet. Wait, or look at the clock.';
    case 'audience':
      return `The access token is meant for another service. ${get}`;
    default:
      return `The access token is none that this gateway takes. ${get}`;
  }
}
