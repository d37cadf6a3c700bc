import { followRoom } from './following.ts';
import './letter-keys.ts';
import { find, textsOfPage, write } from './page.ts';

/**
 * Sends the choice without leaving the page and says how it went. Until this has loaded, and without
 * it, the form does the same by itself.
 */
const texts = await textsOfPage();
const form = find<HTMLFormElement>(document, '#vote-form');
const options = [...form.querySelectorAll<HTMLButtonElement>('button[name="vote"]')];
const standing = find(document, '#standing');
const refusal = find(document, '#refusal');
const again = find<HTMLButtonElement>(document, '#again');
/** What the voter of this page reads; a vote for something else is refused. */
const [poll, edition] = ['poll', 'edition'].map(
  (name) => find<HTMLInputElement>(form, `input[name="${name}"]`).value,
) as [string, string];
/** A page with which the voter would not know what became of the vote. */
const outdated: readonly string[] = ['poll_changed', 'poll_closed', 'poll_not_open', 'poll_unknown'];

/** After this the line counts as dead; the server itself gives up on a vote earlier. */
const patienceMs = 10_000;

/** What was tapped last and is not yet sent: votes go one by one, or an older one could arrive last. */
let wanted: HTMLButtonElement | undefined;
let sending = false;

async function choose(option: HTMLButtonElement): Promise<void> {
  wanted = option;
  if (sending) return;
  sending = true;
  const before = { text: standing.textContent, state: standing.dataset.state };
  refusal.hidden = true;
  while (wanted !== undefined) {
    const chosen = wanted;
    wanted = undefined;
    chosen.dataset.sending = '';
    say('sending', texts.vote.sending(labelOf(chosen)));
    const reason = await send(chosen.value);
    delete chosen.dataset.sending;
    if (reason === undefined) {
      for (const one of options) one.ariaPressed = String(one === chosen);
      before.text = texts.vote.counted(labelOf(chosen));
      before.state = 'counted';
      refusal.hidden = true;
    } else if (wanted === undefined) refuse(chosen, reason);
    say(before.state, before.text);
  }
  sending = false;
}

/** Resolves to the reason why the vote was not taken, to undefined when it was. */
async function send(vote: string): Promise<string | undefined> {
  try {
    const answer = await fetch(location.pathname, {
      method: 'POST',
      body: new URLSearchParams({ vote, poll, edition }),
      headers: { accept: 'application/json' },
      signal: AbortSignal.timeout(patienceMs),
      // leaving the page does not take the vote back
      keepalive: true,
    });
    if (answer.ok) return undefined;
    const { error } = await answer.json();
    if (outdated.includes(error.code)) sendByForm(vote);
    return texts.refusals[error.code as keyof typeof texts.refusals] ?? String(error.message);
  } catch {
    return texts.vote.noConnection;
  }
}

/** Lets the form itself send the vote: what comes back is the page as it is now, and says why it was refused. */
function sendByForm(vote: string): void {
  const field = document.createElement('input');
  Object.assign(field, { type: 'hidden', name: 'vote', value: vote });
  form.append(field);
  form.submit();
}

function refuse(option: HTMLButtonElement, reason: string): void {
  write(find(refusal, 'p'), reason);
  refusal.hidden = false;
  again.hidden = false;
  again.value = option.value;
}

function say(state: string | undefined, text: string): void {
  standing.dataset.state = state;
  write(standing, text);
}

function labelOf(option: HTMLButtonElement): string {
  return find(option, '.option-label').textContent;
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  if (event.submitter instanceof HTMLButtonElement) void choose(event.submitter);
});
again.addEventListener('click', () => {
  const option = options.find(({ value }) => value === again.value);
  if (option !== undefined) void choose(option);
});
followRoom(() => sending);
