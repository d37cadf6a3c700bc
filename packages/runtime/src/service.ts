import { setTimeout as pause } from 'node:timers/promises';
import { type Closing, createClosing } from './closing.ts';
import { createLog, type Log } from './log.ts';
import { createReadiness, type Readiness } from './readiness.ts';
import { InvalidSettings } from './settings.ts';

/** Thrown while opening a service for a reason that its user can mend; `message` says how. */
export class CannotStart extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'CannotStart';
  }
}

/** What an opening service is handed: where to log, what to close, what it waits for. */
export interface Opened {
  readonly log: Log;
  readonly closing: Closing;
  readonly readiness: Readiness;
  /** Aborted when the service is told to stop, also while it is still opening. */
  readonly stopping: AbortSignal;
}

/** One Ctrl+C arrives twice under npm: from the terminal, and passed on. */
const echoMs = 500;

interface ServiceSettings {
  readonly log: { readonly LOG_LEVEL: string };
  readonly shutdown: {
    /** How long to stay open after turning not ready, so that load balancers notice first. */
    readonly SHUTDOWN_PAUSE_MS: number;
    /** After this the process ends even when something is still closing. */
    readonly SHUTDOWN_DEADLINE_MS: number;
  };
}

/**
 * Runs a service from its settings to its end: not ready → pause → close in reverse order of opening.
 * The exit status is 0 after an orderly stop, 1 when it could not start or not close in time, 2 when
 * the settings are wrong. A second signal ends it at once.
 *
 * @param explain what to tell the person who started it of an error while opening that is not a `CannotStart`;
 *   undefined when there is nothing that they could do, so that it goes to the log
 */
export async function runService<Settings extends ServiceSettings>(
  name: string,
  readSettings: () => Settings,
  open: (settings: Settings, opened: Opened) => Promise<void>,
  explain: (error: unknown) => string | undefined = () => undefined,
): Promise<void> {
  const settings = settingsOrExit(name, readSettings);
  const log = createLog(name, settings.log.LOG_LEVEL);
  const closing = createClosing(log);
  const readiness = createReadiness();
  const stopping = new AbortController();

  async function stop(reason: string, pauseMs: number, exitCode: number): Promise<void> {
    stopping.abort();
    log.info({ reason }, 'stopping');
    readiness.stop();
    setTimeout(() => {
      log.error('did not close in time');
      process.exit(1);
    }, settings.shutdown.SHUTDOWN_DEADLINE_MS + pauseMs).unref();
    await pause(pauseMs);
    const closed = await closing.close().then(
      () => true,
      () => false,
    );
    log.info('stopped');
    process.exit(closed ? exitCode : 1);
  }

  let signalledAt = 0;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      const again = stopping.signal.aborted;
      if (again && performance.now() - signalledAt > echoMs) process.exit(1);
      if (again) return;
      signalledAt = performance.now();
      void stop(signal, settings.shutdown.SHUTDOWN_PAUSE_MS, 0);
    });
  }

  try {
    await open(settings, { log, closing, readiness, stopping: stopping.signal });
  } catch (error) {
    if (stopping.signal.aborted) return;
    const told = error instanceof CannotStart ? error.message : explain(error);
    if (told === undefined) log.fatal({ err: error }, 'could not start');
    else process.stderr.write(`${told}\n`);
    await stop('could not start', 0, 1);
  }
}

function settingsOrExit<Settings>(name: string, readSettings: () => Settings): Settings {
  try {
    return readSettings();
  } catch (error) {
    if (!(error instanceof InvalidSettings)) throw error;
    process.stderr.write(`${name} cannot start. Please correct:\n`);
    for (const fault of error.faults) process.stderr.write(`  ${fault}\n`);
    process.exit(2);
  }
}
