import { addressOf, mainRoom, type Place, pathOf } from './address.ts';
import { InvalidConfig, readConfig, type SeedConfig, usage } from './config.ts';
import { createHostClient } from './host-client.ts';
import { type Ledger, openLedger } from './ledger.ts';
import { makeOwnPoll } from './own-poll.ts';
import { CannotBegin } from './patience.ts';
import { type Output, showProgress } from './progress.ts';
import { createScore } from './score.ts';
import { createSeed, timeLimitMs } from './seed.ts';
import { waitUntilShown } from './shown.ts';
import { summarise } from './summary.ts';

/** What the program is started with. Results go to `stdout`, progress and complaints to `stderr`. */
export interface Surroundings {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly interrupted: AbortSignal;
}

/** Runs once and resolves with the exit code, see `usage`. */
export async function runProgram(surroundings: Surroundings): Promise<number> {
  const { args, env, stdout, stderr } = surroundings;
  try {
    const config = readConfig(args, env);
    if (config !== 'help') return await cast(config, surroundings);
    stdout.write(usage);
    return 0;
  } catch (error) {
    if (error instanceof CannotBegin) {
      stderr.write(`${error.message}\n`);
      return 1;
    }
    if (!(error instanceof InvalidConfig)) throw error;
    for (const fault of error.faults) stderr.write(`${fault}\n`);
    stderr.write('--help lists the flags.\n');
    return 2;
  }
}

async function cast(config: SeedConfig, { stdout, stderr, interrupted }: Surroundings): Promise<number> {
  const { plan } = config;
  const ledger = config.acknowledged === undefined ? undefined : open(config.acknowledged);
  const place = await findPlace(config, interrupted);
  const url = addressOf(config.url, place);
  stdout.write(whereToLook(place));
  const score = createScore();
  const progress = showProgress(plan.total, score, stderr);
  interrupted.addEventListener('abort', () => {
    stderr.write(
      `${stderr.isTTY ? '\n' : ''}Stopping: waiting for the answers under way, ${timeLimitMs / 1000} s at most. Once more ends it at once.\n`,
    );
  });

  const began = performance.now();
  const failure = await createSeed({ ...config, url }, { score, ledger })
    .run(interrupted)
    .then(() => undefined, messageOf);
  const elapsedMs = performance.now() - began;

  progress.close();
  ledger?.close();
  stdout.write(summarise({ url, planned: plan.total, elapsedMs }, score));
  if (failure !== undefined) stderr.write(`The run ended early: ${failure}\n`);
  return failure === undefined && score.accepted === plan.total ? 0 : 1;
}

/** @throws {CannotBegin} */
async function findPlace(config: SeedConfig, interrupted: AbortSignal): Promise<Place> {
  const { url, destination, plan, retryMs } = config;
  if (destination.kind === 'place' && destination.place.poll === undefined) return destination.place;
  const place =
    destination.kind === 'place'
      ? destination.place
      : await makeOwnPoll(
          { plan, patienceMs: retryMs, now: new Date() },
          createHostClient({ ...destination, timeLimitMs }),
          interrupted,
        );
  await waitUntilShown({ url, place, timeLimitMs }, interrupted);
  return place;
}

/** The result page has the paths of the vote page; where it is nobody has told us. */
function whereToLook(place: Place): string {
  if (place.poll === undefined && place.room === mainRoom) return '';
  const whileOn =
    place.poll === undefined || place.room === mainRoom
      ? ''
      : `, or ${pathOf({ ...place, poll: undefined })} while it is on`;
  return `results   ${pathOf(place)} on the result page${whileOn}\n`;
}

/** @throws {InvalidConfig} when the file cannot be written */
function open(path: string): Ledger {
  try {
    return openLedger(path);
  } catch (error) {
    throw new InvalidConfig([`--acknowledged: the file cannot be written (${messageOf(error)}).`]);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
