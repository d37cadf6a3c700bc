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
  /** The EKS cluster that kubectl and helm talk to. */
  readonly cluster: string;
}

/**
 * The lines that are sent to a bastion: make an empty folder, fetch exactly these artifacts, find the way
 * to the cluster, run the script. All that varies from run to run is in the artifacts, so nothing of it
 * passes through another shell or through SSM's own substitutions.
 */
export function bootstrap(
  { bucket, region, cluster }: ScriptConfig,
  script: Artifact,
  files: readonly Artifact[],
): string[] {
  return [
    '#!/bin/bash',
    'set -euo pipefail',
    'umask 077',
    'work=$(mktemp -d)',
    'trap \'rm -rf "$work"\' EXIT',
    'cd "$work"',
    // the agent has neither HOME nor /usr/local/bin
    'export HOME="$work" PATH="$PATH:/usr/local/bin" KUBECONFIG="$work/kubeconfig"',
    ...[script, ...files].flatMap(({ name, key, sha256 }) => [
      `aws s3 cp --only-show-errors --region ${quote(region)} ${quote(`s3://${bucket}/${key}`)} ${quote(name)}`,
      `echo ${quote(`${sha256}  ${name}`)} | sha256sum --check --quiet -`,
    ]),
    `aws eks update-kubeconfig --name ${quote(cluster)} --region ${quote(region)} >&2`,
    `bash ${quote(script.name)}`,
  ];
}

/** A script that runs one command, none of whose words the shell changes. */
export function commandScript(command: readonly string[]): string {
  return `exec ${command.map(quote).join(' ')}\n`;
}
