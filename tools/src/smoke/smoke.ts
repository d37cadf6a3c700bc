import { Refused } from '../program.ts';
import type { Answer, Request } from './requests.ts';

export interface SmokeConfig {
  /** Addresses of the pages, without a slash at the end. */
  readonly vote: string;
  readonly result: string;
  readonly host: string;
  /** Of what is looked at, on the pages of vote and result. */
  readonly path: string;
  /** Whether to cast a vote, which stays in the poll, and see it counted. */
  readonly cast: boolean;
  /** Milliseconds that each check may take to come true. */
  readonly patienceMs: number;
  readonly everyMs: number;
}

export interface SmokeDeps {
  readonly request: Request;
  /** Told of every check that came true. */
  readonly onPassed: (check: string) => void;
}

interface Results {
  /** Absent before there were rooms, null when nothing is on. */
  readonly poll?: unknown;
  readonly total: number;
  readonly options: readonly { readonly label: string }[];
  readonly pipeline: { readonly state: string; readonly delaySeconds: number; readonly pending: number };
}

/**
 * Looks at the product as a voter, a viewer and a stranger at the hosts' door do. Each check is tried again until it holds or its time is
 * up; a try that fails for good fails the whole.
 *
 * @throws {Refused} with the last reason
 */
export async function smoke(config: SmokeConfig, { request, onPassed }: SmokeDeps): Promise<void> {
  const { vote, result, host, path } = config;

  async function check<T>(name: string, attempt: () => Promise<T>): Promise<T> {
    const until = Date.now() + config.patienceMs;
    for (;;) {
      try {
        const value = await attempt();
        onPassed(name);
        return value;
      } catch (error) {
        if (Date.now() + config.everyMs >= until) {
          throw new Refused(`${name}: not within ${config.patienceMs / 1000} s. ${(error as Error).message}`);
        }
        await new Promise((resolve) => setTimeout(resolve, config.everyMs));
      }
    }
  }

  const results = async () =>
    resultsIn(await page(request, `${result}/api/results${path.replace(/\/$/, '')}`));

  const { options, total: before } = await check('the results are live', async () => {
    const now = await results();
    const { state, delaySeconds, pending } = now.pipeline;
    if (state !== 'live')
      throw new Error(`Counting is ${state}, ${delaySeconds} s behind, ${pending} votes waiting.`);
    return now;
  });
  await check('the vote page offers every option', async () => {
    const text = readable(await page(request, `${vote}${path}`));
    const missing = options.filter(({ label }) => !text.includes(label)).map(({ label }) => label);
    if (missing.length > 0) throw new Error(`It says nothing of ${missing.join(' and ')}.`);
  });
  await check('the result page shows results', async () => {
    if (!/result|votes/i.test(await page(request, `${result}${path}`)))
      throw new Error('It speaks of no results.');
  });
  await check('the host page is there', () => page(request, `${host}/`));
  await check('the host page lets nobody in without a key', async () => {
    const { status, text } = await request(`${host}/api/rooms`);
    if (status !== 401) throw new Error(`${host}/api/rooms answers HTTP ${status}, not 401.`);
    if (!isProblem(text))
      throw new Error(`The answer is not that of the host service: ${text.slice(0, 100)}`);
  });
  if (!config.cast) return;
  await check('a vote is taken', async () => {
    const { status, text } = await request(`${vote}${path}`, { vote: 'a' });
    if (status !== 202) throw new Error(`HTTP ${status}: ${text.slice(0, 200)}`);
  });
  await check('the vote is counted', async () => {
    const { total, pipeline } = await results();
    if (total <= before) throw new Error(`The total is still ${total}; counting is ${pipeline.state}.`);
  });
}

async function page(request: Request, url: string): Promise<string> {
  const { status, text }: Answer = await request(url);
  if (status !== 200) throw new Error(`${url} answers HTTP ${status}.`);
  return text;
}

/** Anybody may answer at the address, so the shape is looked at. */
function resultsIn(text: string): Results {
  let value: Partial<Results> | null = null;
  try {
    value = JSON.parse(text);
  } catch {}
  if (value?.poll === null) throw new Error('Nothing is on there.');
  if (typeof value?.total !== 'number' || !value.options?.length || value.pipeline === undefined) {
    throw new Error(`The answer is not that of the result service: ${text.slice(0, 100)}`);
  }
  return value as Results;
}

/** Whatever stands before the service may refuse as well, but not with a problem of its own (RFC 9457). */
function isProblem(text: string): boolean {
  try {
    return typeof JSON.parse(text)?.title === 'string';
  } catch {
    return false;
  }
}

/** The text of a page with its labels as they were before they were escaped for HTML. */
function readable(html: string): string {
  const characters: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
  return html.replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => characters[name] ?? '');
}
