/** Below this it is one key press: a terminal signals its whole process group, and npm passes it on again. */
const samePressMs = 500;

/**
 * Aborts at the first SIGINT or SIGTERM, so that the run can end with its summary; the second ends the
 * process at once. SIGTERM too: as the first process of a container nothing else would end it.
 */
export function listenForInterruption(process: NodeJS.Process): AbortSignal {
  const interruption = new AbortController();
  let firstAt = 0;
  const interrupt = () => {
    if (!interruption.signal.aborted) {
      firstAt = performance.now();
      interruption.abort();
    } else if (performance.now() - firstAt > samePressMs) {
      process.exit(1);
    }
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  return interruption.signal;
}
