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
const viewers = 'result/test/viewers.test.ts';
const postgres = 'packages/store/test/postgres.test.ts';
const roles = 'packages/store/test/postgres-roles.test.ts';
const hosting = 'host/test/hosting.test.ts';
const hostServer = 'host/test/server.test.ts';
const deaths = 'tests/embedded-deaths.test.ts';
const sqlite = 'packages/store/test/sqlite.test.ts';
const consumer = 'packages/queue/test/redis-consumer.test.ts';
const contract = 'packages/queue/test/redis-contract.test.ts';
const recordBatches = 'packages/queue/test/record-batches.test.ts';
const clocks = 'packages/queue/test/redis-clocks.test.ts';
const redisFaults = 'packages/queue/test/redis-faults.test.ts';
const directory = 'packages/queue/test/redis-directory.test.ts';

export const defects: readonly Defect[] = [
  {
    name: 'a vote that names another edition is taken for what has its letter now',
    file: 'vote/src/requested-vote.ts',
    right: "throw new VotingError('poll_changed');",
    wrong: '',
    noticedBy: [casting],
  },
  {
    name: 'a poll with votes takes other texts',
    file: 'packages/store/src/poll-row.ts',
    right: 'row.voted ? redefine(stored, declared) : declared',
    wrong: 'declared as ReturnType<typeof redefine>',
    noticedBy: [postgres, sqlite],
  },
  {
    name: 'a vote is acknowledged to the queue before it is stored',
    file: 'worker/src/counting.ts',
    right: 'const committed = traceBatch(deps.tracing, countable);',
    wrong:
      "await patiently('queue', () => consumer.ack(countable)); const committed = traceBatch(deps.tracing, countable);",
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
    file: 'packages/store/sql/postgres/record.sql',
    right: 'WHERE votes.seq < excluded.seq',
    wrong: 'WHERE true',
    noticedBy: [postgres, 'drill'],
  },
  {
    name: 'a change of mind is added and not taken away from the former choice',
    file: 'packages/store/sql/postgres/record.sql',
    right: 'SELECT poll, before, -1 FROM stored WHERE before IS NOT NULL',
    wrong: 'SELECT poll, before, 0 FROM stored WHERE before IS NOT NULL',
    noticedBy: [postgres, 'drill'],
  },
  {
    name: 'votes and tallies move in two transactions',
    file: 'packages/store/src/postgres/vote-store.ts',
    right: 'const [row] = await driver.query<Recorded>(sql.record, parametersOf(',
    wrong: `const retally = async () => {
          await driver.query(sql['forget-tallies'], [poll]);
          await driver.query(sql.retally, [poll]);
        };
        setImmediate(() => retally().catch(() => {}));
        const [row] = await driver.query<Recorded>(sql.record.replace('FROM moves ORDER', 'FROM moves WHERE false ORDER'), parametersOf(`,
    noticedBy: [postgres],
  },
  {
    name: 'an older vote replaces a newer one (SQLite)',
    file: 'packages/store/sql/sqlite/store.sql',
    right: 'WHERE votes.seq < excluded.seq',
    wrong: 'WHERE true',
    noticedBy: [sqlite],
  },
  {
    name: 'a change of mind is added and not taken away from the former choice (SQLite)',
    file: 'packages/store/src/sqlite/votes.ts',
    right: 'move(before, -1);',
    wrong: '',
    noticedBy: [sqlite],
  },
  {
    name: 'a vote in one process is answered before it is on the disk',
    file: 'packages/store/src/sqlite/database.ts',
    right: 'PRAGMA synchronous = FULL;',
    wrong: 'PRAGMA synchronous = NORMAL;',
    noticedBy: [deaths],
  },
  {
    name: 'two processes may open one data folder',
    file: 'packages/store/src/sqlite/database.ts',
    right: 'PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; COMMIT',
    wrong: 'SELECT 1',
    noticedBy: ['packages/store/test/sqlite-lock.test.ts'],
  },
  {
    name: 'a data folder that has lost its database begins at zero',
    file: 'packages/store/src/sqlite/data-folder.ts',
    right: 'there.has(voterSecret) || there.has(open)',
    wrong: 'there.has(former)',
    noticedBy: ['packages/store/test/sqlite-folder.test.ts'],
  },
  {
    name: 'a database is not checked after a stop that was not orderly',
    file: 'packages/store/src/sqlite/database.ts',
    right: 'if (!orderly) check(connection, path);',
    wrong: '',
    noticedBy: ['packages/store/test/sqlite-folder.test.ts'],
  },
  {
    name: 'of several votes by one voter in a batch the oldest wins',
    file: 'packages/store/src/batch.ts',
    right: 'other.sequence < vote.sequence',
    wrong: 'other.sequence > vote.sequence',
    noticedBy: [postgres, 'drill'],
  },
  {
    name: 'a batch is not sorted, so that workers deadlock',
    file: 'packages/store/src/batch.ts',
    right: '[...newest.keys()].sort()',
    wrong: '[...newest.keys()]',
    noticedBy: [postgres],
  },
  {
    name: 'changes are not announced',
    file: 'packages/store/sql/postgres/record.sql',
    right: "count(pg_notify('tallies', poll))",
    wrong: 'count(poll)',
    noticedBy: [postgres],
  },
  {
    name: 'tallies are mended while others record',
    file: 'packages/store/src/postgres/vote-store.ts',
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
    right: 'if (isEmpty()) await claim(each);',
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
    name: 'an entry is acknowledged when the first of its votes is',
    file: 'packages/queue/src/redis/held-entries.ts',
    right: 'if (entry.open.size > 0) {',
    wrong: 'if (entry.open.size === entry.votes) {',
    noticedBy: [contract],
  },
  {
    name: 'votes are taken off those that wait although their entry was acknowledged before',
    file: 'packages/queue/src/redis/acknowledge.lua',
    right:
      "settled = settled + votes * redis.call('XACK', KEYS[1], ARGV[1], unpack(ARGV, i + 2, i + 1 + entries))",
    wrong:
      "redis.call('XACK', KEYS[1], ARGV[1], unpack(ARGV, i + 2, i + 1 + entries))\n  settled = settled + votes * entries",
    noticedBy: [recordBatches],
  },
  {
    name: 'nothing can be acknowledged while Redis has no memory left',
    file: 'packages/queue/src/redis/acknowledge.lua',
    right: '#!lua flags=allow-oom',
    wrong: '#!lua',
    noticedBy: [redisFaults],
  },
  {
    name: 'a stream whose clock stands still runs into the places of the next millisecond',
    file: 'packages/queue/src/redis/append.lua',
    right: 'if tonumber(counter) >= 2047 then',
    wrong: 'if tonumber(counter) < 0 then',
    noticedBy: [recordBatches],
  },
  {
    name: 'votes of the first version get a higher place than they were stored with',
    file: 'packages/queue/src/redis/entries.ts',
    right: '  return sequenceAt(ms, 0, counter);',
    wrong: '  return sequenceAt(ms, counter);',
    noticedBy: [recordBatches],
  },
  {
    name: 'one vote that the store refuses holds up all others',
    file: 'worker/src/recording.ts',
    right: '      await trustTable(votes[0] as Delivery, shard, error);',
    wrong:
      '      if (votes.length > 1) throw error;\n      await trustTable(votes[0] as Delivery, shard, error);',
    noticedBy: [worker],
  },
  {
    name: 'a vote that comes late is taken behind the next one of its voter',
    file: 'packages/queue/src/redis/append.lua',
    right: 'now > tonumber(ARGV[3])',
    wrong: 'now > tonumber(ARGV[3]) + 3600000',
    noticedBy: [redisFaults],
  },
  {
    name: 'Redis is given more time for a vote than its voter waits',
    file: 'packages/queue/src/redis/clock.ts',
    right: 'heard + moment - heardAt',
    wrong: 'heard + 2_000 + moment - heardAt',
    noticedBy: [redisFaults],
  },
  {
    name: 'a stream goes on below what is stored when it was lost or left behind',
    file: 'packages/queue/src/redis/found.lua',
    right: "  if behind then\n    redis.call('XSETID'",
    wrong: "  if false then\n    redis.call('XSETID'",
    noticedBy: [clocks],
  },
  {
    name: 'votes are taken into a stream that no worker has founded',
    file: 'packages/queue/src/redis/append.lua',
    right: '~= founding_note(ARGV[1]) then',
    wrong: "== ARGV[1] .. ' another life' then",
    noticedBy: [clocks],
  },
  {
    name: 'a poll that has closed by its schedule opens again when the clock of Redis is set back',
    file: 'packages/queue/src/redis/gate.lua',
    right: '    gate.seal = last_id(stream)\n    keep_gate(gates, poll, gate)',
    wrong: '    gate.seal = last_id(stream)',
    noticedBy: [clocks],
  },
  {
    name: 'a closed poll opens again when its gate is posted once more',
    file: 'packages/queue/src/redis/post-gates.lua',
    right: "  if gate.opening == opening and gate.seal == '-' then",
    wrong: "  if gate.opening == opening then\n    gate.seal = '-'",
    noticedBy: [contract],
  },
  {
    name: 'the gate of an earlier opening replaces that of a later one',
    file: 'packages/queue/src/redis/post-gates.lua',
    right: 'gate.opening < opening then',
    wrong: 'gate.opening ~= opening then',
    noticedBy: [contract],
  },
  {
    name: 'a poll is called final while votes that were taken before are still to be counted',
    file: 'packages/queue/src/redis/closings.lua',
    right: "    and #redis.call('XPENDING', KEYS[1], ARGV[1], '-', seal, 1) == 0\n",
    wrong: '',
    noticedBy: [contract],
  },
  {
    name: 'a stream is founded without the gates that Redis has lost',
    file: 'packages/queue/src/redis/foundation.ts',
    right: '    await foundGates(redis, stream, storedPolls, config.deadlineMs);\n',
    wrong: '',
    noticedBy: [redisFaults],
  },
  {
    name: 'a schedule that was changed comes back with old news',
    file: 'packages/queue/src/redis/post-gates.lua',
    right: '    if revision >= gate.revision then',
    wrong: '    if true then',
    noticedBy: [contract],
  },
  {
    name: 'what a store that was restored does not know is known on',
    file: 'packages/queue/src/redis/definitions.ts',
    right: '      await forgetFields(redis, keys[0], unstored, deadlineMs);\n',
    wrong: '',
    noticedBy: [directory],
  },
  {
    name: 'a directory never says that it may be behind',
    file: 'packages/queue/src/redis/directory.ts',
    right: 'return performance.now() - heardAt < staleAfterMs;',
    wrong: 'return heardAt > 0;',
    noticedBy: [directory],
  },
  {
    name: 'a poll is removed while votes for it may come',
    file: 'packages/store/src/poll-steps.ts',
    right: "if (state !== 'draft' && !final)",
    wrong: 'if (false)',
    noticedBy: [postgres, sqlite],
  },
  {
    name: 'a refused poll takes those down that came with it',
    file: 'packages/queue/src/redis/append.lua',
    right: "  answer[#answer + 1] = why or ''",
    wrong: "  if why then return { now, why } end\n  answer[#answer + 1] = ''",
    noticedBy: [contract],
  },
  {
    name: 'a replica that takes over is taken for the master that it was a copy of',
    file: 'packages/queue/src/redis/life.lua',
    right: "return former .. ':' .. since",
    wrong: "return 'always the same'",
    noticedBy: [clocks],
  },
  {
    name: 'nobody notices that the clock of Redis was set back',
    file: 'packages/queue/src/redis/append.lua',
    right: 'now < tonumber(ARGV[2]) or ',
    wrong: '',
    noticedBy: [clocks],
  },
  {
    name: 'the consumer measures time by the clock on the wall',
    file: 'packages/queue/src/redis/consumer.ts',
    right: '  const { onError } = deps;',
    wrong: '  const { onError } = deps;\n  const performance = { now: () => Date.now() };',
    noticedBy: [clocks],
  },
  {
    name: 'an entry cannot be buried when its group is gone',
    file: 'packages/queue/src/redis/dead-letters.ts',
    right: 'if (isGroupMissing(error)) return undefined;',
    wrong: '',
    noticedBy: [consumer],
  },
  {
    name: 'a batch that the store does not take in time is tried again as it is',
    file: 'worker/src/batch-size.ts',
    right: 'size = Math.max(1, Math.min(size, Math.floor(votes / 2)));',
    wrong: 'size = Math.max(size, votes);',
    noticedBy: [worker],
  },
  {
    name: 'votes are buried for a fault of the table',
    file: 'worker/src/recording.ts',
    right: "if (!(await store.wouldStore(twin, shard))) throw new VotingError('store_refuses', { cause });",
    wrong: 'await store.wouldStore(twin, shard);',
    noticedBy: [worker],
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
    name: 'what somebody has written or deleted by hand is counted as waiting for good',
    file: 'packages/queue/src/redis/found.lua',
    right: "    redis.call('SET', KEYS[3], '0')",
    wrong: '',
    noticedBy: [consumer],
  },
  {
    name: 'votes that come again with a new group are not counted as waiting',
    file: 'packages/queue/src/redis/found.lua',
    right: 'if not group or not waiting then',
    wrong: 'if not waiting then',
    noticedBy: [recordBatches],
  },
  {
    name: 'a voter has the same id in every poll',
    file: 'packages/store/src/stored-voter.ts',
    right: "time.toString('base64url', 0, timeBytes) + own.slice(0, hashLetters)",
    wrong: 'voter',
    noticedBy: [postgres, sqlite],
  },
  {
    name: 'votes that are there go on under other ids',
    file: 'packages/store/sql/add-poll.sql',
    right: 'NOT EXISTS (SELECT 1 FROM tallies WHERE poll = $1)',
    wrong: '1 = 1',
    noticedBy: [postgres],
  },
  {
    name: 'a cookie that nobody signed is believed',
    file: 'vote/src/voter-cookie.ts',
    right: 'if (key === -1) continue;',
    wrong: '',
    noticedBy: [casting],
  },
  {
    name: 'what a viewer does not take is kept for it',
    file: 'result/src/lines.ts',
    right: 'return io.to(room).except(behind);',
    wrong: "return io.to(room).except('');",
    noticedBy: [viewers],
  },
  {
    name: 'a viewer who takes nothing more is never sent away',
    file: 'result/src/lines.ts',
    right: 'else if (performance.now() - from > longestBehindMs) hangUp(viewer.conn);',
    wrong: '',
    noticedBy: [viewers],
  },
  {
    name: 'results are read before changes are listened for',
    file: 'result/src/feed.ts',
    right: 'news = Promise.withResolvers<void>();\n        await readNews();',
    wrong: 'await readNews();\n        news = Promise.withResolvers<void>();',
    noticedBy: [result],
  },
  {
    name: 'the reader may write',
    file: 'packages/store/sql/postgres/rights.sql',
    right:
      'GRANT SELECT ON tallies, timeline, pipeline, polls, rooms, schema_versions TO voting_reader, voting_host;',
    wrong:
      'GRANT SELECT, UPDATE ON tallies, timeline, pipeline, polls, rooms, schema_versions TO voting_reader, voting_host;',
    noticedBy: [roles],
  },
  {
    name: 'older code takes back the rights that newer code has given',
    file: 'packages/store/src/postgres/roles.ts',
    right: 'if (!(await isNewer(session, migrations))) await',
    wrong: 'await',
    noticedBy: [roles],
  },
  {
    name: 'the host may read who voted for what',
    file: 'packages/store/sql/postgres/rights.sql',
    right: 'GRANT INSERT, UPDATE ON polls, rooms TO voting_host;',
    wrong: 'GRANT INSERT, UPDATE ON polls, rooms TO voting_host; GRANT SELECT ON votes TO voting_host;',
    noticedBy: [roles],
  },
  {
    name: 'a poll is closed in the store although the queue takes votes',
    file: 'host/src/polls.ts',
    right: 'await gates.post(gateOf(over) as Gate);',
    wrong: 'await gates.post(gateOf(over) as Gate).catch(() => {});',
    noticedBy: [hosting, hostServer],
  },
  {
    name: 'a host overwrites what another has changed',
    file: 'host/src/revisions.ts',
    right: 'if (seen !== undefined && kept.revision !== seen) throw',
    wrong: 'if (seen !== undefined && seen < 0) throw',
    noticedBy: [hosting, hostServer],
  },
  {
    name: 'a poll that was opened takes other texts from a host',
    file: 'host/src/poll-content.ts',
    right: 'if (poll.openings === 0) return told;',
    wrong: "if (poll.state !== 'closed') return told;",
    noticedBy: [hosting, hostServer],
  },
  {
    name: 'a session is believed whoever signed it',
    file: 'host/src/sessions.ts',
    right: 'if (expected === undefined || !matches(signature, expected)) continue;',
    wrong: 'if (expected === undefined) continue;',
    noticedBy: [hostServer],
  },
  {
    name: 'another site may use the session of a host',
    file: 'host/src/access.ts',
    right: "if (isCrossSite(request.headers)) throw new VotingError('cross_site');",
    wrong: 'void isCrossSite;',
    noticedBy: [hostServer],
  },
  {
    name: 'whoever guesses keys is told when one is right',
    file: 'host/src/access.ts',
    right: 'wrongKeys.expectLeft(request);',
    wrong: 'if (holderOfKey(key) === undefined) wrongKeys.expectLeft(request);',
    noticedBy: [hostServer],
  },
  {
    name: 'hidden votes are shown when their poll is opened again',
    file: 'result/src/results.ts',
    right: 'const shown = poll === undefined || isShown(poll);',
    wrong: 'const shown = poll === undefined || isShown(poll) || poll.openings > 1;',
    noticedBy: ['drill'],
  },
  {
    name: 'a worker erases the votes of a poll when it is closed',
    file: 'packages/store/sql/unerased-poll.sql',
    right: 'WHERE removed AND NOT erased',
    wrong: "WHERE state = 'closed' AND NOT erased",
    noticedBy: ['drill'],
  },
  {
    name: 'what a worker brings again is stored for a poll that was removed',
    file: 'packages/store/sql/postgres/record.sql',
    right: 'WHERE NOT EXISTS (SELECT FROM polls WHERE polls.id = batch.poll AND removed)',
    wrong: '',
    noticedBy: [postgres],
  },
];
