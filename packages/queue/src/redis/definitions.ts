import { randomUUID } from 'node:crypto';
import type { Definition } from '@voting/core';
import type { RedisStreams } from './config.ts';
import type { RedisConnection } from './connection.ts';
import { readScript } from './script.ts';
import { changesKey, definitionsKey } from './streams.ts';
import { type Fields, forgetFields, readFields } from './unstored.ts';

/** Definitions of one call at most: Redis does nothing else meanwhile. */
const mostDefinitions = 200;

const posting = readScript('./allow-oom.lua', './post-definitions.lua');
const founding = readScript('./life.lua', './found-definitions.lua');
const following = readScript('./life.lua', './follow-definitions.lua');

/** What a follower knows: of which founding, and up to which change of it. */
export interface Position {
  readonly founding: string;
  readonly change: number;
}

export interface News {
  /** Unix milliseconds by Redis' clock. */
  readonly time: number;
  readonly position: Position;
  /** All that there are, or those that have changed since the position that was asked with. */
  readonly definitions: readonly Definition[];
}

/** The definitions as Redis has them, in a hash, and the latest of their changes in a stream. */
export function openDefinitions(redis: RedisConnection, streams: RedisStreams, deadlineMs: number) {
  const keys = [definitionsKey(streams), changesKey(streams)] as const;
  const until = () => performance.now() + deadlineMs;

  async function post(definitions: readonly Definition[]): Promise<void> {
    for (let from = 0; from < definitions.length; from += mostDefinitions) {
      const args = definitions
        .slice(from, from + mostDefinitions)
        .flatMap((definition) => [
          nameOf(definition),
          String(definition.revision),
          JSON.stringify(definition),
        ]);
      await posting.run(redis, keys, args, until());
    }
  }

  return {
    post,
    /** Whether Redis has all of them, as somebody has found in this life of its data. */
    async areFounded(): Promise<boolean> {
      return (await founding.run(redis, keys, ['look'], until())) === 1;
    },
    /**
     * Sees to it that Redis has all of them as the store has them, and none besides.
     *
     * @param all those of the store
     */
    async found(all: () => Promise<readonly Definition[]>): Promise<void> {
      const before = await readFields(redis, keys[0]);
      const stored = await all();
      const unstored = unstoredAmong(before, stored);
      await forgetFields(redis, keys[0], unstored, deadlineMs);
      await post(stored);
      if (unstored.size === 0 && (await this.areFounded())) return;
      // those who follow take all of them anew
      await founding.run(redis, keys, ['found', randomUUID()], until());
    },
    /** @throws when nobody has founded them, or not since Redis lost them or failed over */
    async since(position: Position | undefined): Promise<News> {
      const args = [position?.founding ?? '', String(position?.change ?? 0)];
      const [time, name, change, ...texts] = (await following.run(redis, keys, args, until())) as [
        number,
        string,
        number,
        ...string[],
      ];
      return {
        time,
        position: { founding: name, change },
        definitions: texts.map((text) => JSON.parse(text) as Definition),
      };
    },
  };
}

function nameOf({ kind, id }: Pick<Definition, 'kind' | 'id'>): string {
  return `${kind} ${id}`;
}

/** Of fields that were read before the store was: those that it does not know, or not any more. */
function unstoredAmong(fields: Fields, stored: readonly Definition[]): Fields {
  const known = new Map(stored.map((definition) => [nameOf(definition), definition]));
  return new Map(
    [...fields].filter(([name, field]) => {
      // the others are notes
      if (!name.includes(' ')) return false;
      const definition = known.get(name);
      const [, revision, text] = /^(\d+) (.*)$/s.exec(field) ?? [];
      if (definition === undefined) return !isRemoval(text ?? '');
      return Number(revision) >= definition.revision && text !== JSON.stringify(definition);
    }),
  );
}

function isRemoval(text: string): boolean {
  const definition = JSON.parse(text) as Definition;
  return definition.kind === 'room' ? definition.room === undefined : definition.poll === undefined;
}
