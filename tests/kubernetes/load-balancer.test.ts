import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Product, startProduct } from '../product.ts';
import { all, containersOf, type KubernetesObject, one, podTemplates } from './objects.ts';
import { renderCharts } from './render.ts';

let objects: KubernetesObject[];
let product: Product;
const folder = mkdtempSync(join(tmpdir(), 'voting-'));

beforeAll(async () => {
  objects = await renderCharts('prod');
  product = await startProduct({ DATA_DIR: folder });
});
afterAll(async () => {
  await product?.end('SIGTERM');
  rmSync(folder, { recursive: true, force: true });
});

/** Attributes of a load balancer or target group, as numbers where they are. */
function attributes(ingress: KubernetesObject, name: string): Record<string, string> {
  const text = ingress.metadata.annotations?.[`alb.ingress.kubernetes.io/${name}`] ?? '';
  return Object.fromEntries(text.split(',').map((pair) => pair.split('=')));
}

describe('the load balancer fits the services as they are:', () => {
  it('keeps a silent viewer longer than Socket.IO is silent, and drops idle connections before we do', async () => {
    const polled = await fetch(`${product.result}/socket.io/?EIO=4&transport=polling`);
    const { pingInterval, pingTimeout } = JSON.parse((await polled.text()).slice(1));
    const page = await fetch(product.vote);
    await page.text();
    const keptOpen = Number(/timeout=(\d+)/.exec(page.headers.get('keep-alive') ?? '')?.[1]);
    for (const ingress of all(objects, 'Ingress')) {
      const idle = Number(attributes(ingress, 'load-balancer-attributes')['idle_timeout.timeout_seconds']);
      expect(idle).toBeGreaterThan((pingInterval + pingTimeout) / 1_000);
      expect(idle).toBeLessThan(keptOpen);
    }
  });

  it('asks for a path that says they are alive', async () => {
    for (const ingress of all(objects, 'Ingress')) {
      const path = ingress.metadata.annotations?.['alb.ingress.kubernetes.io/healthcheck-path'];
      for (const page of [product.vote, product.result, product.host]) {
        expect((await fetch(`${page}${path}`)).status).toBe(200);
      }
    }
  });

  it('has let go of a pod before the pod stops', () => {
    const pauses = podTemplates(objects)
      .flatMap(containersOf)
      .map((container) => container.lifecycle?.preStop?.sleep?.seconds)
      .filter((seconds) => seconds !== undefined);
    for (const ingress of all(objects, 'Ingress')) {
      const delay = attributes(ingress, 'target-group-attributes')['deregistration_delay.timeout_seconds'];
      expect(Number(delay)).toBeLessThan(Math.min(...pauses));
    }
  });

  it('leads viewers back to their pod, and encrypts in production', () => {
    const ingresses = all(objects, 'Ingress');
    expect(ingresses.map(({ metadata }) => metadata.name).sort()).toEqual([
      'host-ingress',
      'result-ingress',
      'vote-ingress',
    ]);
    expect(attributes(one(objects, 'Ingress', 'result-ingress'), 'target-group-attributes')).toMatchObject({
      'stickiness.enabled': 'true',
      'stickiness.type': 'lb_cookie',
    });
    for (const ingress of ingresses) {
      const annotations = ingress.metadata.annotations ?? {};
      const about = (name: string) => annotations[`alb.ingress.kubernetes.io/${name}`];
      expect(ingress.spec?.ingressClassName).toBe('alb');
      expect(about('target-type')).toBe('ip');
      expect(about('scheme')).toBe('internal');
      expect(JSON.parse(about('listen-ports') ?? '')).toEqual([{ HTTP: 80 }, { HTTPS: 443 }]);
      expect(about('ssl-redirect')).toBe('443');
      expect(about('ssl-policy')).toMatch(/TLS13/);
      expect(about('certificate-arn')).toMatch(/^arn:aws:acm:/);
    }
  });
});
