import { application } from './application.ts';
import { cluster } from './cluster.ts';
import { dataStores } from './data-stores.ts';
import { ingress } from './ingress.ts';

/** The files that Grafana reads, by name, with their text. */
export const dashboards: ReadonlyMap<string, string> = new Map(
  Object.entries({ application, 'data-stores': dataStores, ingress, cluster }).map(([name, dashboard]) => [
    `${name}.json`,
    `${JSON.stringify(dashboard, undefined, 2)}\n`,
  ]),
);
