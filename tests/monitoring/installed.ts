import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { installFromDebian } from '../debian.ts';

/** The programs that these tests run, by the names of Debian's packages, and where promtool comes from. */
const packages = ['prometheus', 'prometheus-redis-exporter', 'prometheus-postgres-exporter'];

/** On Debian or Ubuntu as root, installs Prometheus and the exporters when they are missing. */
export function installPrometheus(): void {
  const missing = packages.filter((name) => !isOnPath(name));
  if (missing.length > 0) installFromDebian(...missing);
}

/** Why the tests that need Prometheus cannot run here, or undefined when they can. */
export function whyNoPrometheus(): string | undefined {
  const missing = [...packages, 'promtool'].filter((name) => !isOnPath(name));
  return missing.length === 0 ? undefined : `not installed: ${missing.join(', ')}`;
}

function isOnPath(program: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
