export { createWorker, type Worker, type WorkerConfig } from './counting.ts';
export { createWorkerMetrics, type WorkerMetrics } from './metrics.ts';
