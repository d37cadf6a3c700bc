import { relative } from 'node:path';

/** What becomes of what was not synced when the power failed. */
export interface Failure {
  /** Whether a sector that was written, or a name that was given, is there afterwards. */
  survives(): boolean;
}

const sectorBytes = 512;
const [made, written, cut, synced, removed, renamed] = [1, 2, 3, 4, 5, 6];

type Change =
  | { readonly kind: 'written'; readonly offset: number; readonly data: Buffer }
  | { readonly kind: 'cut'; readonly length: number };

/** A file: what is surely on the disk, and what was done to it since. */
interface File {
  readonly durable: Content;
  pending: Change[];
}

export interface Files {
  /** Does what a process has been recorded to do in `folder`; a record that breaks off was not done. */
  replay(log: Buffer, folder: string): void;
  afterPowerFailure(failure: Failure): Map<string, Buffer>;
}

/**
 * The files of one folder on a disk that keeps nothing but what was synced: contents when the file was, names when
 * the folder was. That is less than most file systems keep.
 */
export function createFiles(before: ReadonlyMap<string, Buffer>): Files {
  const names = new Map<string, File>();
  for (const [name, bytes] of before) names.set(name, { durable: createContent(bytes), pending: [] });
  let durableNames = new Map(names);

  function fileAt(name: string): File {
    const file = names.get(name);
    if (file === undefined) throw new Error(`${name} was changed and never made`);
    return file;
  }

  function perform(kind: number, name: string, offset: number, data: Buffer, folder: string): void {
    if (kind === made) names.set(name, { durable: createContent(), pending: [] });
    else if (kind === written) fileAt(name).pending.push({ kind: 'written', offset, data });
    else if (kind === cut) fileAt(name).pending.push({ kind: 'cut', length: offset });
    else if (kind === removed) names.delete(name);
    else if (kind === renamed) {
      names.set(relative(folder, String(data)), fileAt(name));
      names.delete(name);
    } else if (kind === synced && name === '') durableNames = new Map(names);
    else if (kind === synced) {
      const file = fileAt(name);
      for (const change of file.pending) file.durable.change(change);
      file.pending = [];
    }
  }

  return {
    replay(log, folder) {
      const headBytes = 4 * 8;
      for (let at = 0; at + headBytes <= log.length; ) {
        const [kind, nameBytes, offset, dataBytes] = [0, 8, 16, 24].map((field) =>
          Number(log.readBigUInt64LE(at + field)),
        ) as [number, number, number, number];
        const dataAt = at + headBytes + nameBytes;
        if (dataAt + dataBytes > log.length) return;
        const name = relative(folder, log.toString('utf8', at + headBytes, dataAt));
        perform(kind, name, offset, log.subarray(dataAt, dataAt + dataBytes), folder);
        at = dataAt + dataBytes;
      }
    },

    afterPowerFailure(failure) {
      const left = new Map<string, Buffer>();
      for (const name of new Set([...names.keys(), ...durableNames.keys()])) {
        const [before, now] = [durableNames.get(name), names.get(name)];
        const file = before === now || failure.survives() ? now : before;
        if (file === undefined) continue;
        const survived = file.pending.flatMap((change) => partsThatSurvive(change, failure));
        for (const change of survived) file.durable.change(change);
        left.set(name, file.durable.bytes());
      }
      return left;
    },
  };
}

function partsThatSurvive(change: Change, failure: Failure): Change[] {
  if (change.kind === 'cut') return failure.survives() ? [change] : [];
  const { data, offset } = change;
  const parts: Change[] = [];
  for (let at = 0; at < data.length; ) {
    const end = Math.min(data.length, at + sectorBytes - ((offset + at) % sectorBytes));
    if (failure.survives())
      parts.push({ kind: 'written', offset: offset + at, data: data.subarray(at, end) });
    at = end;
  }
  return parts;
}

interface Content {
  change(change: Change): void;
  bytes(): Buffer;
}

/** The content of a file, in a buffer that grows in leaps. */
function createContent(bytes: Buffer = Buffer.alloc(0)): Content {
  let buffer = bytes;
  let length = bytes.length;

  function setLength(to: number): void {
    if (to > buffer.length) buffer = Buffer.concat([buffer.subarray(0, length), Buffer.alloc(to)]);
    else if (to > length) buffer.fill(0, length, to);
    length = to;
  }

  return {
    change(change) {
      if (change.kind === 'cut') return setLength(change.length);
      setLength(Math.max(length, change.offset + change.data.length));
      change.data.copy(buffer, change.offset);
    },
    bytes: () => buffer.subarray(0, length),
  };
}
