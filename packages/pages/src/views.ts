import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Eta } from 'eta';
import { languages } from './languages.ts';

/** Renders the template `name` with `data`, every value escaped for HTML. */
export type Views = (name: string, data: object) => string;

/** What pages have in common, known to every template as `@` and its name. */
const shared = new URL('../views/', import.meta.url);

/** The templates of `folder`. */
export function createViews(folder: URL): Views {
  const eta = new Eta({ views: fileURLToPath(folder), cache: true, autoEscape: true });
  for (const file of readdirSync(shared)) {
    eta.loadTemplate(`@${basename(file, '.eta')}`, readFileSync(new URL(file, shared), 'utf8'));
  }
  return (name, data) => eta.render(`./${name}`, { languages, ...data });
}
