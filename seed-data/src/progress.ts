import type { Writable } from 'node:stream';
import { wholeNumber } from './numbers.ts';
import type { Score } from './score.ts';

export interface Progress {
  /** Shows the state at the end and nothing more. */
  close(): void;
}

/** A terminal says so, and how wide it is. */
export type Output = Writable & { readonly isTTY?: boolean; readonly columns?: number };

const redrawMs = 100;
const lineMs = 1_000;
const barWidth = 24;

/** Shows how far the run is: on a terminal as one bar, elsewhere as one line a second. */
export function showProgress(total: number, score: Score, output: Output): Progress {
  const speedometer = createSpeedometer();

  function state(): string {
    const done = score.accepted + score.refused;
    const speed = wholeNumber(speedometer.read(done));
    const refused = score.refused === 0 ? '' : `, ${wholeNumber(score.refused)} refused`;
    return `${wholeNumber(done)} of ${wholeNumber(total)} votes, ${speed} a second${refused}`;
  }

  function redraw(): void {
    const share = (score.accepted + score.refused) / total;
    const bar = '█'.repeat(Math.floor(share * barWidth)).padEnd(barWidth, '░');
    const percent = `${Math.floor(share * 100)}%`.padStart(4);
    // one character short of the width, so that the terminal does not wrap; some terminals say 0
    const width = (output.columns || 80) - 1;
    output.write(`\r${`${bar} ${percent}  ${state()}`.slice(0, width).padEnd(width)}`);
  }

  function writeLine(): void {
    output.write(`${state()}\n`);
  }

  const show = output.isTTY ? redraw : writeLine;
  const timer = setInterval(show, output.isTTY ? redrawMs : lineMs);
  return {
    close() {
      clearInterval(timer);
      show();
      if (output.isTTY) output.write('\n');
    },
  };
}

/** Votes a second over the last second or so: steady enough to read, quick enough to show a stall. */
function createSpeedometer(): { read(done: number): number } {
  let markedAt = performance.now();
  let markedDone = 0;
  let speed: number | undefined;
  return {
    read(done) {
      const seconds = (performance.now() - markedAt) / 1000;
      if (speed !== undefined && seconds < 0.9) return speed;
      const current = seconds === 0 ? 0 : (done - markedDone) / seconds;
      if (seconds < 0.9) return current;
      speed = current;
      markedAt = performance.now();
      markedDone = done;
      return speed;
    },
  };
}
