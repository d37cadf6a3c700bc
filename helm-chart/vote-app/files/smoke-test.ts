/**
 * Casts one real vote and waits until it is counted, and sees that the page of hosts opens to nobody without a key.
 * Imports nothing, so that any image with Node.js can run it; reads VOTE_URL, RESULT_URL, HOST_URL and PATIENCE_SECONDS. On a poll where others vote too, their votes may be
 * what it sees: it shows that votes are counted, not whose.
 */
export {};

const patienceMs = Number(process.env.PATIENCE_SECONDS) * 1_000;
const until = Date.now() + patienceMs;

async function totalVotes(): Promise<{ total: number; firstOption: string }> {
  const answer = await fetch(new URL('/api/results', process.env.RESULT_URL), {
    signal: AbortSignal.timeout(5_000),
  });
  const { total, options } = (await answer.json()) as { total: number; options: { id: string }[] };
  return { total, firstOption: options[0]?.id ?? '' };
}

async function castVote(option: string): Promise<void> {
  const answer = await fetch(new URL('/', process.env.VOTE_URL), {
    method: 'POST',
    headers: { accept: 'application/json' },
    body: new URLSearchParams({ vote: option }),
    signal: AbortSignal.timeout(5_000),
  });
  if (answer.status !== 202) throw new Error(`the vote was answered with ${answer.status}`);
}

async function findHostPageLocked(): Promise<void> {
  for (const [path, expected] of [['/', 200] as const, ['/api/rooms', 401] as const]) {
    const { status } = await fetch(new URL(path, process.env.HOST_URL), {
      signal: AbortSignal.timeout(5_000),
    });
    if (status !== expected) throw new Error(`${path} was answered with ${status}, not ${expected}`);
  }
}

async function persistently<T>(what: string, attempt: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > until) throw new Error(`${what}: not within ${patienceMs / 1000} s`, { cause: error });
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
}

await persistently('finding the host page, and it locked', findHostPageLocked);
const before = await persistently('reading the results', totalVotes);
await persistently('casting a vote', () => castVote(before.firstOption));
const after = await persistently('seeing it counted', async () => {
  const { total } = await totalVotes();
  if (total <= before.total) throw new Error(`still ${total} votes`);
  return total;
});
console.log(`A vote was cast and counted: ${before.total} votes before, ${after} after.`);
