import type { Log } from './log.ts';

/**
 * Tells of a trouble that may happen thousands of times a second: the first time it is logged with its
 * cause, then every ten seconds how often it happened, and when it has not for ten seconds, that it is over.
 *
 * @param kind what goes wrong; few and fixed, because each is counted by itself
 */
export type Troubles = (kind: string, error: unknown) => void;

const everyMs = 10_000;

export function createTroubles(log: Log): Troubles {
  const going = new Map<string, { times: number; before: number; latest: unknown }>();

  function begin(kind: string, error: unknown): void {
    const trouble = { times: 1, before: 1, latest: error };
    going.set(kind, trouble);
    log.error({ trouble: kind, err: error }, 'trouble begins');
    const watch = setInterval(() => {
      const { times, before, latest } = trouble;
      if (times > before) {
        log.error({ trouble: kind, times: times - before, err: latest }, 'trouble goes on');
        trouble.before = times;
        return;
      }
      clearInterval(watch);
      going.delete(kind);
      log.info({ trouble: kind, times }, 'trouble is over');
    }, everyMs).unref();
  }

  return (kind, error) => {
    const trouble = going.get(kind);
    if (trouble === undefined) {
      begin(kind, error);
      return;
    }
    trouble.times++;
    trouble.latest = error;
  };
}
