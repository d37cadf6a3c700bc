import { parseArgs } from 'node:util';
import { openDeadLetters, readRedisSettings } from '@voting/queue/redis';
import { Refused, runProgram } from './program.ts';

const usage = `Puts votes that were set aside (dead letters) back into the queue, after what was wrong is mended:
in the Redis of REDIS_URL or REDIS_HOST, with the QUEUE_PARTITIONS that the services have. Each keeps its
place in the order of votes, so that none replaces what its voter has chosen since.

  npm run replay                               all of them
  npm run replay -- --reason 'unknown option'  those that were set aside for this reason
  npm run replay -- --list                     say how many there are, by reason, and change nothing
`;

async function replay(args: string[], env: NodeJS.ProcessEnv): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      reason: { type: 'string' },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const deadLetters = openDeadLetters(readRedisSettings(env), () => {});
  try {
    const counts = await deadLetters.count();
    for (const [reason, count] of counts) process.stdout.write(`${count} set aside: ${reason}\n`);
    if (counts.size === 0) process.stdout.write('No vote is set aside.\n');
    if (values.list || counts.size === 0) return 0;
    const count = await deadLetters.putBack(values.reason);
    process.stdout.write(`${count} put back. Those that still cannot be counted are set aside again.\n`);
    return 0;
  } catch (error) {
    throw new Refused((error as Error).message, { cause: error });
  } finally {
    deadLetters.close();
  }
}

await runProgram(replay);
