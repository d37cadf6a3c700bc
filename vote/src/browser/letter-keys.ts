import { find } from './page.ts';

/**
 * Lets the keys a to z choose the options. Whoever steers by voice or with a key held by accident can
 * switch that off, and it stays off in this browser. Phones are not bothered with it.
 */
if (matchMedia('(any-pointer: fine)').matches) {
  const label = find(document, '#letter-keys');
  const box = find<HTMLInputElement>(label, 'input');
  const name = 'letter-keys';
  box.checked = localStorage.getItem(name) !== 'off';
  box.addEventListener('change', () => localStorage.setItem(name, box.checked ? 'on' : 'off'));
  label.hidden = false;

  document.addEventListener('keydown', (event) => {
    if (!box.checked || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
    const letter = letterOf(event);
    document.querySelector<HTMLButtonElement>(`button[name="vote"][value="${letter}"]`)?.click();
  });
}

/** What the key writes, or on keyboards of other scripts the Latin letter at its place. */
function letterOf({ key, code }: KeyboardEvent): string {
  const letter = /^[a-z]$/i.test(key) ? key : code.replace(/^Key/, '');
  return /^[a-z]$/i.test(letter) ? letter.toLowerCase() : '';
}
