// Traces by OpenTelemetry, put together. Nothing of it is made known to the whole process: no global tracer and no context
// that travels by itself, since whoever needs a span is given it. The program loads this file when traces are asked for,
// and not before: it brings OpenTelemetry's SDK along.
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

/** Milliseconds that the end of the process waits for the last spans to be exported. */
const LAST_WORDS_MS = 1_500;

export interface TracingOptions {
  readonly config: TracingConfig;
  /** Tells this process from all others, as `service.instance.id`. */
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
      const above = propagator?.extract(ROOT_CONTEXT, arrival.headers, defaultTextMapGetter) ?? ROOT_CONTEXT;
      return beginOperation(tracer, clock, above, arrival);
    },
    close: () => withTimeout(clock, LAST_WORDS_MS, provider.shutdown()).catch(() => {}),
  };
}

function exporterTo(to: TracingConfig['to']): SpanExporter {
  if (to.kind === 'console') return new ConsoleSpanExporter();
  // Headers, compression and certificates it reads from OpenTelemetry's variables itself.
  return new OTLPTraceExporter({ url: to.url, timeoutMillis: to.timeoutMs });
}

function resourceOf({ serviceName, attributes }: TracingConfig, instance: string) {
  const own = { ...attributes, 'service.name': serviceName, 'service.instance.id': instance };
  return defaultResource().merge(resourceFromAttributes(own));
}

/** A trace is exported whole or not at all, by its id, wherever else the same share is exported. */
function samplerOf({ share, followsCaller }: TracingConfig): Sampler {
  const root = new TraceIdRatioBasedSampler(share);
  return followsCaller ? new ParentBasedSampler({ root }) : root;
}
