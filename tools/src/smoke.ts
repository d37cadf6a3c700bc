import { readEnvironment } from './cluster/environments.ts';
import { reach } from './cluster/reach.ts';
import { readDuration, runWithFlags } from './program/flags.ts';
import { reportOf } from './program/report.ts';
import { ingressAddresses } from './smoke/addresses.ts';
import { pathOf } from './smoke/place.ts';
import { createRequestsFrom, createRequestsFromHere, type Request } from './smoke/requests.ts';
import { smoke } from './smoke/smoke.ts';

const usage = `Looks whether the product works: all pages answer with what they should, nobody is a host without a key,
counting is live, and a vote that is cast is counted: in what is on in the main room, unless another place is named.

  node tools/src/smoke.ts                              what runs on this machine
  node tools/src/smoke.ts --vote URL --result URL --host URL
  node tools/src/smoke.ts --environment dev|prod       at the addresses of the Ingresses

  --vote URL, --result URL, --host URL
                    default http://localhost:8080, http://localhost:8081 and http://localhost:8082
  --room ID         look at what is on in this room, default main
  --poll ID         look at this poll of it, whatever is on
  --no-vote         cast no vote: it would stay in the poll
  --patience TIME   how long each check may take to come true, default 60s

With --environment it waits until all load balancers have an address, and connects to these addresses with
the pages' names, so it needs no DNS record. Internal ones are asked from the bastion. That reads AWS_REGION
and AWS_ACCOUNT_ID. Status 1 as soon as one check is not true in time.
`;

const everyMs = 2_000;

await runWithFlags<{
  environment?: string;
  vote: string;
  result: string;
  host: string;
  room: string;
  poll?: string;
  'no-vote': boolean;
  patience: string;
}>({
  usage,
  flags: {
    environment: { type: 'string' },
    vote: { type: 'string', default: 'http://localhost:8080' },
    result: { type: 'string', default: 'http://localhost:8081' },
    host: { type: 'string', default: 'http://localhost:8082' },
    room: { type: 'string', default: 'main' },
    poll: { type: 'string' },
    'no-vote': { type: 'boolean', default: false },
    patience: { type: 'string', default: '60s' },
  },
  async run(flags) {
    const patienceMs = readDuration('--patience', flags.patience);
    const path = pathOf(flags);
    const { vote, result, host, request } = await target(flags, patienceMs);
    const report = reportOf(process.env);
    report.summary(`\n### Smoke test of ${vote}${path}, ${result}${path} and ${host}\n`);
    await smoke(
      { vote, result, host, path, cast: !flags['no-vote'], patienceMs, everyMs },
      { request, onPassed: (check) => report.summary(`- ${check}`) },
    );
  },
});

async function target(
  flags: { environment?: string; vote: string; result: string; host: string },
  patienceMs: number,
): Promise<{ vote: string; result: string; host: string; request: Request }> {
  if (flags.environment === undefined) {
    const trim = (url: string) => url.replace(/\/+$/, '');
    const { vote, result, host } = flags;
    return {
      vote: trim(vote),
      result: trim(result),
      host: trim(host),
      request: createRequestsFromHere(),
    };
  }
  const environment = readEnvironment(flags.environment);
  const machine = reach(environment, process.env);
  const { namespace } = environment;
  const { vote, result, host } = await ingressAddresses({ namespace, patienceMs, everyMs }, machine);
  // the names may be in nobody's DNS yet
  const connectTo = Object.fromEntries(
    [vote, result, host].map(({ url, loadBalancer }) => [new URL(url).host, loadBalancer]),
  );
  const [fromHere, fromInside] = [createRequestsFromHere(connectTo), createRequestsFrom(machine, connectTo)];
  const inside = new Set(
    [vote, result, host].filter(({ internal }) => internal).map(({ url }) => new URL(url).host),
  );
  const request: Request = (url, form) => (inside.has(new URL(url).host) ? fromInside : fromHere)(url, form);
  return { vote: vote.url, result: result.url, host: host.url, request };
}
