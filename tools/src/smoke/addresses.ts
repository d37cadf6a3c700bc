import type { Machine } from '../machine/machine.ts';
import { Refused } from '../program.ts';

/** The Ingresses of the pages. */
export const ingresses = { vote: 'vote-ingress', result: 'result-ingress', host: 'host-ingress' } as const;

export interface Page {
  /** As a browser would have it, without a slash at the end. */
  readonly url: string;
  /** The load balancer's own name, which is there before any record of the page's name. */
  readonly loadBalancer: string;
  /** Whether it answers inside the VPC only. */
  readonly internal: boolean;
}

export interface AddressesConfig {
  readonly namespace: string;
  /** Milliseconds in which the load balancers have to get an address; a new one takes some minutes. */
  readonly patienceMs: number;
  readonly everyMs: number;
}

/**
 * Where the pages are, as their Ingresses say; waits until all have an address.
 *
 * @throws {Refused} when an Ingress is not there, or has no address in time
 */
export async function ingressAddresses(
  config: AddressesConfig,
  machine: Machine,
): Promise<Record<keyof typeof ingresses, Page>> {
  return {
    vote: await addressOf(ingresses.vote, config, machine),
    result: await addressOf(ingresses.result, config, machine),
    host: await addressOf(ingresses.host, config, machine),
  };
}

const annotation = (name: string) => `{.metadata.annotations.alb\\.ingress\\.kubernetes\\.io/${name}}`;

async function addressOf(
  ingress: string,
  { namespace, patienceMs, everyMs }: AddressesConfig,
  machine: Machine,
): Promise<Page> {
  const fields = [
    '{.spec.rules[0].host}',
    '{.status.loadBalancer.ingress[0].hostname}',
    annotation('certificate-arn'),
    annotation('scheme'),
  ];
  const command = ['kubectl', 'get', 'ingress', ingress, '--namespace', namespace];
  const until = Date.now() + patienceMs;
  for (;;) {
    const { code, stdout, stderr } = await machine.run(
      [...command, '--output', `jsonpath=${fields.join('|')}`],
      { limitMs: 60_000 },
    );
    if (code !== 0) throw new Refused(`The Ingress ${ingress} cannot be read: ${stderr.trim()}`);
    const [host, loadBalancer, certificate, scheme] = stdout.split('|');
    if (loadBalancer) {
      const url = `${certificate ? 'https' : 'http'}://${host || loadBalancer}`;
      return { url, loadBalancer, internal: scheme === 'internal' };
    }
    if (Date.now() + everyMs >= until) {
      throw new Refused(
        `The Ingress ${ingress} has no address, and got none within ${patienceMs / 1000} s. ` +
          `See \`kubectl -n ${namespace} describe ingress ${ingress}\`.`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
