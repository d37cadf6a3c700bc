import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageChart } from './cluster/charts.ts';
import { deploymentValues } from './cluster/deployment-values.ts';
import { readEnvironment } from './cluster/environments.ts';
import { readFacts } from './cluster/facts.ts';
import { reach } from './cluster/reach.ts';
import { upgrade } from './cluster/release.ts';
import { assertRunning } from './cluster/running.ts';
import { readImages } from './images/services.ts';
import { readDuration, required, runWithFlags } from './program/flags.ts';
import { reportOf } from './program/report.ts';

const usage = `Deploys the application by digest with Helm, and waits until it is ready.

  node tools/src/deploy.ts --environment dev|prod --images images.json

  --images FILE      what resolve-tags wrote
  --timeout TIME     how long Helm waits for the new pods, default 10m

Everything goes through the bastion. Which stores, hosts and certificate, it takes from what Terraform has
made (the parameter /voting-app/ENVIRONMENT/facts); VOTE_HOST, RESULT_HOST, HOST_HOST and CERTIFICATE_ARN, where
they are set, come before that. Reads AWS_REGION and AWS_ACCOUNT_ID. When the new pods do not become ready, Helm
rolls back, and the status is 1, with the reasons.
`;

const chart = 'helm-chart/vote-app';

await runWithFlags<{ environment?: string; images?: string; timeout: string }>({
  usage,
  flags: {
    environment: { type: 'string' },
    images: { type: 'string' },
    timeout: { type: 'string', default: '10m' },
  },
  async run(flags) {
    const environment = readEnvironment(flags.environment);
    const images = readImages(required('--images', flags.images));
    const { namespace } = environment;
    const machine = reach(environment, process.env);
    const facts = await readFacts(environment, required('AWS_REGION', process.env.AWS_REGION));
    const revision = await upgrade(
      {
        name: 'vote-app',
        namespace,
        chart: await packageChart(chart),
        values: [
          `${chart}/values-${environment.name}.yaml`,
          write(deploymentValues(images, process.env, facts)),
        ],
        timeoutMs: readDuration('--timeout', flags.timeout),
      },
      machine,
    );
    await assertRunning(images, namespace, machine);
    reportOf(process.env).summary(`\nRevision ${revision} of vote-app is deployed to ${namespace}.`);
  },
});

/** A values file for this deployment alone; JSON is YAML. */
function write(values: object): string {
  const file = join(mkdtempSync(join(tmpdir(), 'voting-values-')), 'deployment.yaml');
  writeFileSync(file, JSON.stringify(values));
  return file;
}
