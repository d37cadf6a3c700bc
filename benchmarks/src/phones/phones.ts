import { connect, type Socket } from 'node:net';
import { createAnswerReader } from '../load/answer-reader.ts';

export interface PhonesConfig {
  /** The vote page that they show. */
  readonly target: URL;
  readonly phones: number;
  /** Connections that they share, each with one request under way at a time. */
  readonly connections: number;
}

export interface PhonesReport {
  /** Answers by status, and broken connections as `broken`. */
  readonly answers: Readonly<Record<string, number>>;
  readonly seconds: number;
}

/** How long a page that is visible waits after an answer before it asks again: as `vote/src/browser/following.ts` has it. */
const everyMs = { least: 2_000, most: 2_600 };

/** A line to the vote service, which phones use one after the other. */
interface Line {
  /** @param answered called when there is an answer, or will be none */
  ask(answered: () => void): void;
  close(): void;
}

/**
 * Lets so many pages ask whether they are still right, each at its own pace.
 *
 * @param tag of what they show, as they were answered first
 * @returns ends them, and says what they were answered since `began`
 */
export async function letPhonesAsk(
  { target, phones, connections }: PhonesConfig,
  tag: string,
): Promise<{ began(): void; end(): PhonesReport }> {
  const request = Buffer.from(
    `GET ${target.pathname} HTTP/1.1\r\nHost: ${target.host}\r\nAccept: application/json\r\nIf-None-Match: ${tag}\r\n\r\n`,
  );
  let answers: Record<string, number> = {};
  let since = performance.now();
  const count = (answer: number | string) => {
    answers[answer] = (answers[answer] ?? 0) + 1;
  };
  const lines = await openAll(connections, target, request, count);
  const timers = new Set<NodeJS.Timeout>();
  let ended = false;

  function askAfter(ms: number, line: Line): void {
    const timer = setTimeout(() => {
      timers.delete(timer);
      line.ask(() => {
        if (!ended) askAfter(everyMs.least + Math.random() * (everyMs.most - everyMs.least), line);
      });
    }, ms);
    timers.add(timer);
  }
  for (let phone = 0; phone < phones; phone++) {
    askAfter(Math.random() * everyMs.most, lines[phone % lines.length] as Line);
  }
  return {
    began() {
      answers = {};
      since = performance.now();
    },
    end() {
      const seconds = (performance.now() - since) / 1_000;
      ended = true;
      for (const timer of timers) clearTimeout(timer);
      const report = { answers: { ...answers }, seconds };
      for (const line of lines) line.close();
      return report;
    },
  };
}

/** Some at a time: a server accepts so many and no more at once. */
async function openAll(
  connections: number,
  target: URL,
  request: Buffer,
  count: (answer: number | string) => void,
): Promise<Line[]> {
  const lines: Line[] = [];
  while (lines.length < connections) {
    const some = Math.min(100, connections - lines.length);
    lines.push(...(await Promise.all(Array.from({ length: some }, () => openLine(target, request, count)))));
  }
  return lines;
}

function openLine(target: URL, request: Buffer, count: (answer: number | string) => void): Promise<Line> {
  const { promise, resolve, reject } = Promise.withResolvers<Line>();
  const waiting: (() => void)[] = [];
  let underWay: (() => void) | undefined;
  let isClosed = false;
  let socket = open();

  function open(): Socket {
    const read = createAnswerReader();
    const opened = connect(Number(target.port || 80), target.hostname);
    opened.setNoDelay(true);
    opened.on('connect', () => {
      resolve({ ask, close });
      next();
    });
    opened.on('data', (chunk: Buffer) => {
      const answer = read(chunk);
      if (answer === undefined) return;
      count(answer.status);
      const answered = underWay;
      underWay = undefined;
      answered?.();
      next();
    });
    opened.on('error', reject);
    opened.on('close', () => {
      if (isClosed) return;
      if (underWay !== undefined) count('broken');
      underWay?.();
      underWay = undefined;
      socket = open();
    });
    return opened;
  }

  function next(): void {
    if (underWay !== undefined) return;
    underWay = waiting.shift();
    if (underWay !== undefined) socket.write(request);
  }

  function ask(answered: () => void): void {
    waiting.push(answered);
    next();
  }

  function close(): void {
    isClosed = true;
    socket.destroy();
  }

  return promise;
}
