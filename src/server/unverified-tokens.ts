// Charges requests with unverified tokens to their addresses, before their bodies are read. So a request counts even when
// its body never arrives or cannot be parsed. With AUTH_MODE=entra the gateway validates tokens itself and nothing is
// charged here: admission.ts counts the tokens that it rejects.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { GatewayError } from '../runtime/errors.ts';
import type { Admission, Charge } from './admission.ts';
import { sendGatewayError } from './error-responses.ts';
import { negotiate } from './negotiation.ts';
import { beginRequest, endRequest, type RequestRecordOptions } from './request-record.ts';

export interface UnverifiedTokenOptions extends RequestRecordOptions {
  readonly admission: Pick<Admission, 'charge' | 'delayRejection'>;
  /**
   * Returns the owner of a token that nobody has verified, or null for a request without a token. Null in place of the
   * function when the gateway validates tokens itself.
   */
  readonly ownerOf: ((authorization: string | undefined, connection: object) => string | null) | null;
}

export interface UnverifiedTokens {
  /** A Fastify hook. Sends THROTTLED when the address has no allowance left. */
  charge(request: FastifyRequest, reply: FastifyReply, next: (error?: Error) => void): void;
  /** What a request was charged. Null when it was not charged. */
  chargeOf(request: FastifyRequest): Charge | null;
}

export function createUnverifiedTokens(options: UnverifiedTokenOptions): UnverifiedTokens {
  const { admission, ownerOf } = options;
  const charges = new WeakMap<object, Charge>();

  function charge(request: FastifyRequest): void {
    if (ownerOf === null) return;
    const owner = ownerOf(request.headers.authorization, request.socket);
    const charged = admission.charge(request.ip, owner);
    if (charged !== null) charges.set(request.raw, charged);
  }

  return {
    charge(request, reply, next) {
      try {
        charge(request);
      } catch (error) {
        reject(options, request, reply, error).catch(next);
        return;
      }
      next();
    },
    chargeOf: ({ raw }) => charges.get(raw) ?? null,
  };
}

/** Sends the error response and records the request. Rethrows an error that is not a GatewayError. */
async function reject(
  options: UnverifiedTokenOptions,
  request: FastifyRequest,
  reply: FastifyReply,
  error: unknown,
) {
  if (!(error instanceof GatewayError)) throw error;
  const started = beginRequest(options, request, reply);
  started.record.codes.add(error.code);
  await options.admission.delayRejection();
  sendGatewayError(reply, error, negotiate(request.headers.accept, false));
  endRequest(options, started, reply);
}
