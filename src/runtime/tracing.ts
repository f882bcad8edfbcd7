// Traces, as the rest of the program sees them: an operation has a span, and so has each request that is sent for its
// sake. Where nobody asks for traces there is no Tracing and no span, only null, so that it costs a comparison.
//
// What goes into a span is named here field by field: ids, codes, numbers and templates of paths. None ever holds a
// variable, a part of a document, the id of a person, a name, a number or a token.

/** By which a span is known, as W3C Trace Context writes it. */
export interface SpanIds {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** 16 hexadecimal digits. */
  readonly spanId: string;
}

/** A span that will be exported. */
export interface Span extends SpanIds {
  /**
   * Begins the span of a request below this one.
   *
   * @param others for whose sake it is sent too: it is linked to them
   */
  request(about: RequestStart, others?: readonly Span[]): RequestSpan;
}

export interface RequestStart {
  readonly method: string;
  /** The path with what names somebody or something left out: `/users/{id}/profile/phones`. */
  readonly template: string;
  readonly server: ServerAddress;
  /** Reads in a batch; null where it is none. */
  readonly reads: number | null;
}

export interface ServerAddress {
  readonly host: string;
  readonly port: number;
}

export interface RequestSpan {
  /** Somebody else waits for it now. */
  join(other: Span): void;
  /** Called once. */
  end(outcome: RequestEnd): void;
}

export interface RequestEnd {
  /** Of HTTP; null when no answer came. */
  readonly status: number | null;
  /** By which the service that was asked knows the request; null where it does not say. */
  readonly requestId: string | null;
  /** The code of the error; null for a success. */
  readonly code: string | null;
}

/** The span of one operation, which may be one that is not exported: then only its ids are of use. */
export interface OperationSpan extends SpanIds {
  /** This one, where it is exported; else null. */
  readonly recorded: Span | null;
  /** Called once. */
  end(outcome: OperationEnd): void;
}

export interface OperationEnd {
  /** Null where no operation was found in the request. */
  readonly type: string | null;
  /** The operation's own name; null for none. */
  readonly name: string | null;
  readonly status: number;
  /** The codes of its errors, in the order in which they came. */
  readonly codes: Iterable<string>;
}

/** A request that has come in, as far as a span tells of it. */
export interface Arrival {
  readonly method?: string | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly socket: { readonly localAddress?: string | undefined; readonly localPort?: number | undefined };
}

export interface Tracing {
  /** Begins the span of an operation, below the caller's own where the headers name one. */
  begin(arrival: Arrival): OperationSpan;
  /** Exports what is left, as far as that can be done in a moment. Never rejects. */
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

/** Which server a URL leads to. */
export function serverOf(url: string): ServerAddress {
  const { hostname, port, protocol } = new URL(url);
  return { host: hostname, port: port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port) };
}

/** What a log line says of the span that it belongs to. */
export function spanFields(span: SpanIds | null) {
  return span === null ? {} : { trace_id: span.traceId, span_id: span.spanId };
}
