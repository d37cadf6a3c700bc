/** What one voter did, as the voter knows it. */
export interface VoterHistory {
  readonly voter: string;
  /** The choice that was last acknowledged. */
  acknowledged: string | undefined;
  /** Choices tried after that without an answer that says they count: any of them may be the newest. */
  uncertain: string[];
}

export interface Electorate {
  readonly voters: number;
  /** Votes each voter casts, one after the other, changing the mind each time. */
  readonly votesEach: number;
  readonly options: readonly string[];
  /** Voters that are busy at once. */
  readonly concurrency: number;
  /** Milliseconds after which a vote that is refused again and again is given up. */
  readonly patienceMs: number;
}

/**
 * Lets everybody vote through the given vote services in turn, and keeps each voter's own record of
 * it. A refused vote is tried again.
 */
export async function castVotes(
  electorate: Electorate,
  services: readonly string[],
): Promise<VoterHistory[]> {
  const histories: VoterHistory[] = [];
  let next = 0;

  async function liveOneVoterAfterTheOther(): Promise<void> {
    while (next < electorate.voters) {
      const number = next++;
      const cookie = await persist(electorate.patienceMs, () =>
        enrol(services[number % services.length] as string),
      );
      const history: VoterHistory = {
        voter: /voter_id=([^.]+)\./.exec(cookie)?.[1] ?? '',
        acknowledged: undefined,
        uncertain: [],
      };
      histories.push(history);
      for (let n = 0; n < electorate.votesEach; n++) {
        const option = electorate.options[(number + n) % electorate.options.length] as string;
        let tries = number + n;
        await persist(electorate.patienceMs, async () => {
          history.uncertain.push(option);
          await cast(services[tries++ % services.length] as string, cookie, option);
          history.acknowledged = option;
          history.uncertain = [];
        });
      }
    }
  }

  await Promise.all(Array.from({ length: electorate.concurrency }, liveOneVoterAfterTheOther));
  return histories;
}

async function enrol(service: string): Promise<string> {
  const answer = await fetch(service, { signal: AbortSignal.timeout(5_000) });
  await answer.text();
  const [cookie] = answer.headers.getSetCookie();
  if (cookie === undefined) throw new Error(`no cookie, but ${answer.status}`);
  return cookie.split(';')[0] as string;
}

async function cast(service: string, cookie: string, vote: string): Promise<void> {
  const answer = await fetch(service, {
    method: 'POST',
    body: new URLSearchParams({ vote }),
    headers: { cookie, accept: 'application/json' },
    signal: AbortSignal.timeout(5_000),
  });
  const body = await answer.text();
  if (answer.status !== 202) throw new Error(`${answer.status} ${body}`);
}

async function persist<T>(ms: number, attempt: () => Promise<T>): Promise<T> {
  const until = Date.now() + ms;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50 + Math.random() * 200));
    }
  }
}
