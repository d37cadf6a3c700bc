import { onPath } from '../on-path.ts';

/** The programs that these tests run, by the names of Debian's packages; promtool comes with the first. */
const packages = ['prometheus', 'prometheus-redis-exporter', 'prometheus-postgres-exporter'];

export function missingForPrometheus(): readonly string[] {
  return packages.filter((name) => onPath(name) === undefined);
}

/** Why the tests that need Prometheus cannot run here, or undefined when they can. */
export function whyNoPrometheus(): string | undefined {
  const missing = [...packages, 'promtool'].filter((name) => onPath(name) === undefined);
  return missing.length === 0 ? undefined : `not installed: ${missing.join(', ')}`;
}
