import { BlockList, isIPv6 } from 'node:net';
import type { ILabelSelector } from '@kubernetes-models/apimachinery/apis/meta/v1/LabelSelector';
import type { INetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy';
import type { INetworkPolicyPeer } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicyPeer';
import type { INetworkPolicyPort } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicyPort';

type Labels = Readonly<Record<string, string>>;

/** Whoever connects or is connected to. Without a namespace it is no pod, only an address. */
export interface Endpoint {
  readonly address: string;
  readonly namespace?: string;
  readonly labels?: Labels;
}

export interface Port {
  readonly protocol: 'TCP' | 'UDP';
  readonly number: number;
}

/** The policies of one namespace. */
export interface Policies {
  readonly namespace: string;
  readonly objects: readonly INetworkPolicy[];
}

/**
 * Whether the policies let `from` connect to `to`, as Kubernetes defines it: a pod that no policy selects is
 * open; one that is selected takes, or makes, only the connections that some policy lists. An ipBlock
 * matches pods by their addresses too, as it does on networks where pods have addresses of the subnets.
 */
export function connects(policies: Policies, from: Endpoint, to: Endpoint, port: Port): boolean {
  return maySend(policies, from, to, port) && admits(policies, to, from, port);
}

/** The half of it that is up to the policies of the one who connects. */
export function maySend(policies: Policies, from: Endpoint, to: Endpoint, port: Port): boolean {
  const rules = specsFor(policies, from, 'Egress').map(({ egress = [] }) => egress);
  if (rules.length === 0) return true;
  return rules.flat().some((rule) => isPeer(rule.to, to, policies.namespace) && isPort(rule.ports, port));
}

/** The half of it that is up to the policies of the one who is connected to. */
export function admits(policies: Policies, to: Endpoint, from: Endpoint, port: Port): boolean {
  const rules = specsFor(policies, to, 'Ingress').map(({ ingress = [] }) => ingress);
  if (rules.length === 0) return true;
  return rules.flat().some((rule) => isPeer(rule.from, from, policies.namespace) && isPort(rule.ports, port));
}

/** What the policies say that select this pod for this direction. */
function specsFor({ namespace, objects }: Policies, pod: Endpoint, type: 'Ingress' | 'Egress') {
  if (pod.namespace !== namespace) return [];
  return objects
    .map(({ spec }) => spec)
    .filter((spec) => spec !== undefined)
    .filter((spec) => matches(spec.podSelector ?? {}, pod.labels) && typesOf(spec).includes(type));
}

function typesOf(spec: INetworkPolicy['spec']): readonly string[] {
  return spec?.policyTypes ?? (spec?.egress === undefined ? ['Ingress'] : ['Ingress', 'Egress']);
}

function isPeer(peers: readonly INetworkPolicyPeer[] | undefined, other: Endpoint, namespace: string) {
  if (peers === undefined || peers.length === 0) return true;
  return peers.some(({ ipBlock, namespaceSelector, podSelector }) => {
    if (ipBlock !== undefined) {
      return (
        contains(ipBlock.cidr, other.address) &&
        !ipBlock.except?.some((cidr) => contains(cidr, other.address))
      );
    }
    if (other.namespace === undefined) return false;
    const itsNamespace = { 'kubernetes.io/metadata.name': other.namespace };
    const isThere =
      namespaceSelector === undefined
        ? other.namespace === namespace
        : matches(namespaceSelector, itsNamespace);
    return isThere && matches(podSelector ?? {}, other.labels);
  });
}

function isPort(ports: readonly INetworkPolicyPort[] | undefined, { protocol, number }: Port): boolean {
  if (ports === undefined || ports.length === 0) return true;
  return ports.some((allowed) => {
    if (typeof allowed.port === 'string')
      throw new Error(`a port by name is not understood: ${allowed.port}`);
    if ((allowed.protocol ?? 'TCP') !== protocol) return false;
    if (allowed.port === undefined) return true;
    return number >= allowed.port && number <= (allowed.endPort ?? allowed.port);
  });
}

function matches({ matchLabels = {}, matchExpressions = [] }: ILabelSelector, labels: Labels = {}): boolean {
  if (matchExpressions.length > 0) throw new Error('matchExpressions are not understood');
  return Object.entries(matchLabels).every(([key, value]) => labels[key] === value);
}

function contains(cidr: string, address: string): boolean {
  const [network, prefix] = cidr.split('/') as [string, string];
  const list = new BlockList();
  list.addSubnet(network, Number(prefix), isIPv6(network) ? 'ipv6' : 'ipv4');
  return list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}
