import { execFileSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Defect } from './defects.ts';

const asItIs = { recursive: true, verbatimSymlinks: true };
const root = resolve(import.meta.dirname, '../..');

/** The project in another folder, where it can be broken. */
export interface WorkingCopy {
  readonly folder: string;
  /** Breaks it, lets `work` see, and mends it. */
  with<T>(defect: Defect, work: () => Promise<T>): Promise<T>;
  remove(): void;
}

/** Copies what is under version control, as it is now; what npm installed is shared. */
export function makeWorkingCopy(): WorkingCopy {
  const folder = mkdtempSync(join(tmpdir(), 'voting-mutations-'));
  const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  });
  for (const file of files.split('\0').filter((name) => name !== '')) {
    mkdirSync(join(folder, dirname(file)), { recursive: true });
    cpSync(join(root, file), join(folder, file), asItIs);
  }
  mkdirSync(join(folder, 'node_modules'));
  for (const name of readdirSync(join(root, 'node_modules'))) {
    const [from, to] = [join(root, 'node_modules', name), join(folder, 'node_modules', name)];
    // our own packages are links into the project: in the copy they lead into the copy
    if (name === '@voting') cpSync(from, to, asItIs);
    else symlinkSync(from, to);
  }
  return {
    folder,
    async with(defect, work) {
      const path = join(folder, defect.file);
      const source = readFileSync(path, 'utf8');
      writeFileSync(path, breakBy(defect, source));
      try {
        return await work();
      } finally {
        writeFileSync(path, source);
      }
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** @throws when the defect does not fit the source any more */
export function breakBy({ name, file, right, wrong }: Defect, source: string): string {
  const parts = source.split(right);
  if (parts.length !== 2) {
    throw new Error(`"${name}": ${file} has its line ${parts.length - 1} times, not once`);
  }
  return parts.join(wrong);
}
