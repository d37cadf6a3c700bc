import { readEnvironment } from './cluster/environments.ts';
import { reach } from './cluster/reach.ts';
import { setUpCluster } from './cluster/set-up.ts';
import { required, runWithFlags } from './program/flags.ts';
import { reportOf } from './program/report.ts';

const usage = `Brings a cluster to where the application can be deployed: AWS Load Balancer Controller, External
Secrets Operator, then our charts infrastructure, postgresql and redis. Safe to repeat.

  node tools/src/setup-cluster.ts --environment dev|prod

For prod, everything goes through the bastion. Reads AWS_REGION, for prod also AWS_ACCOUNT_ID. Status 1 at
the first release that does not become ready.
`;

await runWithFlags<{ environment?: string }>({
  usage,
  flags: { environment: { type: 'string' } },
  async run(flags) {
    const environment = readEnvironment(flags.environment);
    const report = reportOf(process.env);
    await setUpCluster(environment, required('AWS_REGION', process.env.AWS_REGION), {
      machine: reach(environment, process.env),
      onRelease: (name, revision) => report.summary(`- ${name}: revision ${revision} is ready`),
    });
  },
});
