// The audit trail: who changed what, with which outcome. Each change has two records, an intent before anything is sent and
// an outcome afterwards. An intent without an outcome is a change with an unrecorded outcome. A mutation of several phones
// has two records for each phone.
//
// The trail wraps every field of Mutation, so no mutation can bypass it. A record contains ids, field names, codes and
// times, and no user input. Input that may be personal, such as a user principal name in place of an object id, is stored
// as a keyed hash. With the key one can check whether a hash belongs to a known value, but not recover the value.
import { createHmac } from 'node:crypto';
import { defaultFieldResolver, type GraphQLFieldResolver, type GraphQLSchema } from 'graphql';
import type { AuditStream } from '../observability/audit-stream.ts';
import { splitItemId } from '../profile/item-id.ts';
import type { Clock } from '../runtime/clock.ts';
import { GatewayError } from '../runtime/errors.ts';
import type { Logger } from '../runtime/log.ts';
import type { Random } from '../runtime/random.ts';
import { isGuid, isUserId } from '../runtime/text.ts';
import { type SpanIds, spanFields } from '../runtime/tracing.ts';
import type { Context } from './context.ts';

export interface AuditOptions {
  readonly stream: AuditStream;
  /** What to do with a change whose intent cannot be recorded. */
  readonly failure: /** Do not make it. */
    | 'refuse'
    /** Make it, and log that its record is missing. */
    | 'continue';
  /** The key of the hashes. */
  readonly secret: Uint8Array | string;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** The span of the operation, for the log. Null or absent without tracing. */
  readonly span?: SpanIds | null;
}

/** The record before a change. */
export interface AuditIntent {
  /** When this record was written, in RFC 3339. */
  readonly time: string;
  readonly event: 'intent' | 'outcome';
  /** Identifies the change: both its records have this id. */
  readonly id: string;
  /** `x-request-id` of the response. */
  readonly requestId: string;
  /** The field of Mutation. */
  readonly operation: string;
  /** Index of the change within a field with several, from 0. Absent for a field with one. */
  readonly item?: number;
  readonly tenantId: string | null;
  readonly userId: string | null;
  readonly clientId: string | null;
  /** A hash of the caller when the gateway cannot read its token (pass-through). Otherwise null. */
  readonly principal: string | null;
  /** The owner of the phone: an object id, a hash of other input, or `me` for a caller without a known id. */
  readonly target: string | null;
  /** Graph's id of the phone, or a hash of other input. Null for a phone that does not exist yet. */
  readonly phoneId: string | null;
  /** Names of the input fields that are changed. */
  readonly fields: readonly string[];
  /** A hash of the idempotency key. Null without one. */
  readonly idempotencyKey: string | null;
}

export interface AuditOutcome extends AuditIntent {
  readonly outcome: /** The change was made, now or earlier under the same idempotency key. */
    | 'done'
    /** It was not made. `codes` has the reasons. */
    | 'refused'
    /** It was sent, and its outcome is unknown. */
    | 'unknown'
    /** It was not made because of a failure of the service. */
    | 'failed';
  /** The codes of the payload's userErrors, or of the error. */
  readonly codes: readonly string[];
  /** The writes sent to Microsoft Graph. Empty when none was sent. */
  readonly graph: Context['writes'];
}

type Resolver = GraphQLFieldResolver<unknown, Context>;
type Input = Readonly<Record<string, unknown>>;

/** Wraps every field of Mutation. */
export function auditMutations(schema: GraphQLSchema, options: AuditOptions): void {
  for (const field of Object.values(schema.getMutationType()?.getFields() ?? {})) {
    field.resolve = audited(field.name, field.resolve ?? defaultFieldResolver, options);
  }
}

function audited(operation: string, resolve: Resolver, common: AuditOptions): Resolver {
  return async (source, args, context, info) => {
    const options = context.span === null ? common : { ...common, span: context.span };
    const before = intentsOf(operation, args, context, options);
    const sentBefore = context.writes.length;
    await recordIntents(before, options);
    const recordAll = async (resultAt: (place: number) => ChangeResult): Promise<void> => {
      await Promise.all(
        before.map((one, place) => recordOutcome(outcomeOf(one, resultAt(place), options), options)),
      );
    };
    try {
      const payload = await resolve(source, args, context, info);
      const sent = context.writes.slice(sentBefore);
      await recordAll((place) =>
        before[place]?.item === undefined ? resultOf(payload, sent) : resultOfItem(payload, place, sent),
      );
      return payload;
    } catch (error) {
      const sent = context.writes.slice(sentBefore);
      await recordAll(() => failureOf(error, sent));
      throw error;
    }
  };
}

/** Input fields that identify the target or the call and change nothing. */
const NOT_CHANGES = new Set(['userId', 'id', 'idempotencyKey', 'expectedLastModifiedDateTime']);

/** One intent for each change. An input with a list of inputs has one change for each; they share the other fields. */
function intentsOf(operation: string, args: Input, context: Context, options: AuditOptions): AuditIntent[] {
  const input = isInput(args['input']) ? args['input'] : args;
  const list = Object.entries(input).find(([, value]) => isListOfInputs(value));
  if (list === undefined) return [intentOf(operation, input, context, options)];
  const [name, items] = list as [string, readonly Input[]];
  const { [name]: _list, ...shared } = input;
  return items.map((own, item) => ({
    ...intentOf(operation, { ...own, ...shared }, context, options),
    item,
  }));
}

function isInput(value: unknown): value is Input {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isListOfInputs(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && value.every(isInput);
}

function intentOf(operation: string, input: Input, context: Context, options: AuditOptions): AuditIntent {
  const hash = (kind: string, text: unknown): string | null =>
    typeof text === 'string' ? keyedHash(options.secret, kind, text) : null;
  const idOrHash = (kind: string, id: unknown): string | null =>
    typeof id === 'string' && (kind === 'user' ? isUserId(id) : isGuid(id))
      ? id.toLowerCase()
      : hash(kind, id);
  const { caller } = context;
  const { owner, graphId } = typeof input['id'] === 'string' ? splitItemId(input['id']) : NO_PHONE;
  return {
    time: new Date(options.clock.now()).toISOString(),
    event: 'intent',
    id: options.random.uuid(),
    requestId: context.requestId,
    operation,
    tenantId: caller?.tenantId ?? null,
    userId: caller?.userId ?? null,
    clientId: caller?.clientId ?? null,
    principal: caller === null ? hash('principal', context.principal) : null,
    target: idOrHash('user', owner ?? input['userId']) ?? caller?.userId ?? 'me',
    phoneId: idOrHash('phone', graphId),
    fields: Object.keys(input).filter((name) => !NOT_CHANGES.has(name)),
    idempotencyKey: hash('key', input['idempotencyKey']),
  };
}

const NO_PHONE = { owner: null, graphId: null } as const;

/** 128 bits of HMAC-SHA-256. `kind` keeps hashes of different kinds distinct. Letter case is ignored. */
export function keyedHash(secret: Uint8Array | string, kind: string, text: string): string {
  const hash = createHmac('sha256', secret).update(`${kind}:${text.toLowerCase()}`).digest('hex');
  return `hmac:${hash.slice(0, 32)}`;
}

interface ChangeResult {
  readonly outcome: AuditOutcome['outcome'];
  readonly codes: readonly string[];
  /** Graph's id of the phone in the payload. Null for none. */
  readonly phoneId: string | null;
  /** The writes sent for the change. */
  readonly sent: Context['writes'];
}

interface Payload {
  readonly item?: { readonly graphId: string } | null;
  readonly deletedId?: string | null;
  readonly userErrors?: readonly { readonly code: string }[];
}

/** The payload of several changes: a result for each, or the reason why none was started. */
interface PayloadOfMany extends Payload {
  readonly results?: readonly (Payload | Error)[];
}

function resultOf(value: unknown, sent: Context['writes']): ChangeResult {
  const { item, deletedId, userErrors = [] } = (value ?? {}) as Payload;
  const codes = userErrors.map(({ code }) => code);
  const phoneId = item?.graphId ?? deletedId ?? null;
  if (codes.length === 0) return { outcome: 'done', codes, phoneId, sent };
  return { outcome: codes.some((code) => UNKNOWN.has(code)) ? 'unknown' : 'refused', codes, phoneId, sent };
}

const UNKNOWN: ReadonlySet<string> = new Set(['OUTCOME_UNKNOWN', 'DUPLICATE_SUSPECTED']);

function resultOfItem(value: unknown, place: number, sentForAll: Context['writes']): ChangeResult {
  const { results, userErrors = [] } = (value ?? {}) as PayloadOfMany;
  const result = results?.[place];
  const sent = sentForAll.filter(({ item }) => item === place);
  if (result === undefined) return resultOf({ userErrors }, sent);
  return result instanceof Error ? failureOf(result, sent) : resultOf(result, sent);
}

/** A GatewayError means that nothing was changed. After any other error the outcome of a sent write is unknown. */
function failureOf(error: unknown, sent: Context['writes']): ChangeResult {
  if (error instanceof GatewayError) return { outcome: 'failed', codes: [error.code], phoneId: null, sent };
  const outcome = sent.length > 0 ? 'unknown' : 'failed';
  return { outcome, codes: ['INTERNAL_SERVER_ERROR'], phoneId: null, sent };
}

function outcomeOf(
  before: AuditIntent,
  { outcome, codes, phoneId, sent }: ChangeResult,
  { clock }: AuditOptions,
): AuditOutcome {
  const time = new Date(clock.now()).toISOString();
  return {
    ...before,
    time,
    event: 'outcome',
    phoneId: phoneId ?? before.phoneId,
    outcome,
    codes,
    graph: sent.map(({ status, requestId, clientRequestId }) => ({ status, requestId, clientRequestId })),
  };
}

async function recordIntents(records: readonly AuditIntent[], options: AuditOptions): Promise<void> {
  const written = Promise.all(records.map((record) => append(record, options)));
  if (options.failure === 'continue') return;
  if ((await written).every((isWritten) => isWritten)) return;
  const message =
    'The change was not made, because the gateway could not record it. Try again later, or contact its operator.';
  throw new GatewayError('INTERNAL_SERVER_ERROR', message, { retryable: true });
}

/** A failure to write this record does not change the response: the change has already been made or not. */
async function recordOutcome(record: AuditOutcome, options: AuditOptions): Promise<void> {
  const written = append(record, options);
  if (options.failure === 'refuse') await written;
}

async function append(
  record: AuditIntent | AuditOutcome,
  { stream, logger, span = null }: AuditOptions,
): Promise<boolean> {
  try {
    await stream.append(JSON.stringify(record));
    return true;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'none';
    const fields = { event: record.event, audit: record.id, code, ...spanFields(span) };
    logger.error(fields, 'the audit trail cannot be written');
    return false;
  }
}
