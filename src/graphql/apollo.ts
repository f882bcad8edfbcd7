// Configures Apollo Server with the gateway's executor and error masking, and without plugins that run for each field.
// server.ts handles HTTP.
import { ApolloServer, type ApolloServerPlugin, type BaseContext } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import { ApolloServerPluginLandingPageLocalDefault } from '@apollo/server/plugin/landingPage/default';
import {
  type ExecutionResult,
  type FormattedExecutionResult,
  GraphQLError,
  type GraphQLSchema,
} from 'graphql';
import type { OperationRecord } from '../observability/metrics.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Logger } from '../runtime/log.ts';
import type { Random } from '../runtime/random.ts';
import type { Context } from './context.ts';
import { namesOf } from './document-names.ts';
import { createDocumentStore } from './document-store.ts';
import { createErrorMasking, type ErrorMasking } from './error-masking.ts';
import { createExecutor, type Executor, type Operation } from './executor.ts';
import { LargeResponse } from './large-response.ts';
import type { LimitGuard } from './limits.ts';
import type { Resolved, ResponseBody, WriteResult } from './operation-cache.ts';
import type { ResponseLimits } from './response-size.ts';
import { createLargeResponses, writeAtOnce, writeInSlices } from './response-text.ts';

/** The context value that Apollo Server passes with each request. */
export interface RequestContext extends BaseContext {
  readonly context: Context;
  /** Completed while the request is processed. */
  readonly record: RequestRecord;
}

export interface RequestRecord extends OperationRecord {
  /** The document and the operation that Apollo Server selected; null before it has. */
  resolved: Resolved | null;
}

/** A plugin of Apollo Server. Its hooks for single fields are not called, since the gateway has its own executor. */
export type Plugin = ApolloServerPlugin<RequestContext>;

export interface Apollo {
  readonly server: ApolloServer<RequestContext>;
  /** Writes the body of a result as Apollo Server does. */
  write: WriteResult;
  /** The body behind the text that Apollo Server returned. Can be taken once. */
  take(text: string): ResponseBody;
  /** Runs an operation that Apollo Server has validated before. Its errors are masked. */
  execute(operation: Operation): Promise<ExecutionResult>;
  /** Whether a plugin handles every request. No request may bypass Apollo Server then. */
  readonly needsEveryRequest: boolean;
}

export interface ApolloOptions {
  readonly schema: GraphQLSchema;
  readonly logger: Logger;
  readonly random: Random;
  readonly introspection: boolean;
  readonly limits: LimitGuard;
  readonly responseLimits: ResponseLimits;
  readonly clock: Pick<Clock, 'afterTurn'>;
  /** Resolves in a later turn of the event loop (turn-queue.ts). All sliced work of this process shares the turns. */
  nextTurn(order?: number): Promise<void>;
  /** The initial state of the Sandbox page. Null for no page. */
  readonly sandbox: { readonly document: string; readonly headers: Readonly<Record<string, string>> } | null;
  /** Plugins in addition to the gateway's own. */
  readonly plugins: readonly Plugin[];
}

export function createApollo(options: ApolloOptions): Apollo {
  const { schema, logger, random, sandbox, plugins } = options;
  const masking = createErrorMasking({
    logger,
    random,
    names: options.introspection ? null : namesOf(schema),
  });
  const large = createLargeResponses();
  const { nextTurn } = options;
  const executor = createExecutor(schema, { limits: options.responseLimits, nextTurn, made: large.note });
  const execute = limited(masked(executor, masking, nextTurn), options.limits);
  const write: WriteResult = (result) =>
    large.has(result.data) || (result.errors?.length ?? 0) > ERRORS_IN_SLICE
      ? writeInSlices(result, nextTurn).then((parts) => new LargeResponse(parts, options.clock))
      : writeAtOnce(result);
  const placeholders = createPlaceholders(write);
  const server = new ApolloServer<RequestContext>({
    gateway: createGateway(schema, execute),
    introspection: options.introspection,
    hideSchemaDetailsFromClientErrors: !options.introspection,
    includeStacktraceInErrorResponses: false,
    // Every request needs a bearer token in a header. A browser sends such a cross-origin request only after a preflight,
    // so a GET needs no further protection against CSRF.
    csrfPrevention: false,
    stopOnTerminationSignals: false,
    formatError: masking.formatError,
    stringifyResult: placeholders.write,
    documentStore: createDocumentStore(),
    validationOptions: { maxErrors: MAX_VALIDATION_ERRORS },
    logger: apolloLogger(logger),
    plugins: [
      // This plugin wraps every field of every response, which costs more than anything else.
      ApolloServerPluginCacheControlDisabled(),
      sandbox === null ? ApolloServerPluginLandingPageDisabled() : sandboxPage(sandbox),
      recordOperation,
      ...plugins,
    ],
  });
  return {
    server,
    execute,
    write,
    take: placeholders.take,
    needsEveryRequest: plugins.some(handlesEveryRequest),
  };
}

/** No JSON text starts with this. */
const PLACEHOLDER = 'large response ';

/** Apollo Server passes strings only. A large body is stored under a name, and Apollo Server passes the name. */
function createPlaceholders(write: WriteResult) {
  const bodies = new Map<string, LargeResponse>();
  let written = 0;
  function nameOf(body: ResponseBody): string {
    if (typeof body === 'string') return body;
    written += 1;
    const name = `${PLACEHOLDER}${written}`;
    bodies.set(name, body);
    return name;
  }
  return {
    write(result: FormattedExecutionResult): string | Promise<string> {
      const body = write(result);
      return typeof body === 'string' ? body : body.then(nameOf);
    },
    take(text: string): ResponseBody {
      if (!text.startsWith(PLACEHOLDER)) return text;
      const body = bodies.get(text);
      bodies.delete(text);
      return body ?? text;
    },
  };
}

/** Not asked about the gateway's own `recordOperation`: requests that bypass Apollo Server are recorded elsewhere. */
function handlesEveryRequest({ requestDidStart, unexpectedErrorProcessingRequest }: Plugin): boolean {
  return requestDidStart !== undefined || unexpectedErrorProcessingRequest !== undefined;
}

/** Validation stops after this many errors. */
const MAX_VALIDATION_ERRORS = 5;

type Execute = Apollo['execute'];

/** Checks the limits that depend on variables before each run. */
function limited(execute: Execute, limits: LimitGuard): Execute {
  return (operation) => {
    const refused = limits.checkRun(operation);
    return refused === null ? execute(operation) : Promise.resolve({ errors: [refused] });
  };
}

/** Masks errors. Errors with data are field errors. Without data the request was rejected, with a public message. */
function masked(execute: Executor, masking: ErrorMasking, nextTurn: () => Promise<void>): Execute {
  return async (operation) => {
    const { data, errors } = await execute(operation);
    if (errors === undefined || data === undefined)
      return errors === undefined ? { data: data ?? null } : { errors: errors.map(masking.requestError) };
    const { span } = operation.context;
    const visible: GraphQLError[] = [];
    for (const error of errors) {
      visible.push(masking.publicError(error, span));
      if (visible.length % ERRORS_IN_SLICE === 0) await nextTurn();
    }
    return { data, errors: visible };
  };
}

/** Errors masked before yielding to the event loop. */
const ERRORS_IN_SLICE = 500;

type Gateway = NonNullable<ConstructorParameters<typeof ApolloServer<RequestContext>>[0]['gateway']>;

/** Apollo Server runs another executor than graphql-js through its gateway interface. */
function createGateway(schema: GraphQLSchema, execute: Execute): Gateway {
  return {
    onSchemaLoadOrUpdate(notify) {
      notify({ apiSchema: schema, coreSupergraphSdl: '' });
      return () => undefined;
    },
    load: async () => ({
      async executor(request) {
        const { document, operation, context } = request;
        if (operation === undefined) return { errors: [noSuchOperation()] };
        if (operation.operation === 'subscription') return { errors: [noSubscriptions()] };
        return execute({
          document,
          operation,
          operationName: request.request.operationName,
          variables: request.request.variables ?? {},
          context: (context as RequestContext).context,
        });
      },
    }),
    stop: async () => undefined,
  };
}

function noSuchOperation(): GraphQLError {
  return new GraphQLError(
    'The document has several operations, or none with this name. Name one in operationName.',
  );
}

function noSubscriptions(): GraphQLError {
  return new GraphQLError('Subscriptions are not supported. Use a query.', {
    extensions: { code: 'BAD_REQUEST' },
  });
}

function sandboxPage(sandbox: NonNullable<ApolloOptions['sandbox']>): ApolloServerPlugin {
  return ApolloServerPluginLandingPageLocalDefault({
    document: sandbox.document,
    headers: sandbox.headers,
    embed: {
      endpointIsEditable: false,
      runTelemetry: false,
      initialState: { pollForSchemaUpdates: false, sharedHeaders: sandbox.headers },
    },
  });
}

const recordOperation: Plugin = {
  async requestDidStart() {
    return {
      async didResolveOperation({ contextValue, document, operation }) {
        if (operation !== undefined) contextValue.record.resolved = { document, operation };
      },
      async willSendResponse({ contextValue, operationName, operation, errors }) {
        const { record } = contextValue;
        record.name = operationName?.slice(0, 64) ?? null;
        record.type = operation?.operation ?? null;
        for (const error of errors ?? [])
          record.codes.add(String(error.extensions['code'] ?? 'INTERNAL_SERVER_ERROR'));
      },
    };
  },
};

/** Logs that Apollo Server wrote a message, without the message: it may quote the request. */
function apolloLogger(logger: Logger) {
  const log = (level: 'debug' | 'warn' | 'error') => () =>
    logger[level]({}, 'Apollo Server logged a message, which is omitted');
  return { debug: () => undefined, info: () => undefined, warn: log('warn'), error: log('error') };
}
