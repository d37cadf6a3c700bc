/** What a cluster needs from others before our charts: published charts in exact versions. */
export const addOns = {
  // renovate: datasource=helm depName=external-secrets registryUrl=https://charts.external-secrets.io
  externalSecrets: { version: '2.10.0' },
  // renovate: datasource=helm depName=aws-load-balancer-controller registryUrl=https://aws.github.io/eks-charts
  loadBalancerController: { version: '3.5.0' },
} as const;
