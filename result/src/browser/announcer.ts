/** What a screen reader may be told of: the state of the counting, and who is ahead. */
export interface News {
  readonly kind: string;
  readonly condition: string;
  readonly standing: string;
}

const pauseMs = 15_000;

/**
 * Tells what has changed since it last spoke, at most every 15 seconds and never the numbers, which would
 * never end. The first news is what the page itself says already.
 */
export function createAnnouncer(say: (sentence: string) => void): (news: News) => void {
  let told: News | undefined;
  let newest: News | undefined;
  let pause: ReturnType<typeof setTimeout> | undefined;

  function tell(): void {
    pause = undefined;
    if (newest === undefined) return;
    const { kind, condition, standing } = newest;
    const sentences: string[] = [];
    if (told !== undefined && told.kind !== kind) sentences.push(condition);
    if (told !== undefined && told.standing !== standing) sentences.push(standing);
    told = newest;
    if (sentences.length === 0) return;
    say(sentences.join(' '));
    pause = setTimeout(tell, pauseMs);
  }

  return (news) => {
    newest = news;
    if (pause === undefined) tell();
  };
}
