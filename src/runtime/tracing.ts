// The tracing interface. An operation has a span, and each upstream request of the operation has a child span. Without tracing,
// Tracing and all spans are null, so tracing that is off costs one comparison.
//
// The fields of a span are listed here: ids, codes, numbers and path templates. None contains a variable, a part of a
// document, a user id, a name, a phone number or a token.

/** The ids of a span, as W3C Trace Context defines them. */
export interface SpanIds {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** 16 hexadecimal digits. */
  readonly spanId: string;
}

/** A span that will be exported. */
export interface Span extends SpanIds {
  /**
   * Starts a child span for an upstream request.
   *
   * @param others the spans of other operations that need the same request; the child span links to them
   */
  request(about: RequestStart, others?: readonly Span[]): RequestSpan;
}

export interface RequestStart {
  readonly method: string;
  /** The path without ids, such as `/users/{id}/profile/phones`. */
  readonly template: string;
  readonly server: ServerAddress;
  /** The number of reads in a batch request; null for any other request. */
  readonly reads: number | null;
}

export interface ServerAddress {
  readonly host: string;
  readonly port: number;
}

export interface RequestSpan {
  /** Adds a link to another operation that now waits for the request. */
  join(other: Span): void;
  /** Ends the span. Call it once. */
  end(outcome: RequestEnd): void;
}

export interface RequestEnd {
  /** The HTTP status; null without a response. */
  readonly status: number | null;
  /** The request id of the upstream service; null without one. */
  readonly requestId: string | null;
  /** The error code; null for a success. */
  readonly code: string | null;
}

/** The span of an operation. When it is not sampled, only its ids are used. */
export interface OperationSpan extends SpanIds {
  /** The same span when it is sampled; otherwise null. */
  readonly recorded: Span | null;
  /** Ends the span. Call it once. */
  end(outcome: OperationEnd): void;
}

export interface OperationEnd {
  /** `query`, `mutation` or `subscription`; null when the request has no valid operation. */
  readonly type: string | null;
  /** The name of the operation; null without one. */
  readonly name: string | null;
  readonly status: number;
  /** The error codes of the response, in the order of the errors. */
  readonly codes: Iterable<string>;
}

/** The parts of an incoming request that a span describes. */
export interface IncomingRequest {
  readonly method?: string | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly socket: { readonly localAddress?: string | undefined; readonly localPort?: number | undefined };
}

export interface Tracing {
  /** Starts the span of an operation. It continues the caller's trace when the headers have one. */
  begin(request: IncomingRequest): OperationSpan;
  /** Exports the remaining spans, for a limited time. Never rejects. */
  close(): Promise<void>;
}

/** How traces are recorded and exported. */
export interface TracingConfig {
  readonly to: /** A collector, with OTLP (protobuf over HTTP). */
    | { readonly kind: 'otlp'; readonly url: string; readonly timeoutMs: number }
    /** Standard output, for development. */
    | { readonly kind: 'console' };
  /** The share of traces that is exported, 0 to 1. */
  readonly share: number;
  /** Whether the sampling decision of the caller applies to traces that the caller started. */
  readonly followsCaller: boolean;
  /** Whether a span continues the caller's trace, from the W3C Trace Context headers. */
  readonly readsHeaders: boolean;
  /** The resource attribute `service.name`. */
  readonly serviceName: string;
  /** The resource attribute `service.instance.id`; null to generate one. */
  readonly instance: string | null;
  /** More resource attributes. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly batch: {
    /** Milliseconds between two exports. */
    readonly delayMs: number;
    /** Milliseconds for one export. */
    readonly timeoutMs: number;
    /** The maximum number of waiting spans. More are dropped. */
    readonly queue: number;
    /** The maximum number of spans in one export. */
    readonly size: number;
  };
}

/** Returns host and port of a URL. */
export function serverOf(url: string): ServerAddress {
  const { hostname, port, protocol } = new URL(url);
  return { host: hostname, port: port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port) };
}

/** Returns the log fields that link a log line to a span. */
export function spanFields(span: SpanIds | null) {
  return span === null ? {} : { trace_id: span.traceId, span_id: span.spanId };
}
