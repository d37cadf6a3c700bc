export { createWorkerMetrics, type WorkerMetrics } from './metrics.ts';
export { createWorker, type Worker, type WorkerConfig } from './counting.ts';
