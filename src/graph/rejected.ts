// Errors for calls that are rejected before anything is sent, because Microsoft Graph has asked for a pause or because the
// circuit is open. A rejected write was certainly not carried out.
import { type ErrorCode, GatewayError } from '../runtime/errors.ts';

export class CallRejected extends GatewayError {
  override readonly name = 'CallRejected';
  /** Milliseconds after which the call may be made. */
  readonly waitMs: number;
  /** Whether waiting helps. The end of a pause is known, the end of an outage is not. */
  readonly canWait: boolean;

  constructor(code: ErrorCode, message: string, waitMs: number, canWait: boolean) {
    super(code, message, { retryable: true, retryAfterSeconds: Math.ceil(waitMs / 100) / 10 });
    this.waitMs = waitMs;
    this.canWait = canWait;
  }
}

export function paused(waitMs: number): CallRejected {
  const message =
    'Microsoft Graph asks for fewer requests. Nothing was sent. Wait retryAfterSeconds, then try again.';
  return new CallRejected('THROTTLED', message, waitMs, true);
}

export function circuitOpen(waitMs: number): CallRejected {
  const message =
    'Microsoft Graph is failing, and the circuit is open. Nothing was sent. Wait retryAfterSeconds, then try again.';
  return new CallRejected('UPSTREAM_UNAVAILABLE', message, waitMs, false);
}
