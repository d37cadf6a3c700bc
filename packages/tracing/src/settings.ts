import { choice, text, variables } from '@voting/runtime';

export type TracingSettings = ReturnType<typeof readTracingSettings>;

/** What OpenTelemetry calls these samplers. Those based on a parent do the same here: nobody gives us one. */
const samplers = [
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
  'always_on',
  'always_off',
  'traceidratio',
] as const;

/**
 * Whether and how much to trace. The exporter takes the other variables of OpenTelemetry that begin with
 * OTEL_EXPORTER_OTLP_ from the environment itself.
 */
export const readTracingSettings = variables({
  OTEL_EXPORTER_OTLP_ENDPOINT: text()
    .regex(/^https?:\/\/\S+$/, 'must be an address such as http://collector:4318')
    .optional(),
  OTEL_TRACES_SAMPLER: choice(...samplers).default('parentbased_always_on'),
  OTEL_TRACES_SAMPLER_ARG: text()
    .regex(/^(0(\.\d+)?|1(\.0+)?)$/, 'must be a number from 0 to 1')
    .transform(Number)
    .prefault('1'),
});
