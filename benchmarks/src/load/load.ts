import { connect, type Socket } from 'node:net';
import { createAnswerReader } from './answer-reader.ts';
import type { Electorate, Voter } from './electorate.ts';
import { createZipf } from './zipf.ts';

export interface LoadConfig {
  /** Where the votes go: the address of a vote page. */
  readonly target: URL;
  /** The paths of vote pages at that address for new voters, by Zipf's law; empty for the address itself. */
  readonly paths: readonly string[];
  /** Connections that are kept open, each with one vote under way at a time. */
  readonly connections: number;
  readonly seconds: number;
  /** Votes a second to offer, or undefined for as many as are answered. */
  readonly rate: number | undefined;
  readonly options: readonly string[];
}

export interface LoadOutcome {
  readonly acknowledged: number;
  /** Answers that did not acknowledge a vote, by status, and broken connections as `broken`. */
  readonly refused: Readonly<Record<string, number>>;
  /** From the first vote to the last answer. */
  readonly seconds: number;
  /** Milliseconds from when a vote was due to its answer, in ascending order. */
  readonly latencies: Float64Array;
  /** Unix milliseconds of every acknowledgement, as they came. */
  readonly answeredAt: Float64Array;
}

/** Lets `electorate` vote, in the way a browser's form does, and measures the answers. */
export async function castVotes(config: LoadConfig, electorate: Electorate): Promise<LoadOutcome> {
  const { target, paths, connections, seconds, rate, options } = config;
  const draw = createZipf(paths.length);
  const latencies: number[] = [];
  const answeredAt: number[] = [];
  const refused: Record<string, number> = {};
  let cast = 0;
  const start = performance.now();
  const end = start + seconds * 1_000;

  /** When the next vote is due, in the clock of `performance`; undefined when it is too late for one. */
  function nextDue(): number | undefined {
    const now = performance.now();
    const due = rate === undefined ? now : start + (cast / rate) * 1_000;
    if (Math.max(due, now) >= end) return undefined;
    cast++;
    return due;
  }

  function refuse(reason: string | number): void {
    refused[reason] = (refused[reason] ?? 0) + 1;
  }

  await Promise.all(
    Array.from({ length: connections }, (_, number) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      let socket = open();
      let underWay:
        | {
            readonly voter: Voter | undefined;
            readonly path: string;
            readonly option: string;
            readonly due: number;
          }
        | undefined;

      function open(): Socket {
        const read = createAnswerReader();
        const opened = connect(Number(target.port || 80), target.hostname);
        opened.setNoDelay(true);
        opened.on('connect', vote);
        opened.on('data', (chunk: Buffer) => {
          const answer = read(chunk);
          if (answer === undefined || underWay === undefined) return;
          const now = performance.now();
          latencies.push(now - underWay.due);
          const { voter, path, option } = underWay;
          const cookie = voter?.cookie ?? answer.voterCookie;
          if (answer.status >= 400) refuse(answer.status);
          else {
            answeredAt.push(performance.timeOrigin + now);
            if (cookie !== undefined) electorate.back({ cookie, path, choice: option });
          }
          underWay = undefined;
          if (answer.last) reconnect();
          else vote();
        });
        opened.on('error', () => {});
        opened.on('close', () => {
          if (underWay !== undefined) refuse('broken');
          underWay = undefined;
          if (performance.now() < end) setTimeout(reconnect, 50);
          else resolve();
        });
        return opened;
      }

      function reconnect(): void {
        socket.removeAllListeners('close');
        socket.destroy();
        socket = open();
      }

      function vote(): void {
        const due = nextDue();
        if (due === undefined) {
          socket.end();
          resolve();
          return;
        }
        const wait = due - performance.now();
        if (wait > 1) setTimeout(send, wait, due);
        else send(due);
      }

      function send(due: number): void {
        const voter = electorate.next();
        const option = options[(number + cast) % options.length] as string;
        const path = voter?.path ?? paths[draw()] ?? target.pathname;
        underWay = { voter, path, option, due };
        socket.write(request(target, path, voter?.cookie, option));
      }

      return promise;
    }),
  );
  return {
    acknowledged:
      latencies.length -
      Object.entries(refused).reduce((sum, [reason, n]) => (reason === 'broken' ? sum : sum + n), 0),
    refused,
    seconds: (performance.now() - start) / 1_000,
    latencies: Float64Array.from(latencies).sort(),
    answeredAt: Float64Array.from(answeredAt),
  };
}

/** What a browser's form sends, without what no server needs. */
function request(target: URL, path: string, cookie: string | undefined, option: string): string {
  const body = `vote=${option}`;
  return (
    `POST ${path} HTTP/1.1\r\nHost: ${target.host}\r\nContent-Type: application/x-www-form-urlencoded\r\n` +
    `Content-Length: ${body.length}\r\n${cookie === undefined ? '' : `Cookie: ${cookie}\r\n`}\r\n${body}`
  );
}
