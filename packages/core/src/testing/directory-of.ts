import type { Definition } from '../definition.ts';
import { createKnownDefinitions } from '../known-definitions.ts';
import type { Directory } from '../ports/directory.ts';

/** A directory that knows these, and what it is told later with `learn`; what else it says can be changed. */
export function directoryOf(definitions: readonly Definition[]) {
  const known = createKnownDefinitions();
  for (const definition of definitions) known.learn(definition);
  return { ...known, now: () => Date.now(), isCurrent: true as boolean } satisfies Directory;
}
