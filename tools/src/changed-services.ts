import { execFileSync } from 'node:child_process';
import { affectedServices, readSources } from './images/changed.ts';
import { services } from './images/services.ts';
import { required, runWithFlags } from './program/flags.ts';
import { reportOf } from './program/report.ts';
import { Refused } from './program.ts';

const usage = `Says which images must be built again after the commits from --base to --head.

  node tools/src/changed-services.ts --base COMMIT [--head COMMIT]

  --base COMMIT   the newest commit whose images are published; empty when there is none: every image
  --head COMMIT   default HEAD

Writes a JSON list such as ["vote","worker"] to stdout, and to the step output "services". An image is
affected by its workspace, by every workspace that this one needs, and by the Dockerfile and lock file.
A base that is not in this clone, as after a forced push, means every image.
`;

await runWithFlags<{ base?: string; head?: string }>({
  usage,
  flags: { base: { type: 'string' }, head: { type: 'string', default: 'HEAD' } },
  async run({ base, head }) {
    const affected =
      base === undefined || base === '' || !isCommit(base)
        ? [...services]
        : affectedServices(changedFiles(base, required('--head', head)), readSources('.'));
    process.stdout.write(`${JSON.stringify(affected)}\n`);
    const report = reportOf(process.env);
    report.output('services', JSON.stringify(affected));
    report.summary(`Images to build: ${affected.join(', ') || 'none'} (since ${base || 'the beginning'}).`);
  },
});

function isCommit(name: string): boolean {
  if (!/^[0-9a-zA-Z][\w./~^-]*$/.test(name))
    throw new Refused(`--base: ${JSON.stringify(name)} names no commit.`);
  try {
    git('cat-file', '-e', `${name}^{commit}`);
    return true;
  } catch {
    process.stderr.write(`${name} is not in this clone; every image counts as changed.\n`);
    return false;
  }
}

function changedFiles(base: string, head: string): string[] {
  try {
    // both sides of a move, or moving a file out of a service would go unnoticed
    return git('diff', '--name-only', '--no-renames', '-z', base, head, '--').split('\0').filter(Boolean);
  } catch (error) {
    throw new Refused(`git cannot compare ${base} with ${head}: ${(error as Error).message}`);
  }
}

function git(...args: string[]): string {
  return execFileSync('git', args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 2 ** 26,
  });
}
