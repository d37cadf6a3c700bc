import { io } from '/socket.io/socket.io.esm.min.js';
import type { History } from '../history.ts';
import type { Results } from '../results.ts';

export interface Following {
  readonly results: (results: Results) => void;
  readonly history: (history: History) => void;
  /** What is shown may be old from now on, until `results` is called again. */
  readonly lost: () => void;
}

/** The server says something at least every 5 seconds. */
const silenceMs = 8_000;

/**
 * Follows the results until `stop`, and connects again by itself. A line can die without a word, and a
 * machine can sleep: what counts is when something was last heard.
 */
export function follow({ results, history, lost }: Following): { stop(): void } {
  const socket = io({
    query: { without: 'scores', at: location.pathname },
    transports: ['websocket', 'polling'],
    reconnectionDelayMax: 3_000,
  });
  let heardAt = Date.now();
  const heard = () => {
    heardAt = Date.now();
  };
  function doubt(): void {
    if (!socket.connected || Date.now() - heardAt < silenceMs) return;
    lost();
    socket.io.engine.close();
  }

  socket.onAny(heard);
  socket.io.on('ping', heard);
  socket.on('results', results);
  socket.on('history', history);
  socket.on('disconnect', lost);
  socket.on('connect_error', lost);
  const watch = setInterval(doubt, 1_000);
  document.addEventListener('visibilitychange', doubt);

  return {
    stop() {
      clearInterval(watch);
      document.removeEventListener('visibilitychange', doubt);
      socket.close();
    },
  };
}
