/** What a cluster needs from others before our charts: published charts in exact versions. */
export const addOns = {
  loadBalancerController: {
    name: 'aws-load-balancer-controller',
    repo: 'https://aws.github.io/eks-charts',
    // renovate: datasource=helm depName=aws-load-balancer-controller registryUrl=https://aws.github.io/eks-charts
    version: '3.5.0',
  },
  externalSecrets: {
    name: 'external-secrets',
    repo: 'https://charts.external-secrets.io',
    // renovate: datasource=helm depName=external-secrets registryUrl=https://charts.external-secrets.io
    version: '2.10.0',
  },
  externalDns: {
    name: 'external-dns',
    repo: 'https://kubernetes-sigs.github.io/external-dns/',
    // renovate: datasource=helm depName=external-dns registryUrl=https://kubernetes-sigs.github.io/external-dns/
    version: '1.21.1',
  },
} as const;
