import type { Delivery } from '@voting/core';
import type { Tracing } from '@voting/tracing';

/**
 * Traces the recording of a batch: `batch`, linked to the votes in it that are traced, and for each of them
 * `commit`, which is the last part of the vote's own trace.
 *
 * @returns to be called when the batch is committed
 */
export function traceBatch(tracing: Tracing | undefined, votes: readonly Delivery[]): () => void {
  if (tracing === undefined) return () => {};
  const traced = votes.flatMap(({ traceparent }) => traceparent ?? []);
  if (traced.length === 0) return () => {};
  const batch = tracing.start('batch', {
    kind: 'consumer',
    links: traced,
    attributes: { 'messaging.batch.message_count': votes.length },
  });
  const links = batch === undefined ? [] : [batch.traceparent];
  const commits = traced.map((parent) => tracing.start('commit', { kind: 'consumer', parent, links }));
  return () => {
    for (const span of [...commits, batch]) span?.end();
  };
}
