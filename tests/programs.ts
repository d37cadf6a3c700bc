import { chromiumHere } from './chromium.ts';
import { installFromDebian } from './debian.ts';
import { missingForPrometheus } from './monitoring/installed.ts';
import { onPath } from './on-path.ts';
import { redisHere } from './servers/find-redis.ts';
import { ownRedis } from './servers/redis.ts';

/** What tests run by these names, which are those of Debian's packages too. */
const plain = ['curl', 'git', 'openssl', 'shellcheck'];

/**
 * Sees to it that the programs which the tests run are on this machine, installing them on Debian or Ubuntu
 * as root. Those for monitoring may be missing; their tests are skipped then.
 *
 * @throws an error that names all that is missing, and the command that installs it
 */
export async function findPrograms(): Promise<void> {
  const missing = plain.filter((name) => onPath(name) === undefined);
  if (chromiumHere() === undefined) missing.push('chromium');
  if (ownRedis && (await redisHere()) === undefined) missing.push('redis-server');
  if (missing.length > 0 && !installFromDebian(...missing)) {
    throw new Error(`The tests need programs that are not here: sudo apt-get install ${missing.join(' ')}`);
  }
  const watching = missingForPrometheus();
  if (watching.length > 0) installFromDebian(...watching);
}
