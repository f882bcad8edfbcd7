// The meaning of OpenTelemetry's variables, as reference.ts has that of the others.
import type { Reference } from './reference.ts';
import type { variables } from './variables.ts';

type TracingVariable = Extract<keyof typeof variables, `OTEL_${string}`>;

const section = 'Tracing';
const needs = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318' };

export const TRACING_REFERENCE: Readonly<Record<TracingVariable, Reference>> = {
  OTEL_EXPORTER_OTLP_ENDPOINT: {
    section,
    meaning: 'A collector that takes OTLP over HTTP. The gateway adds `/v1/traces`. Switches tracing on.',
    values: 'a URL',
    unset: 'no traces',
  },
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: {
    section,
    meaning: 'The same, with the whole address.',
    values: 'a URL',
    unset: 'no traces',
  },
  OTEL_TRACES_EXPORTER: {
    section,
    meaning:
      '`otlp` switches tracing on, to `http://localhost:4318` without an endpoint. `console` writes spans to stdout.',
    default: 'otlp',
    unset: '`otlp` with an endpoint, else `none`',
    needs,
  },
  OTEL_SDK_DISABLED: { section, meaning: '`true` switches tracing off.', default: 'false', needs },
  OTEL_TRACES_SAMPLER: {
    section,
    meaning: "Which traces are exported. `parentbased_` follows the caller's decision.",
    default: 'parentbased_always_on',
    needs,
  },
  OTEL_TRACES_SAMPLER_ARG: {
    section,
    meaning: 'The share of traces for `traceidratio`.',
    default: '1',
    needs: { ...needs, OTEL_TRACES_SAMPLER: 'traceidratio' },
  },
  OTEL_SERVICE_NAME: {
    section,
    meaning: 'The name of the service.',
    values: 'text',
    default: 'profile-phones',
    needs,
  },
  OTEL_RESOURCE_ATTRIBUTES: {
    section,
    meaning: 'Other attributes of the service.',
    values: '`name=value`, comma-separated',
    unset: 'a `service.instance.id` for each process',
    needs,
  },
  OTEL_PROPAGATORS: {
    section,
    meaning:
      "`tracecontext` continues the caller's trace. Without it every trace begins here. `baggage` has no effect.",
    values: '`tracecontext`, `baggage`, `none`, comma-separated',
    default: 'tracecontext',
    needs,
  },
  OTEL_EXPORTER_OTLP_PROTOCOL: {
    section,
    meaning: 'The protocol of the exporter.',
    default: 'http/protobuf',
    needs,
  },
  OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: {
    section,
    meaning: 'The same, for traces alone.',
    default: 'http/protobuf',
    needs,
  },
  OTEL_EXPORTER_OTLP_TIMEOUT: {
    section,
    meaning: 'Milliseconds for one export, repeats included.',
    default: '10000',
    needs,
  },
  OTEL_EXPORTER_OTLP_TRACES_TIMEOUT: {
    section,
    meaning: 'The same, for traces alone.',
    default: '10000',
    needs,
  },
  OTEL_EXPORTER_OTLP_COMPRESSION: {
    section,
    meaning: 'The compression of an export.',
    default: 'none',
    needs,
  },
  OTEL_EXPORTER_OTLP_TRACES_COMPRESSION: {
    section,
    meaning: 'The same, for traces alone.',
    default: 'none',
    needs,
  },
  OTEL_BSP_SCHEDULE_DELAY: { section, meaning: 'Milliseconds between two exports.', default: '5000', needs },
  OTEL_BSP_EXPORT_TIMEOUT: {
    section,
    meaning: 'Milliseconds for the export of one batch.',
    default: '30000',
    needs,
  },
  OTEL_BSP_MAX_QUEUE_SIZE: {
    section,
    meaning: 'Spans that wait for export. More are dropped.',
    default: '2048',
    needs,
  },
  OTEL_BSP_MAX_EXPORT_BATCH_SIZE: { section, meaning: 'Spans in one export.', default: '512', needs },
  OTEL_METRICS_EXPORTER: {
    section,
    meaning: 'No metrics are pushed. Prometheus fetches them at `/metrics`.',
    unset: '`none`',
  },
  OTEL_LOGS_EXPORTER: { section, meaning: 'No logs are exported. They are on stderr.', unset: '`none`' },
};
