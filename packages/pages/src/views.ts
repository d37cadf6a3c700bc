import { fileURLToPath } from 'node:url';
import { Eta } from 'eta';

/** Renders the template `name` with `data`, every value escaped for HTML. */
export type Views = (name: string, data: object) => string;

/** The templates of `folder`. */
export function createViews(folder: URL): Views {
  const eta = new Eta({ views: fileURLToPath(folder), cache: true, autoEscape: true });
  return (name, data) => eta.render(`./${name}`, data);
}
