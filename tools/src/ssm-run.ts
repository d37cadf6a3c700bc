import { readFileSync } from 'node:fs';
import { readEnvironment } from './cluster/environments.ts';
import { reach } from './cluster/reach.ts';
import { readDuration, required, runWithFlags } from './program/flags.ts';
import { Refused } from './program.ts';

const usage = `Runs a bash script on the bastion of an environment and waits for its end.

  node tools/src/ssm-run.ts --environment dev|prod [--file FILE]… [--limit TIME] SCRIPT

  --file FILE     lies beside the script, under its own name; may be repeated
  --limit TIME    how long the script may run, default 30m

The script and the files go to the artifacts bucket under their checksums; the bastion runs only what has
these checksums. kubectl and helm talk to the environment's cluster. Reads AWS_REGION and AWS_ACCOUNT_ID.
Status 0 only when the script ended with 0; its output is written here.
`;

await runWithFlags<{ environment?: string; file: string[]; limit: string }>({
  usage,
  flags: {
    environment: { type: 'string' },
    file: { type: 'string', multiple: true, default: [] },
    limit: { type: 'string', default: '30m' },
  },
  async run({ environment, file, limit }, [script]) {
    const text = readFileSync(required('SCRIPT', script), 'utf8');
    const limitMs = readDuration('--limit', limit);
    const bastion = reach(readEnvironment(environment), process.env);
    const { code, stdout, stderr } = await bastion.runScript(text, { files: file, limitMs });
    process.stdout.write(stdout);
    process.stderr.write(stderr);
    if (code !== 0) throw new Refused(`The script ended with status ${code}.`);
  },
});
