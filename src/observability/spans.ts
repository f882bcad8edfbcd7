// The spans of operations and of the requests below them, with the names and attributes of OpenTelemetry's semantic
// conventions: for GraphQL servers, for HTTP, and for requests to Azure's services. Nothing is told of an error but its
// code: a message or a stack may hold what a person typed.
import {
  type Context,
  type Link,
  ROOT_CONTEXT,
  type Span as SdkSpan,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import type { Clock } from '../runtime/clock.ts';
import type {
  IncomingRequest,
  OperationEnd,
  OperationSpan,
  RequestEnd,
  RequestSpan,
  RequestStart,
  Span,
  SpanIds,
} from '../runtime/tracing.ts';

/** By the conventions the name of a span where no operation was found. */
const NO_OPERATION = 'GraphQL Operation';
/** The one path that operations come to, however it was written. */
const PATH = '/graphql';

/**
 * One clock for all spans of an operation: the wall's at its begin, and what has gone by since. Left to itself, each span
 * of the SDK begins at a whole millisecond, and requests seem to outlast the operation that waited for them.
 */
class Watch {
  readonly #clock: Clock;
  readonly #offset: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#offset = clock.now() - clock.elapsed();
  }

  /** In milliseconds since 1970. */
  time(): number {
    return this.#offset + this.#clock.elapsed();
  }
}

/** @param above with the caller's span, where there is one */
export function beginOperation(
  tracer: Tracer,
  clock: Clock,
  above: Context,
  arrival: IncomingRequest,
): Operation {
  const watch = new Watch(clock);
  const span = tracer.startSpan(NO_OPERATION, { kind: SpanKind.SERVER, startTime: watch.time() }, above);
  return new Operation(tracer, watch, span, arrival);
}

class Operation implements OperationSpan, Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly recorded: Span | null;
  readonly #tracer: Tracer;
  readonly #watch: Watch;
  readonly #span: SdkSpan;

  constructor(tracer: Tracer, watch: Watch, span: SdkSpan, { method, socket }: IncomingRequest) {
    const { traceId, spanId } = span.spanContext();
    this.#tracer = tracer;
    this.#watch = watch;
    this.#span = span;
    this.traceId = traceId;
    this.spanId = spanId;
    this.recorded = span.isRecording() ? this : null;
    if (this.recorded === null) return;
    span.setAttribute('http.request.method', method ?? '_OTHER');
    span.setAttribute('http.route', PATH);
    span.setAttribute('url.path', PATH);
    span.setAttribute('url.scheme', 'http');
    // Of this machine, and not what the request says of it, which could be anything.
    if (socket.localAddress !== undefined) span.setAttribute('server.address', socket.localAddress);
    if (socket.localPort !== undefined) span.setAttribute('server.port', socket.localPort);
  }

  request(about: RequestStart, others: readonly Span[] = []): RequestSpan {
    const { method, template, server, reads } = about;
    const attributes = {
      'http.request.method': method,
      'server.address': server.host,
      'server.port': server.port,
      'url.template': template,
      ...(reads === null ? {} : { 'graph.batch.size': reads }),
    };
    const below = trace.setSpan(ROOT_CONTEXT, this.#span);
    const startTime = this.#watch.time();
    const options = { kind: SpanKind.CLIENT, startTime, attributes, links: others.map(linkTo) };
    return new Request(this.#tracer.startSpan(`${method} ${template}`, options, below), this.#watch);
  }

  end({ type, name, status, codes }: OperationEnd): void {
    const span = this.#span;
    if (this.recorded !== null) {
      if (type !== null) span.updateName(type).setAttribute('graphql.operation.type', type);
      if (name !== null) span.setAttribute('graphql.operation.name', name);
      span.setAttribute('http.response.status_code', status);
      const [code] = codes;
      if (code !== undefined) fail(span, code);
    }
    span.end(this.#watch.time());
  }
}

class Request implements RequestSpan {
  readonly #span: SdkSpan;
  readonly #watch: Watch;

  constructor(span: SdkSpan, watch: Watch) {
    this.#span = span;
    this.#watch = watch;
  }

  join(other: Span): void {
    if (this.#span.isRecording()) this.#span.addLink(linkTo(other));
  }

  /** Where a service answered with an error, its status says more than the code that callers are given for it. */
  end({ status, requestId, code }: RequestEnd): void {
    const span = this.#span;
    if (status !== null) span.setAttribute('http.response.status_code', status);
    if (requestId !== null) span.setAttribute('azure.service.request.id', requestId);
    if (status !== null && status >= 400) fail(span, String(status));
    else if (code !== null) fail(span, code);
    span.end(this.#watch.time());
  }
}

function linkTo({ traceId, spanId }: SpanIds): Link {
  return { context: { traceId, spanId, traceFlags: TraceFlags.SAMPLED } };
}

function fail(span: SdkSpan, type: string): void {
  span.setAttribute('error.type', type).setStatus({ code: SpanStatusCode.ERROR });
}
