/** What must notice a defect: a file of tests, or a drill. */
export type Check = 'drill' | `${string}.test.ts`;

/** A mistake somebody could make, as a small change of the code. */
export interface Defect {
  readonly name: string;
  readonly file: string;
  /** As it is; occurs once in the file. */
  readonly right: string;
  readonly wrong: string;
  /**
   * Each of these has to notice it. A drill sees a defect only when a fault meets it, so beside a file of tests
   * it may miss it.
   */
  readonly noticedBy: readonly Check[];
}

const worker = 'worker/test/worker.test.ts';
const casting = 'vote/test/vote.test.ts';
const result = 'result/test/result.test.ts';
const store = 'packages/store/test/pglite.test.ts';
const postgres = 'packages/store/test/postgres.test.ts';
const consumer = 'packages/queue/test/redis-consumer.test.ts';
const redisFaults = 'packages/queue/test/redis-faults.test.ts';

export const defects: readonly Defect[] = [
  {
    name: 'a vote is acknowledged to the queue before it is stored',
    file: 'worker/src/counting.ts',
    right: 'const stored = await record(countable, shard);',
    wrong:
      "await patiently('queue', () => consumer.ack(countable)); const stored = await record(countable, shard);",
    noticedBy: [worker, 'drill'],
  },
  {
    name: 'the voter is answered before Redis has the vote',
    file: 'vote/src/casting.ts',
    right: 'await append({ poll: poll.id, voter: voter.id, option }, span);',
    wrong: 'append({ poll: poll.id, voter: voter.id, option }, span).catch(() => {});',
    noticedBy: [casting, 'drill'],
  },
  {
    name: 'an older vote replaces a newer one',
    file: 'packages/store/sql/record.sql',
    right: 'WHERE votes.seq < excluded.seq',
    wrong: 'WHERE true',
    noticedBy: [store, 'drill'],
  },
  {
    name: 'a change of mind is added and not taken away from the former choice',
    file: 'packages/store/sql/record.sql',
    right: 'SELECT before, -1 FROM stored WHERE before IS NOT NULL',
    wrong: 'SELECT before, 0 FROM stored WHERE before IS NOT NULL',
    noticedBy: [store, 'drill'],
  },
  {
    name: 'votes and tallies move in two transactions',
    file: 'packages/store/src/vote-store.ts',
    right: 'const [row] = await driver.query<Recorded>(sql.record, [',
    wrong: `const retally = () => driver.query(sql.retally, [poll]);
        setImmediate(() => retally().catch(() => {}));
        const [row] = await driver.query<Recorded>(sql.record.replace('FROM moves ORDER', 'FROM moves WHERE false ORDER'), [`,
    noticedBy: [store],
  },
  {
    name: 'of several votes by one voter in a batch the oldest wins',
    file: 'packages/store/src/newest-votes.ts',
    right: 'other.sequence < vote.sequence',
    wrong: 'other.sequence > vote.sequence',
    noticedBy: [store, 'drill'],
  },
  {
    name: 'a batch is not sorted, so that workers deadlock',
    file: 'packages/store/src/newest-votes.ts',
    right: '.sort((one, other) => (one.voter < other.voter ? -1 : 1))',
    wrong: '',
    noticedBy: [postgres],
  },
  {
    name: 'changes are not announced',
    file: 'packages/store/sql/record.sql',
    right: "SELECT count(pg_notify('tallies', $1))",
    wrong: 'SELECT count($1)',
    noticedBy: [store],
  },
  {
    name: 'tallies are mended while others record',
    file: 'packages/store/src/vote-store.ts',
    right: "await session.script(sql['hold-still']);",
    wrong: '',
    noticedBy: [postgres],
  },
  {
    name: 'a connection in use may end the process when it breaks',
    file: 'packages/store/src/postgres/driver.ts',
    right: "pool.on('connect', (client) => client.on('error', () => {}));",
    wrong: '',
    noticedBy: [postgres],
  },
  {
    name: 'listening ends for good when its connection breaks',
    file: 'packages/store/src/postgres/listening.ts',
    right: 'await reconnect();',
    wrong: 'return;',
    noticedBy: [postgres],
  },
  {
    name: 'votes that a dead worker held are not taken over',
    file: 'packages/queue/src/redis/consumer.ts',
    right: 'if (isEmpty()) await claim(count);',
    wrong: '',
    noticedBy: [consumer],
  },
  {
    name: 'votes in an answer that never came are forgotten',
    file: 'packages/queue/src/redis/partition.ts',
    right: `      seenAgain = beginning;
      throw error;`,
    wrong: '      throw error;',
    noticedBy: [redisFaults],
  },
  {
    name: 'the stream is trimmed beyond what is counted',
    file: 'packages/queue/src/redis/trimming.ts',
    right: "oldest ?? idAfter(info['last-delivered-id'])",
    wrong: "idAfter(info['last-delivered-id'])",
    noticedBy: [consumer],
  },
  {
    name: 'an uncountable entry is acknowledged before it is copied to the dead letters',
    file: 'packages/queue/src/redis/dead-letters.ts',
    right: "  await redis.send(dead, ['XADD'",
    wrong: "  await redis.send(stream, ['XACK', stream, group, id]);\n  await redis.send(dead, ['XADD'",
    noticedBy: [consumer],
  },
  {
    name: 'one vote that the store refuses holds up all others',
    file: 'worker/src/counting.ts',
    right: 'if (votes.length === 1) {',
    wrong: 'if (votes.length > 1) throw error; {',
    noticedBy: [worker],
  },
  {
    name: 'a vote that comes late is taken behind the next one of its voter',
    file: 'packages/queue/src/redis/append.lua',
    right: 'if deadline and now > deadline then',
    wrong: 'if deadline and now > deadline + 3600000 then',
    noticedBy: [redisFaults],
  },
  {
    name: 'the time that Redis told is taken for its time when it was asked',
    file: 'packages/queue/src/redis/appender.ts',
    right: 'clockAhead = now - performance.now();',
    wrong: 'clockAhead = now - since;',
    noticedBy: [redisFaults],
  },
  {
    name: 'a vote is said to have failed while it may still arrive',
    file: 'packages/queue/src/redis/appender.ts',
    right: 'if (!isSettled(error)) await',
    wrong: 'if (isSettled(error) && !isSettled(error)) await',
    noticedBy: [redisFaults],
  },
  {
    name: 'a vote that was refused is sent when the connection is back',
    file: 'packages/queue/src/redis/link.ts',
    right: 'disableOfflineQueue: true',
    wrong: 'disableOfflineQueue: false',
    noticedBy: [redisFaults],
  },
  {
    name: 'a vote is taken from whoever has hung up',
    file: 'vote/src/hung-up.ts',
    right: 'return socket.destroyed || socket.readableEnded;',
    wrong: 'return socket === undefined;',
    noticedBy: [casting],
  },
  {
    name: 'the number that waits is believed although Redis has lost count',
    file: 'packages/queue/src/redis/backlog.ts',
    right: 'undelivered === undefined ? 0 :',
    wrong: "undelivered === '' ? 0 :",
    noticedBy: [consumer],
  },
  {
    name: 'a cookie that nobody signed is believed',
    file: 'vote/src/voter-cookie.ts',
    right: 'if (signatures.some(',
    wrong: "if (signature !== '' || signatures.some(",
    noticedBy: [casting],
  },
  {
    name: 'results are read before changes are listened for',
    file: 'result/src/feed.ts',
    right: 'changed = Promise.withResolvers<void>();\n        await read();',
    wrong: 'await read();\n        changed = Promise.withResolvers<void>();',
    noticedBy: [result],
  },
];
