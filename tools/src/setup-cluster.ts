import { readEnvironment } from './cluster/environments.ts';
import { readFacts } from './cluster/facts.ts';
import { reach } from './cluster/reach.ts';
import { setUpCluster } from './cluster/set-up.ts';
import { required, runWithFlags } from './program/flags.ts';
import { reportOf } from './program/report.ts';

const usage = `Brings a cluster to where the application can be deployed: AWS Load Balancer Controller, External
Secrets Operator, ExternalDNS where there is a domain, then our charts infrastructure, postgresql and redis.
Where the stores are managed, their authorities come instead of the last two. Safe to repeat.

  node tools/src/setup-cluster.ts --environment dev|prod

What is wanted it takes from what Terraform has made (the parameter /voting-app/ENVIRONMENT/facts).
Everything goes through the bastion. Reads AWS_REGION and AWS_ACCOUNT_ID; the AWS CLI and Helm must be
here. Status 1 at the first release that does not become ready.
`;

await runWithFlags<{ environment?: string }>({
  usage,
  flags: { environment: { type: 'string' } },
  async run(flags) {
    const environment = readEnvironment(flags.environment);
    const region = required('AWS_REGION', process.env.AWS_REGION);
    const report = reportOf(process.env);
    await setUpCluster(environment, region, await readFacts(environment, region), {
      machine: reach(environment, process.env),
      onRelease: (name, revision) => report.summary(`- ${name}: revision ${revision} is ready`),
    });
  },
});
