import { basename } from 'node:path';
import type { Machine } from '../machine/machine.ts';
import { Refused } from '../program.ts';

export interface Release {
  readonly name: string;
  readonly namespace: string;
  /** A packaged chart on this machine. */
  readonly chart: string;
  /** Values files on this machine; the later ones win. */
  readonly values: readonly string[];
  readonly set?: readonly string[];
  /** Whether the release has its namespace itself, and may take over what exists. */
  readonly adopts?: boolean;
  /** Milliseconds that Helm waits for everything to be ready. */
  readonly timeoutMs: number;
}

/** What Helm may take beyond its own timeout: rolling back waits as long again. */
const rollbackShare = 2;
const quickMs = 60_000;
const marginMs = 120_000;

interface Listed {
  readonly name: string;
  readonly revision: string;
  readonly status: string;
}

/**
 * Installs or upgrades a release and waits until all of it is ready. When that fails, Helm goes back to
 * the revision before (Helm 4's --rollback-on-failure), and this fails all the same, with the reasons.
 *
 * @returns the new revision
 * @throws {Refused}
 */
export async function upgrade(release: Release, machine: Machine): Promise<string> {
  const before = await listed(release, machine);
  if (before?.status.startsWith('pending-')) {
    throw new Refused(
      `${release.name} is ${before.status} at revision ${before.revision}: an earlier run was cut off. ` +
        `See \`helm history ${release.name} -n ${release.namespace}\`, then \`helm rollback\`.`,
    );
  }
  const { name, namespace, chart, values, set = [], adopts = false, timeoutMs } = release;
  // Helm cannot make a namespace that is an object of the chart as well
  if (adopts) await makeNamespace(namespace, machine);
  const { code, stderr } = await machine.run(
    [
      ['helm', 'upgrade', name, basename(chart), '--install', '--namespace', namespace],
      values.flatMap((file) => ['--values', basename(file)]),
      set.flatMap((assignment) => ['--set-string', assignment]),
      [adopts ? '--take-ownership' : '--create-namespace'],
      // what somebody has set by hand, or an autoscaler, must not hold up a release
      ['--server-side=true', '--force-conflicts'],
      ['--rollback-on-failure', '--wait', '--timeout', `${timeoutMs / 1000}s`, '--history-max', '10'],
    ].flat(),
    { files: [chart, ...values], limitMs: rollbackShare * timeoutMs + marginMs },
  );
  const after = await listed(release, machine);
  if (code === 0 && after?.status === 'deployed') return after.revision;
  throw new Refused(await account(release, machine, { before, after, message: stderr }));
}

async function makeNamespace(namespace: string, machine: Machine): Promise<void> {
  const get = ['kubectl', 'get', 'namespace', namespace, '--ignore-not-found', '--output', 'name'];
  const found = await machine.run(get, { limitMs: quickMs });
  if (found.code === 0 && found.stdout.trim() !== '') return;
  const made = await machine.run(['kubectl', 'create', 'namespace', namespace], { limitMs: quickMs });
  if (made.code !== 0) throw new Refused(`The namespace ${namespace} cannot be made: ${made.stderr.trim()}`);
}

async function listed({ name, namespace }: Release, machine: Machine): Promise<Listed | undefined> {
  const command = ['helm', 'list', '--namespace', namespace, '--filter', `^${name}$`, '--output', 'json'];
  const { code, stdout, stderr } = await machine.run(command, { limitMs: quickMs });
  if (code !== 0) throw new Refused(`Helm cannot list the releases of ${namespace}: ${stderr.trim()}`);
  const [release] = JSON.parse(stdout) as Listed[];
  return release;
}

/** What happened, in words; the warnings outlive the pods that Helm has removed again. */
async function account(
  { name, namespace }: Release,
  machine: Machine,
  { before, after, message }: { before: Listed | undefined; after: Listed | undefined; message: string },
): Promise<string> {
  const columns = 'WHEN:.lastTimestamp,WHAT:.involvedObject.name,WHY:.reason,MESSAGE:.message';
  const events = await machine.run(
    [
      'kubectl',
      'get',
      'events',
      '--namespace',
      namespace,
      '--field-selector',
      'type=Warning',
      '--sort-by',
      '.lastTimestamp',
      '--output',
      `custom-columns=${columns}`,
    ],
    { limitMs: quickMs },
  );
  return [
    `${name} was not deployed to ${namespace}. ${standing(before, after)}`,
    message.trim(),
    'The latest warnings of the cluster:',
    events.stdout.trim().split('\n').slice(-20).join('\n') || events.stderr.trim(),
  ].join('\n');
}

function standing(before: Listed | undefined, after: Listed | undefined): string {
  if (after === undefined) return 'Nothing of it is left.';
  const now = `revision ${after.revision}, ${after.status}`;
  return after.status === 'deployed' && before !== undefined
    ? `Helm rolled back to what revision ${before.revision} was (now ${now}).`
    : `It stands at ${now}.`;
}
