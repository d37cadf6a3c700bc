import type { PipelineReading } from '@voting/core';

/** How far the numbers on the screen can be trusted to be those of now. */
export interface PipelineState {
  readonly state: 'live' | 'delayed' | 'down';
  /** How far the count is behind, in whole seconds; 0 while live. */
  readonly delaySeconds: number;
  /** Votes that wait to be counted. */
  readonly pending: number;
}

/** How the counting went when the store was last read, and when that was (milliseconds of performance.now, which nobody sets). */
export interface Reading {
  readonly pipeline: PipelineReading;
  readonly readAt: number;
}

/** Workers report, and the store is read, every second; a single miss is no delay yet. */
const silenceSeconds = 4;
const delaySeconds = 2;
const downSeconds = 10;

/**
 * Live, delayed or down, from the last reading of the store and its age. `down` means that nobody
 * counts, or that we cannot know.
 */
export function pipelineState(reading: Reading | undefined, now: number): PipelineState {
  if (reading === undefined) return { state: 'down', delaySeconds: 0, pending: 0 };
  const { beatAge, delay, pending } = reading.pipeline;
  const readAge = (now - reading.readAt) / 1000;
  const silence = (beatAge ?? Number.POSITIVE_INFINITY) + readAge;
  if (silence > downSeconds) return { state: 'down', delaySeconds: 0, pending };
  const behind = Math.max(delay, silence > silenceSeconds ? silence : 0);
  if (behind < delaySeconds) return { state: 'live', delaySeconds: 0, pending };
  return { state: 'delayed', delaySeconds: Math.floor(behind), pending };
}
