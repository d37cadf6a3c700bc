import { globSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

export interface Stamp {
  readonly version: string;
  /** Where the images of this version are, such as `docker.io/owner`. */
  readonly images: string;
}

/**
 * Copies a chart, and those inside of it, as they are in a release: they know their version and where its images are.
 *
 * @returns the folder of the copy, which has the name of the chart's
 */
export async function stampedCopy(folder: string, { version, images }: Stamp): Promise<string> {
  const copy = join(mkdtempSync(join(tmpdir(), 'voting-chart-')), basename(folder));
  // cpSync leaves links inside of the folder as they are
  await cp(folder, copy, { recursive: true, dereference: true });
  stamp(copy, 'Chart.yaml', /^appVersion: .+-dev$/gm, `appVersion: ${version}`);
  stamp(copy, 'values.yaml', /(?<=^ +repository: )voting-app(?=\/)/gm, images);
  return copy;
}

function stamp(folder: string, name: string, what: RegExp, by: string): void {
  for (const file of globSync(`**/${name}`, { cwd: folder })) {
    const path = join(folder, file);
    writeFileSync(path, readFileSync(path, 'utf8').replaceAll(what, by));
  }
}
