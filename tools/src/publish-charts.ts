import { globSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { stampedCopy } from './cluster/stamped-chart.ts';
import { execute } from './machine/here.ts';
import { required, runWithFlags } from './program/flags.ts';
import { reportOf, table } from './program/report.ts';
import { Refused } from './program.ts';

const usage = `Packages every chart in one version, pushes the packages to an OCI registry and signs them.

  node tools/src/publish-charts.ts --version 1.2.3 --images docker.io/owner --to ghcr.io/owner/name/charts --out FOLDER

  --images PLACE   where the images of this version are; the charts run them unless told otherwise
  --out FOLDER     where the packages are left

helm and cosign must be logged in. Status 1 at the first chart that cannot be published.
`;

await runWithFlags<{ version?: string; images?: string; to?: string; out?: string }>({
  usage,
  flags: {
    version: { type: 'string' },
    images: { type: 'string' },
    to: { type: 'string' },
    out: { type: 'string' },
  },
  async run(flags) {
    const version = required('--version', flags.version);
    const images = required('--images', flags.images);
    const to = required('--to', flags.to).toLowerCase();
    const out = required('--out', flags.out);
    mkdirSync(out, { recursive: true });
    const rows: string[][] = [];
    for (const folder of charts()) {
      const file = await packaged(await stampedCopy(folder, { version, images }), version, out);
      const pushed = await succeed('helm', ['push', file, `oci://${to}`]);
      const digest = /Digest: (sha256:[0-9a-f]{64})/.exec(pushed)?.[1];
      if (digest === undefined) throw new Refused(`helm push does not say the digest of ${file}.`);
      const name = nameOf(folder);
      await succeed('cosign', ['sign', '--yes', `${to}/${name}@${digest}`]);
      rows.push([`oci://${to}/${name}`, version, digest]);
    }
    reportOf(process.env).summary(`### Charts\n\n${table(['chart', 'version', 'digest'], rows)}`);
  },
});

/** Folders of the charts that can be installed; a library is inside of those that need it. */
function charts(): string[] {
  const manifests = globSync(['helm-chart/*/Chart.yaml', 'monitoring/Chart.yaml']).sort();
  return manifests.map(dirname).filter((folder) => !/^type: library$/m.test(manifestOf(folder)));
}

function nameOf(folder: string): string {
  return /^name: (\S+)$/m.exec(manifestOf(folder))?.[1] ?? '';
}

function manifestOf(folder: string): string {
  return readFileSync(`${folder}/Chart.yaml`, 'utf8');
}

async function packaged(folder: string, version: string, out: string): Promise<string> {
  const versions = ['--version', version, '--app-version', version];
  const said = await succeed('helm', ['package', folder, ...versions, '--destination', out]);
  const file = /saved it to: (\S+)/.exec(said)?.[1];
  if (file === undefined) throw new Refused(`helm package does not say where the package of ${folder} is.`);
  return file;
}

async function succeed(program: string, args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await execute(program, args, { limitMs: 300_000 });
  if (code !== 0) throw new Refused(`${program} ${args.slice(0, 2).join(' ')}: ${stderr.trim()}`);
  // helm writes the digest of a push to either, depending on its version
  return stdout + stderr;
}
