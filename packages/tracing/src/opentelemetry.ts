import {
  type Link,
  ROOT_CONTEXT,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  trace,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  type Sampler,
  SamplingDecision,
  type SpanExporter,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { Log } from '@voting/runtime';
import type { TracingSettings } from './settings.ts';
import type { Tracing } from './tracing.ts';

const exportEveryMs = 1_000;
/** A collector that does not answer must not hold up the end of a process. */
const exportTimeoutMs = 3_000;

const kinds = { server: SpanKind.SERVER, producer: SpanKind.PRODUCER, consumer: SpanKind.CONSUMER };

/** Traces with OpenTelemetry and sends what it records to the collector. `close` sends what is left. */
export function createTracing(
  settings: TracingSettings,
  service: string,
  log: Log,
): { readonly tracing: Tracing; close(): Promise<void> } {
  const exporter = loudly(new OTLPTraceExporter({ timeoutMillis: exportTimeoutMs }), log);
  const provider = new TracerProvider({
    resource: defaultResource()
      .merge(resourceFromAttributes({ 'service.name': service }))
      .merge(detectResources({ detectors: [envDetector] })),
    sampler: samplerOf(settings),
    spanProcessors: [
      new BatchSpanProcessor({
        exporter,
        scheduledDelayMillis: exportEveryMs,
        exportTimeoutMillis: exportTimeoutMs,
      }),
    ],
  });
  const tracer = provider.getTracer('voting-app');

  return {
    tracing: {
      start(name, { kind, parent, links = [], attributes = {} }) {
        const context = parent === undefined ? undefined : readTraceparent(parent);
        const span = tracer.startSpan(
          name,
          { kind: kinds[kind], links: links.flatMap(toLink), attributes },
          context === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, context),
        );
        if (!span.isRecording()) return undefined;
        return {
          traceparent: writeTraceparent(span.spanContext()),
          end({ attributes = {}, failed = false } = {}) {
            span.setAttributes(attributes);
            if (failed) span.setStatus({ code: SpanStatusCode.ERROR });
            span.end();
          },
        };
      },
    },
    // what could not be sent is in the log, and no reason for a process to fail
    close: () => provider.shutdown().catch(() => {}),
  };
}

/** What follows a recorded vote is recorded, even where it begins a trace of its own. */
function samplerOf({ OTEL_TRACES_SAMPLER, OTEL_TRACES_SAMPLER_ARG }: TracingSettings): Sampler {
  const roots = {
    always_on: () => new AlwaysOnSampler(),
    always_off: () => new AlwaysOffSampler(),
    traceidratio: () => new TraceIdRatioBasedSampler(OTEL_TRACES_SAMPLER_ARG),
  };
  const root = roots[OTEL_TRACES_SAMPLER.replace('parentbased_', '') as keyof typeof roots]();
  const unlinked = new ParentBasedSampler({ root });
  return {
    shouldSample: (context, traceId, name, kind, attributes, links) =>
      links.length > 0
        ? { decision: SamplingDecision.RECORD_AND_SAMPLED }
        : unlinked.shouldSample(context, traceId, name, kind, attributes, links),
    toString: () => String(unlinked),
  };
}

/** The exporter, but what it cannot send is in the log. */
function loudly(exporter: SpanExporter, log: Log): SpanExporter {
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        if (result.error !== undefined)
          log.warn({ err: result.error, spans: spans.length }, 'traces were not sent');
        done(result);
      }),
    shutdown: () => exporter.shutdown(),
  };
}

function toLink(traceparent: string): Link[] {
  const context = readTraceparent(traceparent);
  return context === undefined ? [] : [{ context }];
}

function readTraceparent(text: string): SpanContext | undefined {
  const [, traceId, spanId, flags] = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/.exec(text) ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined;
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & TraceFlags.SAMPLED, isRemote: true };
}

function writeTraceparent({ traceId, spanId, traceFlags }: SpanContext): string {
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
}
