// Apollo Server, set up for this product: our executor, our masking, no plugin that touches every field. What travels
// over HTTP is decided in server.ts.
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

/** What Apollo Server passes along with one request. */
export interface RequestContext extends BaseContext {
  readonly context: Context;
  /** Filled in as the request is understood. */
  readonly record: RequestRecord;
}

export interface RequestRecord extends OperationRecord {
  /** The document and the operation that Apollo Server selected; null before it has. */
  resolved: Resolved | null;
}

/** A plugin of Apollo Server. Its hooks for single fields are not called: the gateway has its own executor. */
export type Plugin = ApolloServerPlugin<RequestContext>;

export interface Apollo {
  readonly server: ApolloServer<RequestContext>;
  /** The body of a result, as Apollo Server sends it. */
  write: WriteResult;
  /** The body of a response that came from Apollo Server, by what stands there for it. Can be taken once. */
  take(text: string): ResponseBody;
  /** Runs an operation that Apollo Server has let through before. Errors are fit to be seen. */
  execute(operation: Operation): Promise<ExecutionResult>;
  /** Whether a plugin wants to hear of every request, so that none may run without Apollo Server. */
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
  /** A later turn of the event loop: see turn-queue.ts. All that this process does in slices shares them. */
  nextTurn(order?: number): Promise<void>;
  /** The Sandbox page with what it starts with; null for none. */
  readonly sandbox: { readonly document: string; readonly headers: Readonly<Record<string, string>> } | null;
  /** Beside the gateway's own. */
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
    // Nothing comes here without a bearer token, which a web page cannot make its visitor's browser send: the page has to
    // know the token, and the browser asks the gateway first (a preflight). So a GET needs no other proof.
    csrfPrevention: false,
    stopOnTerminationSignals: false,
    formatError: masking.formatError,
    stringifyResult: placeholders.write,
    documentStore: createDocumentStore(),
    validationOptions: { maxErrors: MAX_VALIDATION_ERRORS },
    logger: apolloLogger(logger),
    plugins: [
      // It would wrap every field of every answer: the largest single cost there is.
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

/** No JSON begins so. */
const PLACEHOLDER = 'large response ';

/** Apollo Server hands on texts only, so that a name travels in the place of a body that is none. */
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

/** The gateway's own `recordOperation` is left out: what runs without Apollo Server is recorded where it runs. */
function handlesEveryRequest({ requestDidStart, unexpectedErrorProcessingRequest }: Plugin): boolean {
  return requestDidStart !== undefined || unexpectedErrorProcessingRequest !== undefined;
}

/** Errors of validation that are told; further ones are not looked for. */
const MAX_VALIDATION_ERRORS = 5;

type Execute = Apollo['execute'];

/** What depends on variables is decided for every run, on whatever way it comes. */
function limited(execute: Execute, limits: LimitGuard): Execute {
  return (operation) => {
    const refused = limits.checkRun(operation);
    return refused === null ? execute(operation) : Promise.resolve({ errors: [refused] });
  };
}

/** An error that comes with data is one of a field; without, the operation was refused, in words that are public. */
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

/** Errors that are masked without letting the event loop go. */
const ERRORS_IN_SLICE = 500;

type Gateway = NonNullable<ConstructorParameters<typeof ApolloServer<RequestContext>>[0]['gateway']>;

/** Apollo Server's door for executors other than graphql-js. */
function createGateway(schema: GraphQLSchema, execute: Execute): Gateway {
  return {
    onSchemaLoadOrUpdate(tell) {
      tell({ apiSchema: schema, coreSupergraphSdl: '' });
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
    'The document has several operations, or none by the name given: say which in operationName.',
  );
}

function noSubscriptions(): GraphQLError {
  return new GraphQLError('There are no subscriptions. Use a query.', {
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

/** Its messages may quote a request, so only that there was one is passed on. */
function apolloLogger(logger: Logger) {
  const say = (level: 'debug' | 'warn' | 'error') => () =>
    logger[level]({}, 'apollo server has something to say');
  return { debug: () => undefined, info: () => undefined, warn: say('warn'), error: say('error') };
}
