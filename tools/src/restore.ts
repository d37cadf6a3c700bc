import { readCall } from './backup/call.ts';
import { restoreFolder } from './backup/data-folder.ts';
import { describeFindings } from './backup/findings.ts';
import { placeOf } from './place.ts';
import { readIn } from './postgres/dump.ts';
import { runProgram } from './program.ts';

const usage = `Restores a backup that npm run backup made, into the PostgreSQL of DATABASE_URL or POSTGRES_HOST when
one of them is set, else into DATA_DIR (default ./data). Then it compares the tallies with the votes.

  npm run restore -- FILE                  PostgreSQL: from a dump
  npm run restore -- FOLDER                data folder: from a copy
  npm run restore -- --via COMMAND FILE    PostgreSQL, with the psql that COMMAND reaches

Only an empty database, or a folder without one, is restored into. Stop workers, result and host services
before, or the product in one process. A dump is SQL that is run: restore none that you don't trust.
`;

/** @returns the exit status: 0 when all is restored and right, 1 when tallies or clock need attention */
async function restore(args: string[], env: NodeJS.ProcessEnv): Promise<number> {
  const call = readCall(args, usage);
  if (call === undefined) return 0;
  const place = placeOf(env, call.via);
  const findings =
    place.kind === 'folder'
      ? await restoreFolder(call.path, place.folder)
      : await readIn(place.client, call.path);
  process.stdout.write(describeFindings(findings));
  return findings.wrongTallies === 0 && findings.secondsAhead === 0 ? 0 : 1;
}

await runProgram(restore);
