import type { Image } from '../images/services.ts';
import type { Facts } from './facts.ts';

/** What only the account knows of the pages' addresses; what is not set or empty is left to Terraform's facts. */
export interface Addresses {
  readonly VOTE_HOST?: string | undefined;
  readonly RESULT_HOST?: string | undefined;
  readonly HOST_HOST?: string | undefined;
  readonly CERTIFICATE_ARN?: string | undefined;
}

/** The ConfigMap with the authorities of Amazon's databases. */
export const authorities = 'rds-ca';

/** The values of the chart vote-app that are not in the repository. */
export function deploymentValues(
  images: readonly Image[],
  addresses: Addresses,
  { domain, managedStores }: Pick<Facts, 'domain' | 'managedStores'>,
): Record<string, object> {
  const ofImages = images.map(({ service, repository, tag, digest }): [string, object] => [
    service,
    { image: { repository, tag, digest } },
  ]);
  const voteHost = addresses.VOTE_HOST || domain?.voteHost;
  const resultHost = addresses.RESULT_HOST || domain?.resultHost;
  const hostHost = addresses.HOST_HOST || domain?.hostHost;
  const certificateArn = addresses.CERTIFICATE_ARN || domain?.certificateArn;
  const ingress = {
    ...(voteHost ? { voteHost } : {}),
    ...(resultHost ? { resultHost } : {}),
    ...(hostHost ? { hostHost } : {}),
    ...(certificateArn ? { alb: { https: true, certificateArn } } : {}),
  };
  return { ...Object.fromEntries(ofImages), ingress, ...storeValues(managedStores) };
}

/** Nothing for stores in the cluster, where the chart's own values are right. */
function storeValues(managed: Facts['managedStores']): Record<string, object> {
  if (managed === null) return {};
  const { cidrs: externalCidrs, postgresqlHost, redisHost } = managed;
  return {
    redis: { host: redisHost, tls: true, externalCidrs },
    postgresql: {
      host: postgresqlHost,
      sslmode: 'verify-full',
      caConfigMap: authorities,
      externalCidrs,
    },
  };
}
