import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IConfigMap } from 'kubernetes-models/v1/ConfigMap';
import type { IContainer } from 'kubernetes-models/v1/Container';
import type { IProbe } from 'kubernetes-models/v1/Probe';
import { environmentOf } from '../kubernetes/environment.ts';
import { containerOf, type KubernetesObject, type PodTemplate } from '../kubernetes/objects.ts';
import { type Done, docker } from './docker.ts';

export interface PodsConfig {
  /** Begins the name of everything that is made, and is the network's name. */
  readonly prefix: string;
  readonly objects: readonly KubernetesObject[];
  /** The values of Secrets, as "NAME KEY". */
  readonly secrets: Readonly<Record<string, string>>;
  /** Ports of this machine by the names of containers' ports, as in "vote http". */
  readonly published: Readonly<Record<string, number>>;
}

/**
 * Runs pods as the charts describe them, as far as Docker alone can: their user, their security context,
 * limits, variables, arguments and volumes.
 */
export function createPods({ prefix, objects, secrets, published }: PodsConfig) {
  const volumes = new Set<string>();
  const folders: string[] = [];

  async function argumentsFor(
    pod: PodTemplate,
    name: string,
    container: IContainer = containerOf(pod),
  ): Promise<string[]> {
    const { runAsUser, runAsGroup, fsGroup } = pod.spec.securityContext ?? {};
    const { readOnlyRootFilesystem, allowPrivilegeEscalation, capabilities } =
      container.securityContext ?? {};
    const variables = Object.entries(environmentOf(pod, objects, container)).map(([key, value]) => {
      const secret = value.startsWith('secret ') ? secrets[value.slice(7)] : value;
      if (secret === undefined) throw new Error(`nobody gave a value for ${value}`);
      return [key, secret] as const;
    });
    const expanded = (text: string) =>
      variables.reduce((result, [key, value]) => result.replaceAll(`$(${key})`, value), text);
    const limits = container.resources?.limits ?? {};
    return [
      ...[`--network=${prefix}`, `--network-alias=${name}`, `--name=${prefix}-${name}`],
      ...[`--user=${runAsUser}:${runAsGroup}`, `--group-add=${fsGroup}`],
      ...(readOnlyRootFilesystem ? ['--read-only'] : []),
      ...(allowPrivilegeEscalation === false ? ['--security-opt=no-new-privileges'] : []),
      ...(capabilities?.drop ?? []).map((capability) => `--cap-drop=${capability}`),
      ...[`--memory=${String(limits.memory).toLowerCase().replace('i', '')}`, '--no-healthcheck'],
      ...variables.map(([key, value]) => `--env=${key}=${value}`),
      ...(await volumesFor(pod, container, Number(fsGroup))),
      ...(container.ports ?? [])
        .filter((port) => published[`${name} ${port.name}`] !== undefined)
        .map((port) => `--publish=127.0.0.1:${published[`${name} ${port.name}`]}:${port.containerPort}`),
      ...(container.command ? [`--entrypoint=${container.command[0]}`] : []),
      container.image ?? '',
      ...[...(container.command ?? []).slice(1), ...(container.args ?? [])].map(expanded),
    ];
  }

  /** An emptyDir belongs to everybody; a claim is root's and open to fsGroup, as the kubelet leaves it. */
  async function volumesFor(pod: PodTemplate, container: IContainer, fsGroup: number): Promise<string[]> {
    const mounts = (container.volumeMounts ?? []).map(async ({ name, mountPath, readOnly }) => {
      const volume = pod.spec.volumes?.find((candidate) => candidate.name === name);
      if (volume?.emptyDir) return `--tmpfs=${mountPath}:uid=0,gid=${fsGroup},mode=2777`;
      if (volume?.configMap) return `--volume=${folderOf(volume.configMap.name ?? '')}:${mountPath}:ro`;
      const claim = `${prefix}-${volume?.persistentVolumeClaim?.claimName ?? `${pod.owner.split('/')[1]}-${name}`}`;
      if (!volumes.has(claim)) {
        volumes.add(claim);
        const prepare = ['run', '--rm', '--user=0', '--entrypoint=sh', '--volume', `${claim}:/claim:nocopy`];
        const made = await docker(
          ...prepare,
          'postgres:18',
          '-c',
          `chown 0:${fsGroup} /claim && chmod 2775 /claim`,
        );
        if (made.code !== 0) throw new Error(made.output);
      }
      return `--mount=type=volume,source=${claim},target=${mountPath},volume-nocopy${readOnly ? ',readonly' : ''}`;
    });
    return Promise.all(mounts);
  }

  /** A folder as the kubelet makes it of a ConfigMap: links to links to the files, readable to all. */
  function folderOf(configMap: string): string {
    const map = objects.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === configMap);
    const folder = mkdtempSync(join(tmpdir(), `${prefix}-`));
    chmodSync(folder, 0o755);
    mkdirSync(join(folder, '..version'));
    symlinkSync('..version', join(folder, '..data'));
    for (const [file, text] of Object.entries(
      (map as (KubernetesObject & IConfigMap) | undefined)?.data ?? {},
    )) {
      writeFileSync(join(folder, '..version', file), text);
      symlinkSync(`..data/${file}`, join(folder, file));
    }
    folders.push(folder);
    return folder;
  }

  return {
    /** Starts a pod that keeps running, after what runs before it. */
    async start(pod: PodTemplate, name: string): Promise<void> {
      for (const container of pod.spec.initContainers ?? []) {
        const before = await docker('run', '--rm', ...(await argumentsFor(pod, name, container)));
        if (before.code !== 0) throw new Error(before.output);
      }
      const { code, output } = await docker('run', '--detach', ...(await argumentsFor(pod, name)));
      if (code !== 0) throw new Error(output);
    },
    /** Runs a pod to its end. */
    async run(pod: PodTemplate, name: string): Promise<Done> {
      return docker('run', '--rm', ...(await argumentsFor(pod, name)));
    },
    exec: (name: string, ...command: string[]) => docker('exec', `${prefix}-${name}`, ...command),
    container: (name: string) => `${prefix}-${name}`,
    /** Whether a probe of the pod succeeds. HTTP is asked from inside, with the image's Node.js. */
    async passes(probe: IProbe | undefined, pod: PodTemplate, name: string): Promise<boolean> {
      const port = containerOf(pod).ports?.find((candidate) => candidate.name === probe?.httpGet?.port);
      const url = `http://127.0.0.1:${port?.containerPort}${probe?.httpGet?.path}`;
      const ask = `fetch('${url}').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))`;
      const command = probe?.exec?.command ?? ['/nodejs/bin/node', '-e', ask];
      return (await docker('exec', `${prefix}-${name}`, ...command)).code === 0;
    },
    /** Removes every container, volume and network of these pods. */
    async remove(): Promise<void> {
      const { output } = await docker('ps', '--all', '--quiet', '--filter', `name=${prefix}-`);
      const containers = output.split('\n').filter(Boolean);
      if (containers.length > 0) await docker('rm', '--force', '--volumes', ...containers);
      const left = (await docker('volume', 'ls', '--quiet', '--filter', `name=${prefix}-`)).output;
      for (const volume of left.split('\n').filter(Boolean)) await docker('volume', 'rm', volume);
      await docker('network', 'rm', prefix);
      for (const folder of folders) rmSync(folder, { recursive: true, force: true });
    },
  };
}
