import type { Image } from '../images/services.ts';

/** What only the account knows of the pages' addresses; what is not set or empty is left to the chart. */
export interface Addresses {
  readonly VOTE_HOST?: string | undefined;
  readonly RESULT_HOST?: string | undefined;
  readonly CERTIFICATE_ARN?: string | undefined;
}

/** The values of the chart vote-app that are not in the repository. */
export function deploymentValues(images: readonly Image[], addresses: Addresses): Record<string, object> {
  const { VOTE_HOST: voteHost, RESULT_HOST: resultHost, CERTIFICATE_ARN: certificateArn } = addresses;
  const ofImages = images.map(({ service, repository, tag, digest }): [string, object] => [
    service,
    { image: { repository, tag, digest } },
  ]);
  const ingress = {
    ...(voteHost ? { voteHost } : {}),
    ...(resultHost ? { resultHost } : {}),
    ...(certificateArn ? { alb: { certificateArn } } : {}),
  };
  return { ...Object.fromEntries(ofImages), ingress };
}
