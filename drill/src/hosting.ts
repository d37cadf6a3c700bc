import type { Act } from './acts.ts';
import type { Doubts } from './finality.ts';
import { createHostClient } from './host-client.ts';
import type { Incident } from './incidents.ts';
import type { Violation } from './ledger.ts';
import type { DrillPoll, Polls } from './polls.ts';
import { createRandom } from './random.ts';
import { createRoomHost, describePoll, type RoomHost } from './room-host.ts';
import type { System } from './system.ts';

/** The hosts of a few rooms, who open, close, open again, move on and remove, whatever else happens. */
export interface Hosting {
  /** Lets them run their rooms until `rest`. */
  start(): void;
  /** Resolves when nobody does anything any more, and all that was closed is final. */
  rest(): Promise<void>;
  /** The rooms that they have made. */
  readonly rooms: readonly string[];
  /** The poll that is on in a room; null when none is. */
  onIn(room: string): Promise<string | null>;
  readonly doubts: Doubts;
  /** What they have done, and with which poll or in which room. */
  readonly past: readonly Deed[];
  /** Requests that had to be made again. */
  readonly repeated: number;
  readonly violations: readonly PollViolation[];
  /** Everything else that is not as promised, in sentences. */
  readonly faults: readonly string[];
}

export interface Deed extends Incident {
  readonly kind: Act;
}

export interface PollViolation extends Violation {
  readonly poll: string;
}

export interface HostingDeps {
  readonly system: System;
  readonly polls: Polls;
  readonly seed: number;
  /** Milliseconds since the start of the drill. */
  readonly now: () => number;
}

/** One has a code instead of a name. */
const titles = ['Hall', 'Stage', 'Class of the code'];
const named = 2;
/** So that they draw other numbers than the faults and the voters. */
const seedOfHosts = 1_000;

/** Makes the rooms, while nothing goes wrong yet. */
export async function openHosting({ system, polls, seed, now }: HostingDeps): Promise<Hosting> {
  const client = createHostClient(system.host.address);
  const past: Deed[] = [];
  const [violations, faults]: [PollViolation[], string[]] = [[], []];
  const doubts: Doubts = {
    violations(poll, found) {
      violations.push(...found.map((violation) => ({ ...violation, poll: describePoll(poll) })));
    },
    fault(poll: DrillPoll, what: string) {
      faults.push(`${describePoll(poll)}: ${what}`);
    },
  };
  const rooms: string[] = [];
  for (const [i, title] of titles.entries()) rooms.push(await makeRoom(title, i < named));
  const hosts: RoomHost[] = rooms.map((room, i) =>
    createRoomHost(room, {
      client,
      system,
      polls,
      random: createRandom(seed + seedOfHosts + i),
      doubts,
      begin(kind) {
        const from = now();
        return (target) => past.push({ kind, target, from, to: now() });
      },
    }),
  );
  let stopping = new AbortController();
  let running: Promise<unknown> = Promise.resolve();

  async function makeRoom(title: string, isNamed: boolean): Promise<string> {
    interface Rooms {
      readonly rooms?: readonly { readonly id: string; readonly title: string }[];
    }
    const made = (list: Rooms | undefined) => list?.rooms?.find((room) => room.title === title);
    const content = { title, ...(isNamed && { id: title.toLowerCase() }) };
    const path = '/api/rooms';
    const list = await client.bring<Rooms>(
      path,
      (seen) => made(seen) !== undefined,
      () => ({ method: 'POST', path, content }),
    );
    return made(list)?.id as string;
  }

  return {
    start() {
      stopping = new AbortController();
      const { signal } = stopping;
      running = Promise.all(
        hosts.map((host) => host.run(signal).catch((error: Error) => faults.push(error.message))),
      );
    },
    async rest() {
      stopping.abort();
      await running;
    },
    rooms,
    async onIn(room) {
      return (await client.look<{ readonly on: string | null }>(`/api/rooms/${room}`))?.on ?? null;
    },
    doubts,
    past,
    get repeated() {
      return client.repeated;
    },
    violations,
    get faults() {
      return [...faults, ...client.strange];
    },
  };
}
