import type { Place } from './address.ts';
import type { HostAnswer, HostClient } from './host-client.ts';
import { CannotBegin, insist } from './patience.ts';
import type { Plan } from './plan.ts';

/** Where test votes never mix with real ones. */
export const ownRoom = 'seed';

export interface OwnPollConfig {
  readonly plan: Plan;
  /** How long what fails is tried again. */
  readonly patienceMs: number;
  readonly now: Date;
}

/**
 * Makes a poll for the votes of a plan, opens it, and has it on in the room of test votes, which is made when it is not there.
 *
 * @throws {CannotBegin}
 */
export async function makeOwnPoll(
  { plan, patienceMs, now }: OwnPollConfig,
  host: HostClient,
  stopped: AbortSignal,
): Promise<Place> {
  const post = (path: string, body: object) => insist(() => host.post(path, body), patienceMs, stopped);
  expectDone(await post('/api/rooms', { id: ownRoom, title: 'Test votes' }), 'room_taken');
  const polls = `/api/rooms/${ownRoom}/polls`;
  const added = expectDone(await post(polls, pollFor(plan, now)));
  const poll = String(added.json?.id);
  // nobody else knows of it: when it is open already, the answer to an earlier try was lost
  expectDone(await post(`${polls}/${poll}/open`, {}), 'poll_state');
  return { room: ownRoom, poll };
}

/** @throws {CannotBegin} unless it was done, or refused because it is done already */
function expectDone(answer: HostAnswer, done?: string): HostAnswer {
  const { status, json } = answer;
  if (status < 300 || json?.code === done) return answer;
  throw new CannotBegin(`The host service refuses (${json?.code}): ${json?.detail ?? `HTTP ${status}`}`);
}

/** Options up to the last that the plan names: a poll has them without gaps, and at least two. */
function pollFor({ votes }: Plan, now: Date): { question: string; options: string[] } {
  const last = Math.max(...[...votes.keys()].map((option) => option.charCodeAt(0) - 'a'.charCodeAt(0)));
  const options = Array.from(
    { length: Math.max(2, last + 1) },
    (_, i) => `Option ${String.fromCharCode(65 + i)}`,
  );
  return { question: `Test votes of ${now.toISOString().slice(0, 19).replace('T', ' ')} UTC`, options };
}
