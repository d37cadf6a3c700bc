import type { Machine } from '../machine/machine.ts';
import { Refused } from '../program.ts';

/** The Ingresses of the two pages. */
export const ingresses = { vote: 'vote-ingress', result: 'result-ingress' } as const;

/**
 * Where the two pages are, as their Ingresses say: their host, else the load balancer's own name.
 *
 * @throws {Refused} when an Ingress is not there or has no address yet
 */
export async function ingressAddresses(
  namespace: string,
  machine: Machine,
): Promise<{ vote: string; result: string }> {
  return {
    vote: await addressOf(ingresses.vote, namespace, machine),
    result: await addressOf(ingresses.result, namespace, machine),
  };
}

async function addressOf(ingress: string, namespace: string, machine: Machine): Promise<string> {
  const fields = [
    '{.spec.rules[0].host}',
    '{.status.loadBalancer.ingress[0].hostname}',
    '{.metadata.annotations.alb\\.ingress\\.kubernetes\\.io/certificate-arn}',
  ];
  const { code, stdout, stderr } = await machine.run(
    [
      'kubectl',
      'get',
      'ingress',
      ingress,
      '--namespace',
      namespace,
      '--output',
      `jsonpath=${fields.join('|')}`,
    ],
    { limitMs: 60_000 },
  );
  if (code !== 0) throw new Refused(`The Ingress ${ingress} cannot be read: ${stderr.trim()}`);
  const [host, hostname, certificate] = stdout.split('|');
  if (!hostname) throw new Refused(`The Ingress ${ingress} has no address.`);
  return `${certificate ? 'https' : 'http'}://${host || hostname}`;
}
