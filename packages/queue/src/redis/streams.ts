import type { RedisStreams } from './config.ts';

export const mostPartitions = 1_024;

/**
 * The stream of each partition. In a cluster only what stands in braces decides which node holds a
 * key, so that consecutive partitions land on different nodes.
 */
export function streamNames({ stream, partitions }: RedisStreams): readonly string[] {
  if (partitions === 1) return [stream];
  return Array.from({ length: partitions }, (_, partition) => `${stream}:{${partition}}`);
}

/** All names that the streams of these voters have had or may get, with whatever number of partitions. */
export function everyStreamName({ stream }: Pick<RedisStreams, 'stream'>): readonly string[] {
  return [stream, ...streamNames({ stream, partitions: mostPartitions })];
}

/** Where a worker notes that it has founded `stream`: on the same node, so that one script sees both. */
export function foundingKey(stream: string): string {
  return beside(stream, 'founded');
}

/**
 * Where it is kept how many votes in `stream` are not acknowledged, because Redis itself only knows entries. It
 * changes in the same steps as the stream.
 */
export function waitingKey(stream: string): string {
  return beside(stream, 'waiting');
}

/** Where the gates of polls lie: on the node of the stream, so that one script sees both. */
export function gatesKey(stream: string): string {
  return beside(stream, 'gates');
}

/** Where the definitions of rooms and polls lie, once for all partitions. */
export function definitionsKey({ stream }: Pick<RedisStreams, 'stream'>): string {
  return beside(stream, 'definitions');
}

/** The stream of the latest changes of definitions: on the same node, so that one script sees both. */
export function changesKey({ stream }: Pick<RedisStreams, 'stream'>): string {
  return beside(stream, 'changes');
}

function beside(stream: string, what: string): string {
  return stream.includes('{') ? `${stream}:${what}` : `{${stream}}:${what}`;
}

/**
 * Where the entries of `stream` go that can never be counted. Partitions have one each, which lies on
 * the same node, so that no other node has to be there for it.
 */
export function deadLetterStream(stream: string): string {
  return `${stream}:dead`;
}

/** The partition of this voter, from 0: always the same, so that the voter's votes keep their order. */
export function partitionOf(voter: string, partitions: number): number {
  if (partitions === 1) return 0;
  // FNV-1a, with a last round that spreads into the low bits which the remainder looks at.
  let hash = 0x811c9dc5;
  for (let i = 0; i < voter.length; i++) hash = Math.imul(hash ^ voter.charCodeAt(i), 0x01000193);
  return (Math.imul(hash ^ (hash >>> 15), 0x85ebca6b) >>> 0) % partitions;
}
