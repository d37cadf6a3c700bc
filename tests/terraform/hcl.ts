import { readFileSync } from 'node:fs';
import { parse } from '@cdktf/hcl2json';

/** A parsed file: the blocks by type, then by label, each a list. Expressions are text such as `${local.a}`. */
export type Hcl = Readonly<Record<string, unknown>>;

export interface Block {
  readonly [argument: string]: unknown;
}

export async function parseHcl(path: string): Promise<Hcl> {
  return parse(path, readFileSync(path, 'utf8'));
}

/** The blocks of a type that has one label, such as `variable`. */
export function labelled(file: Hcl, type: string): ReadonlyMap<string, Block> {
  const blocks = (file[type] ?? {}) as Record<string, Block[]>;
  return new Map(Object.entries(blocks).map(([label, [block]]) => [label, block as Block]));
}

/** The arguments of all blocks of a type without labels, such as `locals`. */
export function unlabelled(file: Hcl, type: string): Block {
  return Object.assign({}, ...((file[type] ?? []) as Block[]));
}
