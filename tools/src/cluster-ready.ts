import { readEnvironment } from './cluster/environments.ts';
import { readFacts } from './cluster/facts.ts';
import { reach } from './cluster/reach.ts';
import { readinessFaults } from './cluster/ready.ts';
import { required, runWithFlags } from './program/flags.ts';
import { Refused } from './program.ts';

const usage = `Says whether the cluster of an environment can take the application: the namespace is there, both
data stores are ready unless they are managed, and so are the Secrets with their passwords.

  node tools/src/cluster-ready.ts --environment dev|prod

Reads AWS_REGION, AWS_ACCOUNT_ID, and AWS credentials as every AWS program does. Status 1, with every fault,
when it is not ready.
`;

await runWithFlags<{ environment?: string }>({
  usage,
  flags: { environment: { type: 'string' } },
  async run(flags) {
    const environment = readEnvironment(flags.environment);
    const machine = reach(environment, process.env);
    const facts = await readFacts(environment, required('AWS_REGION', process.env.AWS_REGION));
    const faults = await readinessFaults(environment.namespace, facts, machine);
    if (faults.length > 0) {
      throw new Refused([`${environment.name} is not ready; run cd-setup-cluster.`, ...faults].join('\n'));
    }
    process.stderr.write(`${environment.name} is ready.\n`);
  },
});
