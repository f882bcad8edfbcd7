// A span exporter that logs the first failure and the recovery, once each. Spans that cannot be exported are dropped and
// counted.
import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import type { SpanExporter } from '@opentelemetry/sdk-trace';
import type { LogFields, Logger } from '../runtime/log.ts';

export function reporting(exporter: SpanExporter, logger: Logger): SpanExporter {
  /** Spans that were dropped since the last successful export. */
  let dropped = 0;

  function logResult(spans: number, { code, error }: ExportResult): void {
    if (code === ExportResultCode.SUCCESS) {
      if (dropped > 0) logger.info({ dropped }, 'traces are exported again');
      dropped = 0;
      return;
    }
    if (dropped === 0)
      logger.warn(reasonOf(error), 'exporting traces fails; spans are dropped until it works again');
    dropped += spans;
  }

  return {
    export(spans, done) {
      exporter.export(spans, (result) => {
        logResult(spans.length, result);
        done(result);
      });
    },
    forceFlush: async () => exporter.forceFlush?.(),
    shutdown: () => exporter.shutdown(),
  };
}

/** The error code of Node or the HTTP status. Never the message, which may contain the response of the collector. */
function reasonOf(error: Error | undefined): LogFields {
  const code = error !== undefined && 'code' in error ? error.code : undefined;
  if (typeof code === 'number') return { status: code };
  return { code: typeof code === 'string' ? code : 'none' };
}
