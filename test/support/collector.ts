// An OpenTelemetry collector for tests. It receives traces (OTLP, protobuf over HTTP), or fails in the ways of real collectors.
// Source: opentelemetry-proto, trace/v1/trace.proto and common/v1/common.proto.
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { type Message, readMessage } from './protobuf.ts';

export type Attributes = Readonly<Record<string, string | number | boolean>>;

export interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  /** Empty without one. */
  readonly parentSpanId: string;
  readonly traceState: string;
  readonly name: string;
  readonly kind: 'server' | 'client' | 'other';
  /** Nanoseconds since 1970. */
  readonly start: bigint;
  readonly end: bigint;
  readonly attributes: Attributes;
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[];
  /** How many. */
  readonly events: number;
  readonly status: 'unset' | 'ok' | 'error';
  /** The message of the status. Empty without one. */
  readonly message: string;
  /** Of whoever sent it. */
  readonly resource: Attributes;
}

/** `hang` reads and never responds. A number is the status of a response without a body. */
export type Mood = 'well' | 'hang' | 'reset' | number;

export interface ReceivedRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** Decompressed. */
  readonly bytes: Buffer;
}

export interface Collector extends AsyncDisposable {
  /** A value for OTEL_EXPORTER_OTLP_ENDPOINT. */
  readonly url: string;
  readonly port: number;
  mood: Mood;
  /** The spans that were accepted. */
  readonly spans: readonly ReceivedSpan[];
  /** Every request, including failed ones. */
  readonly requests: readonly ReceivedRequest[];
  forget(): void;
}

/** @param port 0 takes a free port */
export async function startCollector(port = 0): Promise<Collector> {
  const spans: ReceivedSpan[] = [];
  const requests: ReceivedRequest[] = [];

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { url: path = '', headers } = request;
    const sent = await buffer(request);
    const bytes = headers['content-encoding'] === 'gzip' ? gunzipSync(sent) : sent;
    requests.push({ path, headers, bytes });
    const { mood } = collector;
    if (mood === 'hang') return;
    if (mood === 'reset') return void response.socket?.resetAndDestroy();
    if (mood === 'well') spans.push(...spansIn(bytes));
    response.writeHead(mood === 'well' ? 200 : mood, { 'content-type': 'application/x-protobuf' }).end();
  }

  const server = createServer((request, response) => void serve(request, response).catch(() => {}));
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const { port: taken } = server.address() as AddressInfo;
  const collector: Collector = {
    url: `http://127.0.0.1:${taken}`,
    port: taken,
    mood: 'well',
    spans,
    requests,
    forget() {
      spans.length = 0;
      requests.length = 0;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return collector;
}

function spansIn(bytes: Buffer): ReceivedSpan[] {
  return readMessage(bytes)
    .messages(1)
    .flatMap((ofResource) => {
      const resource = attributesOf(ofResource.messages(1)[0]?.messages(1) ?? []);
      const scopes = ofResource.messages(2);
      return scopes.flatMap((scope) => scope.messages(2).map((span) => readSpan(span, resource)));
    });
}

function readSpan(span: Message, resource: Attributes): ReceivedSpan {
  const status = span.messages(15)[0];
  return {
    traceId: span.hex(1),
    spanId: span.hex(2),
    traceState: span.text(3),
    parentSpanId: span.hex(4),
    name: span.text(5),
    kind: ({ 2: 'server', 3: 'client' } as const)[span.number(6)] ?? 'other',
    start: span.big(7),
    end: span.big(8),
    attributes: attributesOf(span.messages(9)),
    events: span.messages(11).length,
    links: span.messages(13).map((link) => ({ traceId: link.hex(1), spanId: link.hex(2) })),
    status: (['unset', 'ok', 'error'] as const)[status?.number(3) ?? 0] ?? 'unset',
    message: status?.text(2) ?? '',
    resource,
  };
}

function attributesOf(pairs: readonly Message[]): Attributes {
  return Object.fromEntries(pairs.map((pair) => [pair.text(1), readValue(pair.messages(2)[0])]));
}

function readValue(value: Message | undefined): string | number | boolean {
  if (value?.has(1)) return value.text(1);
  if (value?.has(2)) return value.number(2) === 1;
  if (value?.has(3)) return value.number(3);
  return value?.double(4) ?? 'of a kind that no span here has';
}
