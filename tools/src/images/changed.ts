import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Service, services, workspaceOfImage } from './services.ts';

/** Files that every image is built from. */
const sharedFiles = ['Dockerfile', '.dockerignore', '.npmrc', 'package.json', 'package-lock.json'];

/** Parts of a workspace that no image contains; .dockerignore says so. */
const outsideImages = [/(^|\/)test\//, /^packages\/core\/src\/testing\//];

/** The folders whose files an image contains: its workspace and all that this one needs of ours. */
export type Sources = Readonly<Record<Service, readonly string[]>>;

/** Reads the workspaces' manifests under `root`. */
export function readSources(root: string): Sources {
  const { workspaces } = manifest(root, '.');
  const folderOf = new Map<string, string>();
  const needs = new Map<string, readonly string[]>();
  for (const folder of globSync(workspaces ?? [], { cwd: root })) {
    const { name, dependencies = {} } = manifest(root, folder);
    folderOf.set(name, folder);
    needs.set(folder, Object.keys(dependencies));
  }
  const closure = (folder: string, seen: Set<string>): Set<string> => {
    if (seen.has(folder)) return seen;
    seen.add(folder);
    for (const name of needs.get(folder) ?? []) {
      const needed = folderOf.get(name);
      if (needed !== undefined) closure(needed, seen);
    }
    return seen;
  };
  const sourcesOf = (service: Service) => [...closure(workspaceOfImage[service], new Set())].sort();
  return Object.fromEntries(services.map((service) => [service, sourcesOf(service)])) as unknown as Sources;
}

/** The images that a change of these files affects. */
export function affectedServices(files: readonly string[], sources: Sources): Service[] {
  if (files.some((file) => sharedFiles.includes(file))) return [...services];
  const inImages = files.filter((file) => !outsideImages.some((pattern) => pattern.test(file)));
  return services.filter((service) =>
    sources[service].some((folder) => inImages.some((file) => file.startsWith(`${folder}/`))),
  );
}

interface Manifest {
  readonly name: string;
  readonly workspaces?: string[];
  readonly dependencies?: Readonly<Record<string, string>>;
}

function manifest(root: string, folder: string): Manifest {
  return JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Manifest;
}
