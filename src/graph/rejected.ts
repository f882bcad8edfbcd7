// Calls that are not made, because Microsoft Graph has asked for a pause or has been failing. Nothing was sent, so that
// this is no failure of Graph's, and safe to say of a write.
import { type ErrorCode, GatewayError } from '../runtime/errors.ts';

export class HeldBack extends GatewayError {
  override readonly name = 'HeldBack';
  /** Milliseconds after which the call may be made. */
  readonly waitMs: number;
  /** Whether it is worth waiting for: the end of a pause is known, the end of an outage is not. */
  readonly canWait: boolean;

  constructor(code: ErrorCode, message: string, waitMs: number, canWait: boolean) {
    super(code, message, { retryable: true, retryAfterSeconds: Math.ceil(waitMs / 100) / 10 });
    this.waitMs = waitMs;
    this.canWait = canWait;
  }
}

export function paused(waitMs: number): HeldBack {
  const message =
    'Microsoft Graph has asked to slow down. Nothing was sent. Wait retryAfterSeconds, then try again.';
  return new HeldBack('THROTTLED', message, waitMs, true);
}

export function leftAlone(waitMs: number): HeldBack {
  const message =
    'Microsoft Graph has been failing and is left alone for a moment. Nothing was sent. Try again after retryAfterSeconds.';
  return new HeldBack('UPSTREAM_UNAVAILABLE', message, waitMs, false);
}
