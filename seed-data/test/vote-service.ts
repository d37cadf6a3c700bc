import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * What the pretended vote service does with a vote:
 * - accept: counts it and says so
 * - full: refuses it with 503 and Retry-After
 * - lose: counts it and drops the connection instead of answering
 * - hang: counts it, begins an answer and never ends it
 * - slow: counts it and says so after 100 ms
 * - gateway: answers as a proxy does that cannot reach the service
 * - stranger: answers as some other program would, with a page and 200
 * - vague: counts it and says so with 200, which promises nothing
 * - nameless: counts it and says so without naming the voter
 * - foul: refuses with a code that is no code
 */
export type Reaction =
  | 'accept'
  | 'full'
  | 'lose'
  | 'hang'
  | 'slow'
  | 'gateway'
  | 'stranger'
  | 'vague'
  | 'nameless'
  | 'foul';

export interface VoteService {
  readonly url: URL;
  /** Every vote that arrived and was counted, in order: the same voter twice if it came twice. */
  readonly counted: readonly { readonly voter: string; readonly option: string }[];
  /** The paths that votes were sent to. */
  readonly paths: ReadonlySet<string>;
  /** Connections opened by callers. */
  readonly connections: number;
  [Symbol.asyncDispose](): Promise<void>;
}

/** The vote service's contract on a real port. `react` decides for the n-th POST (from 0), `greet` for the n-th GET. */
export async function startVoteService(
  react: (post: number) => Reaction = () => 'accept',
  greet: (get: number) => 'accept' | 'full' | 'lose' | 'unknown' = () => 'accept',
): Promise<VoteService> {
  const counted: { voter: string; option: string }[] = [];
  const paths = new Set<string>();
  let connections = 0;
  let posts = 0;
  let gets = 0;
  let voters = 0;

  const server = createServer(async (request, response) => {
    const known = /voter_id=(\w+)\.mac/.exec(request.headers.cookie ?? '')?.[1];
    const voter = known ?? `v${++voters}`;
    // as the vote service does, which makes no voter of a program that asks what is on
    const asksOnly = request.method === 'GET' && request.headers.accept === 'application/json';
    if (known === undefined && !asksOnly)
      response.setHeader('set-cookie', `voter_id=${voter}.mac; Path=/; HttpOnly`);
    if (request.method === 'GET') greetVoter(request, response);
    else {
      paths.add(request.url ?? '');
      takeVote(response, voter, (await readBody(request)).get('vote') ?? '');
    }
  });
  server.on('connection', () => connections++);

  function greetVoter(request: IncomingMessage, response: ServerResponse): void {
    const reaction = greet(gets++);
    if (reaction === 'lose') request.socket.destroy();
    else if (reaction === 'full') refuseAsFull(response);
    else if (reaction === 'unknown') response.writeHead(404).end('{"error":{"code":"poll_unknown"}}');
    else response.setHeader('content-type', 'text/html').end('<h1>Cats vs Dogs!</h1>');
  }

  function takeVote(response: ServerResponse, voter: string, option: string): void {
    const accept = () => response.writeHead(202, { 'content-type': 'application/json' });
    const count = () => counted.push({ voter, option });
    const body = JSON.stringify({ vote: option });
    switch (react(posts++)) {
      case 'accept':
        count();
        accept().end(body);
        break;
      case 'slow':
        count();
        setTimeout(() => accept().end(body), 100);
        break;
      case 'lose':
        count();
        response.socket?.destroy();
        break;
      case 'hang':
        count();
        accept().write('{');
        break;
      case 'vague':
        count();
        response.writeHead(200, { 'content-type': 'application/json' }).end(body);
        break;
      case 'nameless':
        count();
        response.removeHeader('set-cookie');
        accept().end(body);
        break;
      case 'full':
        refuseAsFull(response);
        break;
      case 'gateway':
        response.removeHeader('set-cookie');
        response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>Bad Gateway</h1>');
        break;
      case 'stranger':
        response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>It works!</h1>');
        break;
      case 'foul':
        response.writeHead(400).end(JSON.stringify({ error: { code: '\u001b[2J gone' } }));
        break;
    }
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: new URL(`http://127.0.0.1:${port}`),
    counted,
    paths,
    get connections() {
      return connections;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A port on which nothing listens: it was just given back. */
export async function vacantUrl(): Promise<URL> {
  await using service = await startVoteService();
  return service.url;
}

function refuseAsFull(response: ServerResponse): void {
  response.writeHead(503, { 'content-type': 'application/json', 'retry-after': '1' });
  response.end(JSON.stringify({ error: { code: 'queue_full', message: 'Your vote was not counted.' } }));
}

async function readBody(request: IncomingMessage): Promise<URLSearchParams> {
  let body = '';
  for await (const chunk of request) body += chunk;
  return new URLSearchParams(body);
}
