// Sets up tracing with OpenTelemetry. It registers no global tracer and no context manager: spans are passed as arguments.
// This file loads OpenTelemetry's SDK, so the program imports it only when tracing is on.
import { defaultTextMapGetter, ROOT_CONTEXT } from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ConsoleSpanExporter,
  ParentBasedSampler,
  type Sampler,
  type SpanExporter,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { Clock } from '../runtime/clock.ts';
import type { Logger } from '../runtime/log.ts';
import type { Tracing, TracingConfig } from '../runtime/tracing.ts';
import { withTimeout } from '../runtime/with-timeout.ts';
import { reporting } from './span-exporter.ts';
import { beginOperation } from './spans.ts';

/** Maximum milliseconds that the exit of the process waits for the export of the last spans. */
const SHUTDOWN_MS = 1_500;

export interface TracingOptions {
  readonly config: TracingConfig;
  /** `service.instance.id`: unique for each process. */
  readonly instance: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

export function startTracing({ config, instance, clock, logger }: TracingOptions): Tracing {
  const { delayMs, timeoutMs, queue, size } = config.batch;
  const provider = new TracerProvider({
    resource: resourceOf(config, instance),
    sampler: samplerOf(config),
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: reporting(exporterTo(config.to), logger),
        scheduledDelayMillis: delayMs,
        exportTimeoutMillis: timeoutMs,
        maxQueueSize: queue,
        maxExportBatchSize: size,
      }),
    ],
  });
  const tracer = provider.getTracer('profile-phones');
  const propagator = config.readsHeaders ? new W3CTraceContextPropagator() : null;
  return {
    begin(arrival) {
      const parent = propagator?.extract(ROOT_CONTEXT, arrival.headers, defaultTextMapGetter) ?? ROOT_CONTEXT;
      return beginOperation(tracer, clock, parent, arrival);
    },
    close: () => withTimeout(clock, SHUTDOWN_MS, provider.shutdown()).catch(() => {}),
  };
}

function exporterTo(to: TracingConfig['to']): SpanExporter {
  if (to.kind === 'console') return new ConsoleSpanExporter();
  // The exporter reads headers, compression and certificates from OpenTelemetry's environment variables.
  return new OTLPTraceExporter({ url: to.url, timeoutMillis: to.timeoutMs });
}

function resourceOf({ serviceName, attributes }: TracingConfig, instance: string) {
  const own = { ...attributes, 'service.name': serviceName, 'service.instance.id': instance };
  return defaultResource().merge(resourceFromAttributes(own));
}

/** Decides by the trace id, so that services with the same share export the same traces. */
function samplerOf({ share, followsCaller }: TracingConfig): Sampler {
  const root = new TraceIdRatioBasedSampler(share);
  return followsCaller ? new ParentBasedSampler({ root }) : root;
}
