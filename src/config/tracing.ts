// Reads the configuration of tracing from OpenTelemetry's environment variables. This file imports nothing of OpenTelemetry,
// because it is loaded with and without tracing.
import type { TracingConfig } from '../runtime/tracing.ts';
import type { Problem, Values } from './variables.ts';

const SERVICE_NAME = 'profile-phones';
/** The default endpoint of the OTLP specification. */
const LOCAL_COLLECTOR = 'http://localhost:4318';
const TRACES_PATH = '/v1/traces';

/** Returns null unless an exporter or an endpoint is configured. */
export function readTracing(values: Values, problems: Problem[]): TracingConfig | null {
  const batch = readBatch(values, problems);
  const url = readUrl(values, problems);
  const to = values.OTEL_TRACES_EXPORTER ?? (url === null ? 'none' : 'otlp');
  if (to === 'none') return null;
  const given = values.OTEL_RESOURCE_ATTRIBUTES ?? {};
  const { 'service.name': named, 'service.instance.id': instance = null, ...attributes } = given;
  return {
    to: to === 'console' ? { kind: to } : { kind: to, ...collectorOf(values, url) },
    ...readSampler(values),
    readsHeaders: values.OTEL_PROPAGATORS?.includes('tracecontext') ?? true,
    serviceName: values.OTEL_SERVICE_NAME ?? named ?? SERVICE_NAME,
    instance,
    attributes,
    batch,
  };
}

function collectorOf(values: Values, url: string | null) {
  const { OTEL_EXPORTER_OTLP_TRACES_TIMEOUT: own, OTEL_EXPORTER_OTLP_TIMEOUT: common } = values;
  return { url: url ?? `${LOCAL_COLLECTOR}${TRACES_PATH}`, timeoutMs: own ?? common ?? 10_000 };
}

/** The endpoint for traces is used as it is. The path of traces is appended to the common endpoint, as OTLP specifies. */
function readUrl(values: Values, problems: Problem[]): string | null {
  const own = checkUrl('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', values, problems);
  const common = checkUrl('OTEL_EXPORTER_OTLP_ENDPOINT', values, problems);
  return own ?? (common === null ? null : `${common.replace(/\/+$/, '')}${TRACES_PATH}`);
}

function checkUrl(
  variable: 'OTEL_EXPORTER_OTLP_ENDPOINT' | 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
  values: Values,
  problems: Problem[],
): string | null {
  const text = values[variable];
  if (text === undefined) return null;
  const url = URL.parse(text);
  const problem = (message: string) => problems.push({ variable, message });
  if (url === null || !/^https?:$/.test(url.protocol)) problem('give an http or https URL');
  else if (url.username !== '' || url.password !== '')
    problem('give a URL without a user; set OTEL_EXPORTER_OTLP_HEADERS to authenticate to the collector');
  else if (url.search !== '' || url.hash !== '') problem('give a URL without a query and fragment');
  return text;
}

function readSampler(values: Values): Pick<TracingConfig, 'share' | 'followsCaller'> {
  const sampler = values.OTEL_TRACES_SAMPLER ?? 'parentbased_always_on';
  const followsCaller = sampler.startsWith('parentbased_');
  if (sampler.endsWith('traceidratio')) return { share: values.OTEL_TRACES_SAMPLER_ARG ?? 1, followsCaller };
  return { share: sampler.endsWith('always_on') ? 1 : 0, followsCaller };
}

/** The defaults are those of OpenTelemetry. */
function readBatch(values: Values, problems: Problem[]): TracingConfig['batch'] {
  const queue = values.OTEL_BSP_MAX_QUEUE_SIZE ?? 2_048;
  const size = values.OTEL_BSP_MAX_EXPORT_BATCH_SIZE ?? Math.min(512, queue);
  if (size > queue)
    problems.push({
      variable: 'OTEL_BSP_MAX_EXPORT_BATCH_SIZE',
      message: 'give at most the value of OTEL_BSP_MAX_QUEUE_SIZE, by default 2048',
    });
  return {
    delayMs: values.OTEL_BSP_SCHEDULE_DELAY ?? 5_000,
    timeoutMs: values.OTEL_BSP_EXPORT_TIMEOUT ?? 30_000,
    queue,
    size,
  };
}
