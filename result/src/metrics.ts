import { Gauge, Histogram, type Registry } from 'prom-client';

export interface ResultMetrics {
  queried(seconds: number): void;
  /** `count` is asked for at each scrape. */
  viewers(count: () => number): void;
  broadcast(): void;
}

export function createResultMetrics(registry: Registry): ResultMetrics {
  const registers = [registry];
  const query = new Histogram({
    name: 'result_query_duration_seconds',
    help: 'Time to read the tallies',
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1],
    registers,
  });
  let lastBroadcast = Date.now();
  new Gauge({
    name: 'result_broadcast_age_seconds',
    help: 'Time since viewers were last sent something new',
    registers,
    collect() {
      this.set((Date.now() - lastBroadcast) / 1000);
    },
  });
  return {
    queried: (seconds) => query.observe(seconds),
    viewers(count) {
      new Gauge({
        name: 'result_viewers',
        help: 'Viewers that are connected now',
        registers,
        collect() {
          this.set(count());
        },
      });
    },
    broadcast() {
      lastBroadcast = Date.now();
    },
  };
}
