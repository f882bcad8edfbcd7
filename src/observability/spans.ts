// The spans of operations and of their upstream requests. Names and attributes follow OpenTelemetry's semantic conventions for
// GraphQL servers, HTTP and Azure services. A span has the code of an error, but neither its message nor its stack, which
// may contain user input.
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

/** The span name that the conventions define for a request without an operation. */
const NO_OPERATION = 'GraphQL Operation';
/** The route of all operations, however the URL was written. */
const PATH = '/graphql';

/**
 * One clock for all spans of an operation: the wall clock at the start of the operation, plus the elapsed time. The SDK's
 * default rounds the start of each span to a millisecond, so that requests seem to take longer than their operation.
 */
class SpanClock {
  readonly #clock: Clock;
  readonly #offset: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#offset = clock.now() - clock.elapsed();
  }

  /** In milliseconds since 1970. */
  now(): number {
    return this.#offset + this.#clock.elapsed();
  }
}

/** @param parent contains the caller's span, if any */
export function beginOperation(
  tracer: Tracer,
  clock: Clock,
  parent: Context,
  request: IncomingRequest,
): Operation {
  const time = new SpanClock(clock);
  const span = tracer.startSpan(NO_OPERATION, { kind: SpanKind.SERVER, startTime: time.now() }, parent);
  return new Operation(tracer, time, span, request);
}

class Operation implements OperationSpan, Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly recorded: Span | null;
  readonly #tracer: Tracer;
  readonly #time: SpanClock;
  readonly #span: SdkSpan;

  constructor(tracer: Tracer, time: SpanClock, span: SdkSpan, { method, socket }: IncomingRequest) {
    const { traceId, spanId } = span.spanContext();
    this.#tracer = tracer;
    this.#time = time;
    this.#span = span;
    this.traceId = traceId;
    this.spanId = spanId;
    this.recorded = span.isRecording() ? this : null;
    if (this.recorded === null) return;
    span.setAttribute('http.request.method', method ?? '_OTHER');
    span.setAttribute('http.route', PATH);
    span.setAttribute('url.path', PATH);
    span.setAttribute('url.scheme', 'http');
    // The address of the socket, because a client can send any Host header.
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
    const parent = trace.setSpan(ROOT_CONTEXT, this.#span);
    const startTime = this.#time.now();
    const options = { kind: SpanKind.CLIENT, startTime, attributes, links: others.map(linkTo) };
    return new Request(this.#tracer.startSpan(`${method} ${template}`, options, parent), this.#time);
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
    span.end(this.#time.now());
  }
}

class Request implements RequestSpan {
  readonly #span: SdkSpan;
  readonly #time: SpanClock;

  constructor(span: SdkSpan, time: SpanClock) {
    this.#span = span;
    this.#time = time;
  }

  join(other: Span): void {
    if (this.#span.isRecording()) this.#span.addLink(linkTo(other));
  }

  /** The HTTP status of an error response is more specific than the gateway's error code, so it takes precedence. */
  end({ status, requestId, code }: RequestEnd): void {
    const span = this.#span;
    if (status !== null) span.setAttribute('http.response.status_code', status);
    if (requestId !== null) span.setAttribute('azure.service.request.id', requestId);
    if (status !== null && status >= 400) fail(span, String(status));
    else if (code !== null) fail(span, code);
    span.end(this.#time.now());
  }
}

function linkTo({ traceId, spanId }: SpanIds): Link {
  return { context: { traceId, spanId, traceFlags: TraceFlags.SAMPLED } };
}

function fail(span: SdkSpan, type: string): void {
  span.setAttribute('error.type', type).setStatus({ code: SpanStatusCode.ERROR });
}
