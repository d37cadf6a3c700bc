import { parseArgs } from 'node:util';
import { type Destination, readDestination } from './destination.ts';
import { type Plan, parsePlan } from './plan.ts';

export interface SeedConfig {
  readonly url: URL;
  readonly destination: Destination;
  readonly plan: Plan;
  /** Votes under way at once. */
  readonly concurrency: number;
  /** Votes begun a second; undefined for as many as the service takes. */
  readonly rate: number | undefined;
  /** How long a vote is tried again; 0 for one try only. */
  readonly retryMs: number;
  /** The file that gets a line per acknowledged vote. */
  readonly acknowledged: string | undefined;
}

/** Thrown for flags that cannot be followed. `faults` has one sentence for every fault. */
export class InvalidConfig extends Error {
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(faults.join('\n'));
    this.name = 'InvalidConfig';
    this.faults = faults;
  }
}

export const usage = `Casts test votes over HTTP, each as a new voter: into a poll of its own in the room "seed", which a host's key
makes, so that they never mix with real ones; or into a poll that is there.

  npm run seed -- [flags]                in a poll of its own
  npm run seed -- --poll on [flags]      in what is on in the main room

  --url URL             where the vote service answers (VOTE_URL, else http://localhost:8080)
  --host URL            where the host service answers (HOST_URL, else http://localhost:8082)
  --poll ID             vote in this poll, or with "on" in what is on; no host is needed
  --room ID             the room of that poll (main)
  --votes PLAN          votes per option (a=2000,b=1000)
  --concurrency N       votes under way at once (64)
  --rate N              votes begun a second (unlimited)
  --retry-seconds N     try a vote again for up to N seconds when the service is full, unavailable or
                        unreachable; it keeps its voter, so it cannot count twice (0: no retry)
  --acknowledged FILE   append a line "voterid option" for every vote the service acknowledged
  --help                show this

HOST_KEY is the key of a host, HOST_KEY_FILE a file with it. HOST_KEYS and HOST_KEYS_FILE, as the host service
reads them, do as well: the first key is taken. Without any, the key of the product that runs in one process here is
(DATA_DIR, else ./data).

Exit code: 0 when every planned vote was accepted, 1 when not, 2 when the flags are wrong.
`;

const flags = {
  url: { type: 'string' },
  host: { type: 'string' },
  poll: { type: 'string' },
  room: { type: 'string' },
  votes: { type: 'string' },
  concurrency: { type: 'string' },
  rate: { type: 'string' },
  'retry-seconds': { type: 'string' },
  acknowledged: { type: 'string' },
  help: { type: 'boolean' },
} as const;

type Flag = keyof typeof flags;

/**
 * What the flags and the environment ask for: a run, or only help.
 *
 * @throws {InvalidConfig}
 */
export function readConfig(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): SeedConfig | 'help' {
  const faults: string[] = [];
  const given = readFlags(args, faults);
  if (given.has('help')) return 'help';

  function readAddress(flag: 'url' | 'host', variable: string, usual: string): URL | undefined {
    const text = given.get(flag) ?? (env[variable] || usual);
    return readUrl(given.has(flag) ? `--${flag}` : variable, text, usual, faults);
  }
  const url = readAddress('url', 'VOTE_URL', 'http://localhost:8080');
  const host = readAddress('host', 'HOST_URL', 'http://localhost:8082');
  const destination = readDestination(
    { room: given.get('room'), poll: given.get('poll'), host },
    env,
    faults,
  );
  const plan = parsePlan(given.get('votes') ?? 'a=2000,b=1000', faults);
  const acknowledged = given.get('acknowledged');
  if (acknowledged === '') faults.push('--acknowledged: the file name is empty.');

  function readNumber(flag: Flag, form: RegExp, from: number, to: number, kind: string): number | undefined {
    const text = given.get(flag);
    if (text === undefined) return undefined;
    const number = form.test(text) ? Number(text) : Number.NaN;
    if (number >= from && number <= to) return number;
    faults.push(`--${flag}: ${JSON.stringify(text)} is not a ${kind} from ${from} to ${to}.`);
    return undefined;
  }
  const whole = /^\d+$/;
  const decimal = /^\d+(\.\d+)?$/;
  const concurrency = readNumber('concurrency', whole, 1, 10_000, 'whole number') ?? 64;
  const rate = readNumber('rate', decimal, 0.01, 1_000_000, 'number');
  const retryMs = (readNumber('retry-seconds', decimal, 0, 86_400, 'number') ?? 0) * 1000;

  if (url === undefined || destination === undefined || faults.length > 0) throw new InvalidConfig(faults);
  return Object.freeze({ url, destination, plan, concurrency, rate, retryMs, acknowledged });
}

/** Not `strict`, which stops at the first fault: the tokens show them all. */
function readFlags(args: readonly string[], faults: string[]): Map<Flag, string> {
  const { tokens } = parseArgs({ args: [...args], options: flags, strict: false, tokens: true });
  const given = new Map<Flag, string>();
  for (const token of tokens) {
    if (token.kind === 'positional') {
      faults.push(`${JSON.stringify(token.value)} belongs to no flag.`);
    } else if (token.kind === 'option') {
      const { name, rawName, value } = token;
      if (!isFlag(name)) faults.push(`${rawName} is not a flag of this program.`);
      else if (name === 'help') given.set(name, '');
      else if (value === undefined || value.startsWith('--')) faults.push(`${rawName} needs a value.`);
      else if (given.has(name)) faults.push(`${rawName} is given more than once.`);
      else given.set(name, value);
    }
  }
  return given;
}

function isFlag(name: string): name is Flag {
  return Object.hasOwn(flags, name);
}

function readUrl(name: string, text: string, example: string, faults: string[]): URL | undefined {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    faults.push(`${name}: ${JSON.stringify(text)} is not an address like ${example}.`);
  } else if (url.username !== '' || url.password !== '') {
    faults.push(`${name}: a user name or password in the address would not be sent; leave it out.`);
  }
  return url ?? undefined;
}
