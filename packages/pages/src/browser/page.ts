import type { Texts } from '../texts.ts';

/** The texts in the language of the page, from the file that its head names. */
export async function textsOfPage(): Promise<Texts> {
  const link = document.querySelector<HTMLLinkElement>('link[rel="modulepreload"]');
  return (await import(link?.href ?? '')).texts;
}

/** @throws when the page has no such element, which is a mistake in its template */
export function find<E extends Element = HTMLElement>(root: ParentNode, selector: string): E {
  const element = root.querySelector<E>(selector);
  if (element === null) throw new Error(`the page has no ${selector}`);
  return element;
}

/** Writes only what differs, so that nothing moves or is announced without need. */
export function write(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
