/** Something under way that must end in time. */
export interface Deadline {
  /** Aborted when the time is over. */
  readonly signal: AbortSignal;
  /** It ended in time. */
  met(): void;
}

interface Window {
  readonly controller: AbortController;
  readonly late: Set<() => void>;
}

/** Deadlines are kept to this many milliseconds, always to the later side. */
const precisionMs = 20;

/**
 * Makes deadlines. All that end within the same few milliseconds share one timer and one signal: for
 * every vote one of its own would cost more than sending the vote.
 */
export function createDeadlines(): { start(ms: number, late: () => void): Deadline } {
  const windows = new Map<number, Window>();

  function windowAt(moment: number, now: number): Window {
    const end = Math.ceil(moment / precisionMs) * precisionMs;
    const known = windows.get(end);
    if (known !== undefined) return known;
    const window: Window = { controller: new AbortController(), late: new Set() };
    windows.set(end, window);
    const timer = setTimeout(() => {
      windows.delete(end);
      for (const tell of window.late) tell();
      window.controller.abort();
    }, end - now);
    // The sockets keep the process alive as long as an answer can still come.
    timer.unref();
    return window;
  }

  return {
    start(ms, late) {
      const now = performance.now();
      const window = windowAt(now + ms, now);
      window.late.add(late);
      return { signal: window.controller.signal, met: () => window.late.delete(late) };
    },
  };
}
