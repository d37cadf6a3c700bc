/** How many votes each option gets. */
export interface Plan {
  readonly votes: ReadonlyMap<string, number>;
  readonly total: number;
}

const mostOptions = 26;
const mostVotes = 1_000_000_000;

/** Reads `a=2000,b=1000`. Every fault found is added to `faults`, one sentence each. */
export function parsePlan(text: string, faults: string[]): Plan {
  const votes = new Map<string, number>();
  const entries = text.trim() === '' ? [] : text.split(',').map((entry) => entry.trim());
  if (entries.length > mostOptions) {
    faults.push(`--votes: a poll has at most ${mostOptions} options, this plan names ${entries.length}.`);
    return { votes, total: 0 };
  }
  const found: string[] = [];
  for (const entry of entries) {
    const fault = addEntry(entry, votes);
    if (fault !== undefined) found.push(`--votes: ${fault}`);
  }
  const total = votes.values().reduce((sum, count) => sum + count, 0);
  if (found.length === 0 && total === 0)
    found.push('--votes: the plan is empty; write it like a=2000,b=1000.');
  faults.push(...found);
  return { votes, total };
}

function addEntry(entry: string, votes: Map<string, number>): string | undefined {
  const [option = '', count, ...rest] = entry.split('=');
  if (count === undefined || rest.length > 0) return `${quoted(entry)} is not of the form a=2000.`;
  if (!/^[a-z]$/.test(option)) return `${quoted(option)} is not an option; options are a to z.`;
  if (!/^\d+$/.test(count) || Number(count) > mostVotes) {
    return `${quoted(count)} is not a number of votes for option ${option}; it is a whole number up to ${mostVotes}.`;
  }
  if (votes.has(option)) return `option ${option} is named more than once.`;
  votes.set(option, Number(count));
  return undefined;
}

function quoted(text: string): string {
  return JSON.stringify(text);
}
