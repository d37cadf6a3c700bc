import { describe, expect, it } from 'vitest';
import { all, type KubernetesObject, one } from './objects.ts';
import { images, renderChart, renderCharts } from './render.ts';

describe('the door of host', () => {
  const set = (...values: string[]) => values.flatMap((value) => ['--set', value]);
  const ingressesOf = async (...values: string[]) =>
    all(
      await renderChart('vote-app', 'voting', ...images(), ...set('ingress.enabled=true', ...values)),
      'Ingress',
    );
  const names = (ingresses: readonly KubernetesObject[]) => ingresses.map(({ metadata }) => metadata.name);

  it('opens inside the VPC only, where those of the pages open to the internet, unless told otherwise', async () => {
    const scheme = (ingress: KubernetesObject) =>
      ingress.metadata.annotations?.['alb.ingress.kubernetes.io/scheme'];
    const schemes = (ingresses: readonly KubernetesObject[]) =>
      Object.fromEntries(ingresses.map((ingress) => [ingress.metadata.name, scheme(ingress)]));
    const pages = { 'vote-ingress': 'internet-facing', 'result-ingress': 'internet-facing' };
    expect(schemes(all(await renderCharts('dev'), 'Ingress'))).toEqual({
      ...pages,
      'host-ingress': 'internal',
    });
    const open = await ingressesOf(
      'ingress.fromCidrs={10.0.1.0/24}',
      'ingress.alb.hostScheme=internet-facing',
    );
    expect(schemes(open)).toEqual({ ...pages, 'host-ingress': 'internet-facing' });
  });

  it('is not there behind another controller until it has a name', async () => {
    const nginx = ['ingress.className=nginx', 'ingress.fromNamespaces={ingress-nginx}'];
    expect(names(await ingressesOf(...nginx)).sort()).toEqual(['result-ingress', 'vote-ingress']);
    const named = await ingressesOf(...nginx, 'ingress.hostHost=host.example.com');
    expect(one(named, 'Ingress', 'host-ingress').spec?.rules?.[0]?.host).toBe('host.example.com');
  });
});
