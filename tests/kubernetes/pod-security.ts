import type { IContainer } from 'kubernetes-models/v1/Container';
import type { IPodSpec } from 'kubernetes-models/v1/PodSpec';

/** What of a volume may be there, besides its name. */
const volumeTypes = [
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'image',
  'persistentVolumeClaim',
  'projected',
  'secret',
];
const sysctls = [
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.ip_unprivileged_port_start',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.ping_group_range',
  'net.ipv4.ip_local_reserved_ports',
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes',
];
const seLinuxTypes = ['', 'container_t', 'container_init_t', 'container_kvm_t', 'container_engine_t'];

/**
 * What in a pod the Pod Security Standard "restricted" refuses (which includes all of "baseline"), one
 * sentence each. Windows is not looked at.
 */
export function restrictedFaults(spec: IPodSpec): string[] {
  const containers = [
    ...(spec.initContainers ?? []),
    ...spec.containers,
    ...((spec.ephemeralContainers ?? []) as unknown as IContainer[]),
  ];
  return [...podFaults(spec), ...containers.flatMap((container) => containerFaults(container, spec))];
}

function podFaults(spec: IPodSpec): string[] {
  const faults: string[] = [];
  for (const name of ['hostNetwork', 'hostPID', 'hostIPC'] as const) {
    if (spec[name]) faults.push(`${name} is on`);
  }
  for (const { name, ...volume } of spec.volumes ?? []) {
    const refused = Object.keys(volume).filter((type) => !volumeTypes.includes(type));
    if (refused.length > 0) faults.push(`volume ${name} is of type ${refused}`);
  }
  for (const { name } of spec.securityContext?.sysctls ?? []) {
    if (!sysctls.includes(name)) faults.push(`sysctl ${name}`);
  }
  if (spec.securityContext?.runAsUser === 0) faults.push('the pod runs as root');
  if (spec.securityContext?.appArmorProfile?.type === 'Unconfined') faults.push('AppArmor is off');
  faults.push(...seLinuxFaults('the pod', spec.securityContext?.seLinuxOptions));
  return faults;
}

function containerFaults({ name, ports, securityContext = {} }: IContainer, spec: IPodSpec): string[] {
  const faults: string[] = [];
  const pod = spec.securityContext ?? {};
  if (securityContext.privileged) faults.push('is privileged');
  if (securityContext.allowPrivilegeEscalation !== false) faults.push('may gain privileges');
  if (!(securityContext.runAsNonRoot ?? pod.runAsNonRoot)) faults.push('may run as root');
  if (securityContext.runAsUser === 0) faults.push('runs as root');
  if (!securityContext.capabilities?.drop?.includes('ALL')) faults.push('keeps capabilities');
  const added = (securityContext.capabilities?.add ?? []).filter((added) => added !== 'NET_BIND_SERVICE');
  if (added.length > 0) faults.push(`adds ${added}`);
  const seccomp = (securityContext.seccompProfile ?? pod.seccompProfile)?.type;
  if (seccomp !== 'RuntimeDefault' && seccomp !== 'Localhost') faults.push('has no seccomp profile');
  if (securityContext.appArmorProfile?.type === 'Unconfined') faults.push('is without AppArmor');
  if ((securityContext.procMount ?? 'Default') !== 'Default') faults.push('sees all of /proc');
  if (ports?.some(({ hostPort }) => hostPort)) faults.push('takes a port of the host');
  faults.push(...seLinuxFaults('', securityContext.seLinuxOptions));
  return faults.map((fault) => `${name} ${fault}`);
}

function seLinuxFaults(
  who: string,
  options: { type?: string; user?: string; role?: string } | undefined,
): string[] {
  if (options === undefined) return [];
  const { type = '', user = '', role = '' } = options;
  return seLinuxTypes.includes(type) && user === '' && role === ''
    ? []
    : [`${who} has SELinux options of its own`.trim()];
}
