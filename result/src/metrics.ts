import { createRequestMetric, type RequestMetric } from '@voting/runtime';
import { Gauge, Histogram, type Registry } from 'prom-client';

export interface ResultMetrics {
  /** The tallies were read, which took so long. */
  queried(seconds: number): void;
  /** `count` is asked for at each scrape. */
  viewers(count: () => number): void;
  /** The same for places that are kept in mind. */
  places(count: () => number): void;
  broadcast(): void;
  readonly answered: RequestMetric;
}

export function createResultMetrics(registry: Registry): ResultMetrics {
  const registers = [registry];
  const query = new Histogram({
    name: 'result_query_duration_seconds',
    help: 'Time to read the tallies',
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1],
    registers,
  });
  const lastReading = new Gauge({
    name: 'result_last_reading_timestamp_seconds',
    help: 'When the tallies were last read, in Unix time; 0 before they ever were',
    registers,
  });
  const lastBroadcast = new Gauge({
    name: 'result_last_broadcast_timestamp_seconds',
    help: 'When viewers were last sent something new, in Unix time; 0 before they ever were',
    registers,
  });
  function gauge(name: string, help: string, count: () => number): void {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(count());
      },
    });
  }
  return {
    queried(seconds) {
      query.observe(seconds);
      lastReading.setToCurrentTime();
    },
    viewers: (count) => gauge('result_viewers', 'Viewers that are connected now', count),
    places: (count) =>
      gauge(
        'result_places',
        'Rooms and polls whose results somebody has looked at in the last minute',
        count,
      ),
    broadcast: () => lastBroadcast.setToCurrentTime(),
    answered: createRequestMetric(registry, 'result'),
  };
}
