import type { Definition } from './definition.ts';
import { gateOf } from './gate.ts';
import type { Definitions } from './ports/definitions.ts';
import type { Gates } from './ports/gates.ts';
import type { PollStore } from './ports/polls.ts';

/** The two sides of a queue on which a poll has to be known. */
export interface Announcements {
  readonly gates: Gates;
  readonly definitions: Definitions;
}

/**
 * Makes rooms and polls known as the store has them: first to what takes or refuses votes, then to those who show them, so
 * that nobody is shown a poll that would refuse as unknown. Harmless in any order and any number of times.
 *
 * @throws {VotingError} `queue_unavailable`; to be announced again
 */
export async function announce(
  news: readonly Definition[],
  { gates, definitions }: Announcements,
): Promise<void> {
  await Promise.all(news.map((definition) => setGate(definition, gates)));
  await definitions.post(news);
}

/**
 * Announces the rooms and polls that have changed in the store and are not known to be announced. Whoever changes them does so
 * at once, and a worker what others have left undone, or what counting finds out.
 *
 * @throws {VotingError} `queue_unavailable` and `store_unavailable`; to be done again
 */
export async function announceChanges(
  store: Pick<PollStore, 'unannounced' | 'announced'>,
  announcements: Announcements,
): Promise<void> {
  const news = await store.unannounced();
  if (news.length === 0) return;
  await announce(news, announcements);
  await store.announced(news);
}

async function setGate(definition: Definition, gates: Gates): Promise<void> {
  if (definition.kind === 'room') return;
  if (definition.poll === undefined) return gates.remove(definition.id);
  const gate = gateOf(definition.poll);
  if (gate !== undefined) await gates.post(gate);
}
