import { readCall } from './backup/call.ts';
import { backUpFolder } from './backup/data-folder.ts';
import { placeOf } from './place.ts';
import { dump } from './postgres/dump.ts';
import { runProgram } from './program.ts';

const usage = `Backs up the votes: those of the PostgreSQL of DATABASE_URL or POSTGRES_HOST when one of them is set,
else those in DATA_DIR (default ./data).

  npm run backup -- FILE                  PostgreSQL: a dump, as compressed SQL
  npm run backup -- FOLDER                data folder: a copy, while the product runs or not
  npm run backup -- --via COMMAND FILE    PostgreSQL, with the pg_dump that COMMAND reaches, such as
                                          'docker compose exec -T db' or 'kubectl exec -i postgresql-0 --'

FILE and FOLDER must not exist. Votes are taken and counted meanwhile; pg_dump must be at least
as new as the server.
`;

async function backup(args: string[], env: NodeJS.ProcessEnv): Promise<number> {
  const call = readCall(args, usage);
  if (call === undefined) return 0;
  const place = placeOf(env, call.via);
  if (place.kind === 'folder') await backUpFolder(place.folder, call.path);
  else await dump(place.client, call.path);
  process.stdout.write(`Backed up to ${call.path}.\n`);
  return 0;
}

await runProgram(backup);
