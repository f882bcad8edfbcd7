// The audit trail: who changed what, and what came of it. Two records for each change, one before anything is sent and
// one after: a first without a second is a change whose outcome nobody wrote down. A mutation of many phones is as many
// changes.
//
// It is wrapped around every field of Mutation, whatever that does, so that none can be added without. A record holds
// ids, the names of fields, codes and times; never a value that somebody typed. What may be one all the same, such as a
// user principal name in the place of an object id, is kept as a keyed hash: who has the key can tell whether it is a
// certain one, and nobody can read it.
import { createHmac } from 'node:crypto';
import { defaultFieldResolver, type GraphQLFieldResolver, type GraphQLSchema } from 'graphql';
import type { AuditStream } from '../observability/audit-stream.ts';
import { splitPhoneId } from '../phones/phone-id.ts';
import type { Clock } from '../runtime/clock.ts';
import { GatewayError } from '../runtime/errors.ts';
import type { Logger } from '../runtime/log.ts';
import type { Random } from '../runtime/random.ts';
import { isGuid, isUserId } from '../runtime/text.ts';
import { type SpanIds, spanFields } from '../runtime/tracing.ts';
import type { Context } from './context.ts';

export interface AuditOptions {
  readonly stream: AuditStream;
  /** What becomes of a change that cannot be recorded. */
  readonly failure: /** It is not made. */
    | 'refuse'
    /** It is made; the log says that there is no record. */
    | 'continue';
  /** The key of the hashes. */
  readonly secret: Uint8Array | string;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Of the operation, for the log; null or absent where there are no traces. */
  readonly span?: SpanIds | null;
}

/** What is known before. */
export interface AuditIntent {
  /** RFC 3339, of this record. */
  readonly time: string;
  readonly event: 'intent' | 'outcome';
  /** The same in both records of one change, and in no others. */
  readonly id: string;
  /** `x-request-id` of the answer. */
  readonly requestId: string;
  /** The field of Mutation. */
  readonly operation: string;
  /** Of several changes in one field, which, from 0; absent where there is one. */
  readonly item?: number;
  readonly tenantId: string | null;
  readonly userId: string | null;
  readonly clientId: string | null;
  /** A hash of whoever calls, where the caller's token is not the gateway's to read; else null. */
  readonly principal: string | null;
  /** Whose phones: an object id, a hash of what else was given, or `me` for a caller who is not known by id. */
  readonly target: string | null;
  /** Graph's id of the phone, or a hash of what was given for one; null for a phone that is not there yet. */
  readonly phoneId: string | null;
  /** The fields of the input that say what to change, by name. */
  readonly fields: readonly string[];
  /** A hash. */
  readonly idempotencyKey: string | null;
}

export interface AuditOutcome extends AuditIntent {
  readonly outcome: /** The change was made, now or before under the same idempotency key. */
    | 'done'
    /** It was not made, for the reasons in `codes`. */
    | 'refused'
    /** It was sent, and nobody saw what came of it. */
    | 'unknown'
    /** It was not made, for trouble with the service. */
    | 'failed';
  /** Of the payload's userErrors, or of the error. */
  readonly codes: readonly string[];
  /** The writes that were sent to Microsoft Graph; none for what was refused before, or done before. */
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
        before[place]?.item === undefined ? resultOf(payload, sent) : resultOfItem(payload, place),
      );
      return payload;
    } catch (error) {
      const sent = context.writes.slice(sentBefore);
      await recordAll(() => failureOf(error, sent));
      throw error;
    }
  };
}

/** Of the input, what says where and when, and not what. */
const NOT_CHANGES = new Set(['userId', 'id', 'idempotencyKey', 'expectedLastModifiedDateTime']);

/** One for each change: an input with a list of inputs in it stands for as many, which share what is beside the list. */
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
  const { owner, graphId } = typeof input['id'] === 'string' ? splitPhoneId(input['id']) : NO_PHONE;
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

/** 128 bits of HMAC-SHA-256, by which values of different kinds never look alike. Letters count as small ones. */
export function keyedHash(secret: Uint8Array | string, kind: string, text: string): string {
  const hash = createHmac('sha256', secret).update(`${kind}:${text.toLowerCase()}`).digest('hex');
  return `hmac:${hash.slice(0, 32)}`;
}

interface ChangeResult {
  readonly outcome: AuditOutcome['outcome'];
  readonly codes: readonly string[];
  /** Graph's id of the phone in the payload; null for none. */
  readonly phoneId: string | null;
  /** The writes that were sent. */
  readonly sent: Context['writes'];
}

interface Payload {
  readonly phone?: { readonly graphId: string } | null;
  readonly deleted?: string | null;
  readonly userErrors?: readonly { readonly code: string }[];
}

/** Of several changes: what became of each, or why nothing was begun. */
interface PayloadOfMany extends Payload {
  readonly results?: readonly (Payload | Error)[];
  readonly writes?: readonly Context['writes'][];
}

function resultOf(value: unknown, sent: Context['writes']): ChangeResult {
  const { phone, deleted, userErrors = [] } = (value ?? {}) as Payload;
  const codes = userErrors.map(({ code }) => code);
  const phoneId = phone?.graphId ?? deleted ?? null;
  if (codes.length === 0) return { outcome: 'done', codes, phoneId, sent };
  return { outcome: codes.some((code) => UNKNOWN.has(code)) ? 'unknown' : 'refused', codes, phoneId, sent };
}

const UNKNOWN: ReadonlySet<string> = new Set(['OUTCOME_UNKNOWN', 'DUPLICATE_SUSPECTED']);

function resultOfItem(value: unknown, place: number): ChangeResult {
  const { results, writes, userErrors = [] } = (value ?? {}) as PayloadOfMany;
  const result = results?.[place];
  const sent = writes?.[place] ?? [];
  if (result === undefined) return resultOf({ userErrors }, sent);
  return result instanceof Error ? failureOf(result, sent) : resultOf(result, sent);
}

/** Known errors are thrown only where nothing was changed; after any other, who knows. */
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
    'The change was not made, since the gateway could not record it. Try again later, or tell its operator.';
  throw new GatewayError('INTERNAL_SERVER_ERROR', message, { retryable: true });
}

/** By then the change is made or not: a record that fails alters nothing about what the caller has to be told. */
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
