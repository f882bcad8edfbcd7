// Who is calling. With pass-through the caller's token is meant for Microsoft Graph and goes there unread: nothing can
// be known of the caller before Graph answers, and nothing is claimed.
import { createHmac } from 'node:crypto';
import { GatewayError } from '../base/errors.ts';
import type { Random } from '../base/random.ts';

export interface Caller {
  /** Names everything that changes an answer. A keyed hash, so that it can be kept and compared but not used. */
  readonly key: string;
  token(): Promise<string>;
}

export interface Callers {
  /**
   * @param authorization the header as it came
   * @throws GatewayError of UNAUTHENTICATED when there is no token that could be one
   */
  authenticate(authorization: string | undefined): Caller;
}

/** The characters of a token, by RFC 6750, section 2.1; longer ones than any Entra ID gives out are refused. */
const BEARER = /^Bearer +([A-Za-z0-9._~+/=-]{1,16384})$/i;

export function createPassThroughCallers(random: Random): Callers {
  const secret = random.bytes(32);
  return {
    authenticate(authorization) {
      const token = BEARER.exec(authorization ?? '')?.[1];
      if (token === undefined) {
        const message = 'Send a Microsoft Graph access token: `Authorization: Bearer <token>`.';
        throw new GatewayError('UNAUTHENTICATED', message);
      }
      const key = createHmac('sha256', secret).update(token).digest('base64url');
      return { key, token: async () => token };
    },
  };
}
