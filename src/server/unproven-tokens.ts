// Requests with tokens that nobody has checked yet are charged to their addresses before their bodies are read, so that they
// count however they end: also with a body that never comes, or cannot be read. Where tokens are checked by the gateway
// itself there is none of this: door.ts counts the tokens that it refuses.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { GatewayError } from '../runtime/errors.ts';
import type { Charge, Door } from './admission.ts';
import { deny } from './error-responses.ts';
import { answerType } from './negotiation.ts';
import { begin, end, type LogOptions } from './request-record.ts';

export interface UnprovenOptions extends LogOptions {
  readonly door: Pick<Door, 'charge' | 'holdBack'>;
  /**
   * The owner of a token that nobody has checked yet, before the body of its request is read; null for a request without a
   * token. Null in place of the function where the gateway checks tokens itself.
   */
  readonly ownerOf: ((authorization: string | undefined, connection: object) => string | null) | null;
}

export interface Unproven {
  /** A Fastify hook. */
  charge(request: FastifyRequest, reply: FastifyReply, next: (error?: Error) => void): void;
  /** What a request was charged; null for nothing. */
  chargeOf(request: FastifyRequest): Charge | null;
}

export function createUnproven(options: UnprovenOptions): Unproven {
  const { door, ownerOf } = options;
  const charges = new WeakMap<object, Charge>();

  function charge(request: FastifyRequest): void {
    if (ownerOf === null) return;
    const owner = ownerOf(request.headers.authorization, request.socket);
    const charged = door.charge(request.ip, owner);
    if (charged !== null) charges.set(request.raw, charged);
  }

  return {
    charge(request, reply, next) {
      try {
        charge(request);
      } catch (error) {
        turnAway(options, request, reply, error).catch(next);
        return;
      }
      next();
    },
    chargeOf: ({ raw }) => charges.get(raw) ?? null,
  };
}

/** Refuses a request whose address has no allowance left. Throws any other error. */
async function turnAway(
  options: UnprovenOptions,
  request: FastifyRequest,
  reply: FastifyReply,
  error: unknown,
) {
  if (!(error instanceof GatewayError)) throw error;
  const begun = begin(options, request, reply);
  begun.record.codes.add(error.code);
  await options.door.holdBack();
  deny(reply, error, answerType(request.headers.accept, false));
  end(options, begun, reply);
}
