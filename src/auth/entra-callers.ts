// Who is calling, where the caller's token is for this gateway: it is read and checked, and what goes upstream in its
// place is another, got on the caller's behalf. The caller's own token goes to Microsoft Entra ID and to nobody else.
//
// Never is one used for the other: an exchange for a person that fails is never made up for with the gateway's own
// permissions.
import { createHash } from 'node:crypto';
import type { Clock } from '../runtime/clock.ts';
import { GatewayError } from '../runtime/errors.ts';
import type { Logger } from '../runtime/log.ts';
import { type Span, spanFields } from '../runtime/tracing.ts';
import { type AdmissionRules, admit } from './access-policy.ts';
import { type Authority, authorizeUrl } from './authority.ts';
import { bearerToken, type Caller, type Callers, type Standing } from './callers.ts';
import { type Credential, secretOf } from './credential.ts';
import type { Exchange } from './exchange.ts';
import { createExpiringCache } from './expiring-cache.ts';
import { perConnection } from './per-connection.ts';
import type { TokenCache, Wanted } from './token-cache.ts';
import {
  type Assertion,
  type AssertionReader,
  expired,
  messageOf,
  TOLERANCE_SECONDS,
  TokenRefused,
} from './token-validation.ts';

export interface EntraCallersOptions {
  readonly authority: Authority;
  readonly clientId: string;
  /** The gateway's own. */
  readonly credential: Credential;
  /** Of the tokens that go upstream. */
  readonly graphScope: string;
  readonly rules: AdmissionRules;
  readonly read: AssertionReader;
  readonly exchange: Exchange;
  readonly tokens: TokenCache;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A caller whose token has been checked; it is checked again when that is over. */
interface Known {
  readonly assertion: Assertion;
  readonly standing: Standing;
}

/**
 * Milliseconds that a token that was found good is taken for good without another look at its signature, which costs
 * more than all else here. A key that Entra ID has withdrawn is good for no longer than that, once that is known.
 */
export const RECHECK_MS = 60_000;
const KNOWN_CALLERS = 10_000;

export function createEntraCallers(options: EntraCallersOptions): Callers {
  const { rules, clock, logger } = options;
  const known = createExpiringCache<Known>(KNOWN_CALLERS, clock);

  async function check(token: string, key: string): Promise<Known> {
    const assertion = await options.read(token);
    const checked = { assertion, standing: admit(assertion, rules) };
    const left = assertion.expires + TOLERANCE_SECONDS * 1000 - clock.now();
    known.set(key, checked, Math.min(RECHECK_MS, left));
    return checked;
  }

  const read = perConnection((authorization) => {
    const token = bearerToken(authorization);
    if (token === null) throw new TokenRefused('missing', messageOf('missing', rules.scope));
    return { token, key: keyOf(options, token) };
  });

  return {
    async authenticate(authorization, connection, operation = null) {
      const span = operation === null ? null : operation.recorded;
      try {
        const { token, key } = read(authorization, connection);
        const found = known.get(key);
        if (found !== undefined) return callerOf(options, token, key, found, span);
        const checked = await check(token, key);
        return callerOf(options, token, key, checked, span);
      } catch (error) {
        if (error instanceof TokenRefused)
          logger.info({ flaw: error.flaw, ...spanFields(operation) }, 'a token was refused');
        throw error;
      }
    },
  };
}

/** Everything that a token for Microsoft Graph depends on; a hash, so that it opens nothing. */
function keyOf({ authority, clientId, graphScope }: EntraCallersOptions, token: string): string {
  const parts = [authority.host, clientId, graphScope, token];
  return createHash('sha256').update(parts.join('\n')).digest('base64url');
}

function callerOf(
  options: EntraCallersOptions,
  token: string,
  key: string,
  known: Known,
  span: Span | null,
): Caller {
  const { tokens } = options;
  const { tenantId, clientId, objectId, kind } = known.assertion;
  const identity = { tenantId, userId: kind === 'user' ? objectId : null, clientId };
  const wanted =
    kind === 'user' ? forPerson(options, token, key, known.assertion, span) : forApp(options, tenantId, span);
  return {
    key,
    owner: `${tenantId}/${objectId}/${clientId}`,
    standing: known.standing,
    identity,
    token: () => tokens.get(wanted),
    async renew(refused, claims) {
      try {
        return await tokens.renew(wanted, refused, claimsJson(claims));
      } catch (error) {
        throw challenged(error, claims, authorizeUrl(options.authority, tenantId));
      }
    },
  };
}

/** Where Entra ID says no without saying what it wants, what Microsoft Graph wants still stands. */
function challenged(error: unknown, claims: string | undefined, authorizationUri: string): unknown {
  if (!(error instanceof GatewayError) || error.code !== 'UNAUTHENTICATED') return error;
  if (error.claims !== undefined || claims === undefined) return error;
  return new GatewayError('UNAUTHENTICATED', error.message, { claims, authorizationUri, cause: error });
}

/** The tenant stands in the caller's token and so in the key. */
function forPerson(
  { exchange, clock }: EntraCallersOptions,
  token: string,
  key: string,
  from: Assertion,
  span: Span | null,
): Wanted {
  const { tenantId, handlesClaims, expires } = from;
  return {
    key,
    secret: async () => token,
    ends: expires,
    exchange: (claims) =>
      exchange
        .onBehalfOf({ tenantId, assertion: token, claims, handlesClaims, span })
        .catch((error: unknown) => {
          throw isOver(error, clock.now() >= expires) ? expired() : error;
        }),
  };
}

/**
 * Whether a refusal is for the end of the caller's token. It is let in for some time longer, since clocks differ; Entra ID
 * need not see it so, and then there is nothing to consent to.
 */
function isOver(error: unknown, hasEnded: boolean): boolean {
  return (
    hasEnded &&
    error instanceof GatewayError &&
    error.code === 'UNAUTHENTICATED' &&
    error.claims === undefined
  );
}

/** The gateway's own token of a tenant: one for all applications that call from there. */
function forApp(options: EntraCallersOptions, tenantId: string, span: Span | null): Wanted {
  return {
    key: keyOf(options, `as itself in ${tenantId}`),
    secret: () => secretOf(options.credential),
    ends: Number.POSITIVE_INFINITY,
    exchange: (claims) => options.exchange.asItself(tenantId, claims, span),
  };
}

/** Out of the base64 of a challenge; null for none, and for what is no JSON object. */
function claimsJson(claims: string | undefined): string | null {
  try {
    const text = Buffer.from(claims ?? '', 'base64').toString();
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? text : null;
  } catch {
    return null;
  }
}
