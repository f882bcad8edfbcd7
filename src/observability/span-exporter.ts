// An exporter that tells the operator when it fails, once, and when it works again, once; what cannot be exported is
// dropped and counted.
import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import type { SpanExporter } from '@opentelemetry/sdk-trace';
import type { LogFields, Logger } from '../runtime/log.ts';

export function reporting(exporter: SpanExporter, logger: Logger): SpanExporter {
  /** Spans that were dropped since it last worked. */
  let dropped = 0;

  function note(spans: number, { code, error }: ExportResult): void {
    if (code === ExportResultCode.SUCCESS) {
      if (dropped > 0) logger.info({ dropped }, 'traces are exported again');
      dropped = 0;
      return;
    }
    if (dropped === 0)
      logger.warn(reasonOf(error), 'traces cannot be exported, and are dropped until they can');
    dropped += spans;
  }

  return {
    export(spans, done) {
      exporter.export(spans, (result) => {
        note(spans.length, result);
        done(result);
      });
    },
    forceFlush: async () => exporter.forceFlush?.(),
    shutdown: () => exporter.shutdown(),
  };
}

/** The code of Node's or the status of HTTP; never a message, which may repeat what the collector said. */
function reasonOf(error: Error | undefined): LogFields {
  const code = error !== undefined && 'code' in error ? error.code : undefined;
  if (typeof code === 'number') return { status: code };
  return { code: typeof code === 'string' ? code : 'none' };
}
