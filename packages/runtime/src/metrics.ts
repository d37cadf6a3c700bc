import { collectDefaultMetrics, Histogram, Registry } from 'prom-client';

/** A registry that holds the process's own metrics (memory, event loop, garbage collection). */
export function createRegistry(): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return registry;
}

/** Tells of one request that was answered: its method, the status and how long it took. */
export type RequestMetric = (method: string, status: number, seconds: number) => void;

/**
 * `<service>_http_request_duration_seconds`: rate, errors and duration of the requests to a page in one
 * metric. Named for the service because several may share a process and its registry.
 */
export function createRequestMetric(registry: Registry, service: string): RequestMetric {
  const seconds = new Histogram({
    name: `${service}_http_request_duration_seconds`,
    help: 'Time from the head of a request to the end of its answer',
    labelNames: ['method', 'status'] as const,
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
    registers: [registry],
  });
  return (method, status, duration) => seconds.observe({ method, status }, duration);
}
