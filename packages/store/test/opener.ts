import { createInterface } from 'node:readline';
import { openSqliteStore } from '@voting/store/sqlite';

/** Opens the store in a folder when it is told to, says how that went, and keeps it until its end. */

const [folder = ''] = process.argv.slice(2);
process.stdout.write('ready\n');
for await (const _ of createInterface(process.stdin)) {
  const outcome = await openSqliteStore(folder).then(
    () => 'in',
    ({ code }) => code,
  );
  process.stdout.write(`${outcome}\n`);
}
