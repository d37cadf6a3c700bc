import type { Opened } from '@voting/runtime';
import type { TracingSettings } from './settings.ts';

export { readTracingSettings, type TracingSettings } from './settings.ts';

/** Follows single votes through the product. Undefined where nobody listens, so that it costs nothing there. */
export interface Tracing {
  /** Begins a piece of work; undefined when it is not recorded. */
  start(name: string, options: SpanOptions): Span | undefined;
}

export interface SpanOptions {
  readonly kind: 'server' | 'producer' | 'consumer';
  /** The `traceparent` of the work that this one is part of. Without it a trace begins, if it is to be recorded. */
  readonly parent?: string | undefined;
  /** The `traceparent`s of other work that this one takes together. With any, it is recorded in any case. */
  readonly links?: readonly string[];
  readonly attributes?: Attributes;
}

/** No voter and no choice belongs here. */
export type Attributes = Readonly<Record<string, string | number>>;

/** Recorded when it ends, and not when it never does. */
export interface Span {
  /** Names this work to others, also in other processes, as the W3C says. */
  readonly traceparent: string;
  end(outcome?: { readonly attributes?: Attributes; readonly failed?: boolean }): void;
}

/**
 * Begins to trace when `OTEL_EXPORTER_OTLP_ENDPOINT` is set; otherwise OpenTelemetry's SDK is not even
 * loaded. To be opened first, so that it is closed last and hears of everything.
 */
export async function openTracing(
  settings: TracingSettings,
  service: string,
  { closing, log }: Opened,
): Promise<Tracing | undefined> {
  if (settings.OTEL_EXPORTER_OTLP_ENDPOINT === undefined) return undefined;
  const { createTracing } = await import('./opentelemetry.ts');
  const { tracing, close } = createTracing(settings, service, log);
  closing.add('tracing', close);
  return tracing;
}
