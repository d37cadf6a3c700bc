import type { PipelineReading } from '@voting/core';

/** How far the numbers on the screen can be trusted to be those of now. */
export interface PipelineState {
  readonly state: 'live' | 'delayed' | 'down';
  /** How far the count is behind, in whole seconds; 0 while live. */
  readonly delaySeconds: number;
  /** Votes that wait to be counted. */
  readonly pending: number;
}

/** Workers report, and the store is read, every second; a single miss is no delay yet. */
const silenceSeconds = 4;
const delaySeconds = 2;
const downSeconds = 10;

/**
 * Live, delayed or down, from the last reading of the store and its age. `down` means that nobody
 * counts, or that we cannot know.
 */
export function pipelineState(
  reading: { readonly snapshot: { readonly pipeline: PipelineReading }; readonly readAt: number } | undefined,
  now: number,
): PipelineState {
  if (reading === undefined) return { state: 'down', delaySeconds: 0, pending: 0 };
  const { beatAge, delay, pending } = reading.snapshot.pipeline;
  const readAge = (now - reading.readAt) / 1000;
  const silence = (beatAge ?? Number.POSITIVE_INFINITY) + readAge;
  if (silence > downSeconds) return { state: 'down', delaySeconds: 0, pending };
  const behind = Math.max(delay, silence > silenceSeconds ? silence : 0);
  if (behind < delaySeconds) return { state: 'live', delaySeconds: 0, pending };
  return { state: 'delayed', delaySeconds: Math.floor(behind), pending };
}
