import { keyOf } from './artifacts.ts';
import type { Program } from './programs.ts';

/** A file in the artifacts bucket, named by its own checksum. */
export interface Artifact {
  /** As the script finds it in its folder. */
  readonly name: string;
  readonly key: string;
  readonly sha256: string;
}

/** One word for a POSIX shell, whatever the text holds. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

export interface ScriptConfig {
  readonly bucket: string;
  readonly region: string;
  /** What the machine must have; it is in the bucket. */
  readonly programs: readonly Program[];
}

/** Where they are on the machine, for people too. */
const home = '/opt/voting-app';

/**
 * The lines that are sent to a bastion: wait until it has ended its first boot, make an empty folder, fetch
 * exactly these artifacts, run the script. All that varies from run to run is in the artifacts, so nothing of it
 * passes through another shell or through SSM's own substitutions.
 */
export function bootstrap(
  { bucket, region, programs }: ScriptConfig,
  script: Artifact,
  files: readonly Artifact[],
): string[] {
  const fetched = ({ name, key, sha256 }: Artifact) => [
    `aws s3 cp --only-show-errors --region ${quote(region)} ${quote(`s3://${bucket}/${key}`)} ${quote(name)}`,
    `echo ${quote(`${sha256}  ${name}`)} | sha256sum --check --quiet -`,
  ];
  const bin = `${home}/${programs.map(({ name, version }) => `${name}-${version}`).join('-')}`;
  return [
    '#!/bin/bash',
    'set -euo pipefail',
    'umask 077',
    'work=$(mktemp -d)',
    'trap \'rm -rf "$work"\' EXIT',
    'cd "$work"',
    // the agent has no HOME
    `export HOME="$work" PATH="$PATH:${bin}" KUBECONFIG="$work/kubeconfig"`,
    ...afterFirstBoot,
    ...programs.flatMap((program) => [
      `if ! command -v ${program.name} >/dev/null; then`,
      ...fetched({ name: 'download', key: keyOf(program.sha256), sha256: program.sha256 }),
      ...(program.inArchive === undefined
        ? []
        : [`tar -xzf download ${quote(program.inArchive)}`, `mv ${quote(program.inArchive)} download`]),
      `install -D -m 0755 download ${bin}/${program.name}`,
      // the folder as people have it in their PATH
      `chmod 0755 ${home} ${bin}; ln -sfn ${bin} ${home}/bin`,
      'fi',
    ]),
    ...[script, ...files].flatMap(fetched),
    `bash ${quote(script.name)}`,
  ];
}

/** cloud-init ends with 2 when it has only something to grumble about. */
const afterFirstBoot = [
  'if command -v cloud-init >/dev/null; then',
  'booted=0; timeout 300 cloud-init status --wait >/dev/null || booted=$?',
  'if [ "$booted" != 0 ] && [ "$booted" != 2 ]; then',
  'echo "The first boot of the bastion did not end well (cloud-init: $booted). See /var/log/cloud-init-output.log there, or replace it." >&2',
  'exit 1',
  'fi',
  'fi',
];

/** A script that runs one command, none of whose words the shell changes. */
export function commandScript(command: readonly string[]): string {
  return `exec ${command.map(quote).join(' ')}\n`;
}
