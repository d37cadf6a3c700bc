/** Resolves after `ms`, or as soon as `stopped` aborts. */
export function pause(ms: number, stopped: AbortSignal): Promise<void> {
  if (stopped.aborted) return Promise.resolve();
  const { promise, resolve } = Promise.withResolvers<void>();
  const end = () => {
    clearTimeout(timer);
    stopped.removeEventListener('abort', end);
    resolve();
  };
  const timer = setTimeout(end, ms);
  stopped.addEventListener('abort', end);
  return promise;
}
