// The supported variables of OpenTelemetry, and the messages for unsupported ones, which name the alternative.
import { describe, expect, it } from 'vitest';
import { type Environment, readConfig } from '../../src/config/config.ts';

function tracing(environment: Environment) {
  const { config, problems } = readConfig(environment);
  if (config === null) throw new Error(JSON.stringify(problems));
  return config.tracing;
}

const COLLECTOR = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' };
const URL = 'http://collector:4318/v1/traces';

describe('traces', () => {
  it.each<Environment>([
    {},
    { OTEL_EXPORTER_OTLP_ENDPOINT: '' },
    { OTEL_TRACES_EXPORTER: 'none' },
    { ...COLLECTOR, OTEL_TRACES_EXPORTER: 'none' },
    { ...COLLECTOR, OTEL_SDK_DISABLED: 'true' },
    { ...COLLECTOR, OTEL_SDK_DISABLED: 'True', OTEL_TRACES_EXPORTER: 'zipkin', OTEL_TRACES_SAMPLER: 'x' },
    { OTEL_SERVICE_NAME: 'phones', OTEL_RESOURCE_ATTRIBUTES: 'a=b', OTEL_TRACES_SAMPLER: 'always_on' },
    { OTEL_METRICS_EXPORTER: 'none', OTEL_LOGS_EXPORTER: 'none' },
  ])('are off with %j', (environment) => {
    expect(tracing(environment)).toBeNull();
  });

  it.each<[Environment, string]>([
    [COLLECTOR, URL],
    [{ ...COLLECTOR, OTEL_SDK_DISABLED: 'false' }, URL],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318/' }, URL],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'https://otel.contoso.com/in' }, 'https://otel.contoso.com/in/v1/traces'],
    [{ ...COLLECTOR, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://other/take' }, 'http://other/take'],
    [{ OTEL_TRACES_EXPORTER: 'otlp' }, 'http://localhost:4318/v1/traces'],
  ])('go to a collector with %j', (environment, url) => {
    expect(tracing(environment)?.to).toEqual({ kind: 'otlp', url, timeoutMs: 10_000 });
  });

  it('can go to standard output', () => {
    expect(tracing({ OTEL_TRACES_EXPORTER: 'console' })?.to).toEqual({ kind: 'console' });
  });

  it('have OpenTelemetry’s defaults and the name of this service', () => {
    expect(tracing(COLLECTOR)).toMatchObject({
      share: 1,
      followsCaller: true,
      readsHeaders: true,
      serviceName: 'profile-phones',
      instance: null,
      attributes: {},
      batch: { delayMs: 5_000, timeoutMs: 30_000, queue: 2_048, size: 512 },
    });
  });

  it.each([
    ['always_on', '0.3', 1, false],
    ['always_off', undefined, 0, false],
    ['traceidratio', '0.3', 0.3, false],
    ['traceidratio', undefined, 1, false],
    ['parentbased_always_on', undefined, 1, true],
    ['parentbased_always_off', undefined, 0, true],
    ['parentbased_traceidratio', '0', 0, true],
  ])('are sampled by %s with %s', (sampler, argument, share, followsCaller) => {
    const environment = { ...COLLECTOR, OTEL_TRACES_SAMPLER: sampler, OTEL_TRACES_SAMPLER_ARG: argument };
    expect(tracing(environment)).toMatchObject({ share, followsCaller });
  });

  it('have the configured resource attributes, percent-decoded', () => {
    const said =
      ' service.name = phones , service.instance.id=pod-7,deployment.environment.name=a%2Cb%3Dc,empty=,';
    expect(tracing({ ...COLLECTOR, OTEL_RESOURCE_ATTRIBUTES: said })).toMatchObject({
      serviceName: 'phones',
      instance: 'pod-7',
      attributes: { 'deployment.environment.name': 'a,b=c', empty: '' },
    });
    const named = { ...COLLECTOR, OTEL_RESOURCE_ATTRIBUTES: said, OTEL_SERVICE_NAME: 'other' };
    expect(tracing(named)?.serviceName).toBe('other');
  });
});

describe('an unsupported variable of OpenTelemetry is a problem at startup', () => {
  it.each<[Environment, RegExp]>([
    [{ OTEL_TRACES_EXPORTER: 'zipkin' }, /otlp, console or none/],
    [{ OTEL_METRICS_EXPORTER: 'otlp' }, /Prometheus scrapes metrics from \/metrics on the admin port/],
    [{ OTEL_LOGS_EXPORTER: 'otlp' }, /logs to stderr, as JSON lines/],
    [{ OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }, /http\/protobuf/],
    [{ OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'http/json' }, /http\/protobuf/],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318' }, /http or https URL/],
    [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://a:secret@collector' }, /OTEL_EXPORTER_OTLP_HEADERS/],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector?key=secret' }, /without a query/],
    [{ OTEL_EXPORTER_OTLP_TIMEOUT: 'soon' }, /milliseconds/],
    [{ OTEL_EXPORTER_OTLP_COMPRESSION: 'zstd' }, /gzip or none/],
    [{ OTEL_PROPAGATORS: 'tracecontext,b3' }, /tracecontext/],
    [{ OTEL_TRACES_SAMPLER: 'jaeger_remote' }, /traceidratio/],
    [{ OTEL_TRACES_SAMPLER_ARG: '2' }, /0 to 1/],
    [{ OTEL_TRACES_SAMPLER_ARG: 'half' }, /0 to 1/],
    [{ OTEL_SDK_DISABLED: 'yes' }, /true or false/],
    [{ OTEL_RESOURCE_ATTRIBUTES: 'nothing' }, /name=value/],
    [{ OTEL_RESOURCE_ATTRIBUTES: 'a=%zz' }, /name=value/],
    [{ OTEL_BSP_MAX_QUEUE_SIZE: '0' }, /from 1 to 1000000/],
    [{ OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '4096' }, /at most the value of OTEL_BSP_MAX_QUEUE_SIZE/],
  ])('%j', (environment, words) => {
    const { problems } = readConfig(environment);
    expect(problems?.map(({ variable }) => variable)).toEqual(Object.keys(environment));
    expect(problems?.[0]?.message).toMatch(words);
    expect(JSON.stringify(problems)).not.toContain('secret');
  });
});
