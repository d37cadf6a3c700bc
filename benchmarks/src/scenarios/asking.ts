import { setTimeout as pause } from 'node:timers/promises';
import type { Scenario } from '../scenario.ts';
import { whilePhonesAsk } from '../stage/phones.ts';
import { processorSeconds, startReady } from '../stage/services.ts';
import { redisFor } from '../stage/stores.ts';
import { type LoadReport, letVote } from '../stage/voters.ts';
import { spreadOf } from '../summary.ts';

const phonesAtFullSize = 10_000;
/** A vote service keeps 10,000 connections, and voters need some of them. */
const mostConnections = 5_000;
const warmUpSeconds = 2;

/** What it costs that each phone in a room asks every few seconds what is on. */
export const asking: Scenario = {
  name: 'asking',
  measures: `processor time of one vote service while ${phonesAtFullSize.toLocaleString('en')} phones ask it every 2.0 to 2.6 s whether their page is still right, and accepted votes a second beside that`,
  ceiling: 'accepted votes a second by the same service while no phone asks',

  async run({ rounds, seconds, size }, say) {
    await using stage = new AsyncDisposableStack();
    const redis = await redisFor(stage);
    const vote = stage.use(await startReady('vote', { REDIS_URL: redis.url }));
    const phones = Math.ceil(phonesAtFullSize * size);
    const all = { phones, connections: Math.min(phones, mostConnections) };
    const rate = ({ acknowledged, seconds: took }: LoadReport) => acknowledged / took;
    const letAsk = <Outcome>(work: () => Promise<Outcome>) => whilePhonesAsk(vote.address, all, work);

    const asked: number[] = [];
    const behind: number[] = [];
    const shares: number[] = [];
    const ofPhones: number[] = [];
    const without: number[] = [];
    const beside: number[] = [];
    await letVote(vote.address, { seconds: warmUpSeconds });
    for (let round = 1; round <= rounds; round++) {
      const idle = await shareOfCore(vote, () => pause(seconds * 1_000));
      const alone = await letAsk(() => shareOfCore(vote, () => pause(seconds * 1_000)));
      const { 304: unchanged = 0, 503: late = 0 } = alone.answers;
      asked.push((unchanged + late) / alone.seconds);
      behind.push((100 * late) / (unchanged + late));
      ofPhones.push(alone.processorSeconds / alone.seconds);
      shares.push(alone.outcome - idle);
      without.push(rate(await letVote(vote.address, { seconds })));
      beside.push(rate((await letAsk(() => letVote(vote.address, { seconds }))).outcome));
      say(
        `round ${round}: ${asked.at(-1)?.toFixed(0)} asked a second, ${shares.at(-1)?.toFixed(2)} of a core; ${beside.at(-1)?.toFixed(0)} of ${without.at(-1)?.toFixed(0)} votes a second`,
      );
    }
    const median = (values: readonly number[]) => spreadOf(values)?.median ?? 0;
    const cost = (median(shares) / median(asked)) * 1e6;
    return {
      measures: [
        { what: 'questions answered', unit: 'a second', ours: asked, ceiling: [] },
        { what: 'of these with 503', unit: '%', ours: behind, ceiling: [] },
        { what: 'processor time for them', unit: 'of a core', ours: shares, ceiling: [] },
        { what: 'accepted votes beside them', unit: 'a second', ours: beside, ceiling: without },
      ],
      totals: 'not counted here: the scenario "accept" does',
      notes: [
        'a phone is answered 304, or 503 when the service has not heard from Redis for a second, which happens when it is short of processor time',
        `${phones.toLocaleString('en')} phones share ${all.connections.toLocaleString('en')} connections, each with one request under way at a time`,
        `a question takes the vote service ${cost.toFixed(0)} µs; the program that plays the phones takes ${median(ofPhones).toFixed(2)} of a core of the same machine, which votes beside them miss too`,
      ],
    };
  },
};

/** The processor time that the service uses a second meanwhile. */
async function shareOfCore(service: { readonly ops: string }, work: () => Promise<unknown>): Promise<number> {
  const before = await processorSeconds(service);
  const start = performance.now();
  await work();
  return ((await processorSeconds(service)) - before) / ((performance.now() - start) / 1_000);
}
