import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageChart } from './cluster/charts.ts';
import { readEnvironment } from './cluster/environments.ts';
import { reach } from './cluster/reach.ts';
import { upgrade } from './cluster/release.ts';
import { assertRunning } from './cluster/running.ts';
import { type Image, parseImages } from './images/services.ts';
import { readDuration, required, runProgram } from './program/program.ts';
import { reportOf } from './program/report.ts';

const usage = `Deploys the application by digest with Helm, and waits until it is ready.

  node tools/src/deploy.ts --environment dev|prod --images images.json

  --images FILE      what resolve-tags wrote
  --values FILE      further values, after those of the environment; may be repeated
  --timeout TIME     how long Helm waits for the new pods, default 10m

For prod, everything goes through the bastion. Reads AWS_REGION, for prod also AWS_ACCOUNT_ID. When the
new pods do not become ready, Helm rolls back, and the status is 1, with the reasons.
`;

const chart = 'helm-chart/vote-app';

await runProgram<{ environment?: string; images?: string; values: string[]; timeout: string }>({
  usage,
  flags: {
    environment: { type: 'string' },
    images: { type: 'string' },
    values: { type: 'string', multiple: true, default: [] },
    timeout: { type: 'string', default: '10m' },
  },
  async run(flags) {
    const environment = readEnvironment(flags.environment);
    const images = parseImages(readFileSync(required('--images', flags.images), 'utf8'));
    const { namespace } = environment;
    const machine = reach(environment, process.env);
    const revision = await upgrade(
      {
        name: 'vote-app',
        namespace,
        chart: await packageChart(chart),
        values: [`${chart}/values-${environment.name}.yaml`, ...flags.values, imageValues(images)],
        timeoutMs: readDuration('--timeout', flags.timeout),
      },
      machine,
    );
    await assertRunning(images, namespace, machine);
    reportOf(process.env).summary(`\nRevision ${revision} of vote-app is deployed to ${namespace}.`);
  },
});

/** A values file with the exact images; JSON is YAML. */
function imageValues(images: readonly Image[]): string {
  const file = join(mkdtempSync(join(tmpdir(), 'voting-values-')), 'images.yaml');
  const values = images.map(({ service, repository, tag, digest }) => [
    service,
    { image: { repository, tag, digest } },
  ]);
  writeFileSync(file, JSON.stringify(Object.fromEntries(values)));
  return file;
}
