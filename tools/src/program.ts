import { InvalidSettings } from '@voting/runtime';
import { explain } from '@voting/wording';

/** Thrown when a program is called in a way that cannot work; `message` says what to do instead. */
export class WrongCall extends Error {}

/** Thrown when what was asked for cannot be done; `message` says why, to whoever asked. */
export class Refused extends Error {}

/**
 * Runs an operator's program and sets the exit status: what it returns, 2 after a wrong call or wrong
 * settings, 1 after any other failure. Expected failures are one sentence, not a stack.
 */
export async function runProgram(
  program: (args: string[], env: NodeJS.ProcessEnv) => Promise<number>,
): Promise<void> {
  try {
    process.exitCode = await program(process.argv.slice(2), process.env);
  } catch (error) {
    const callers = isCallersMistake(error);
    const told = callers || error instanceof Refused ? error.message : explain(error);
    if (told === undefined) throw error;
    process.stderr.write(`${told}\n`);
    process.exitCode = callers ? 2 : 1;
  }
}

function isCallersMistake(error: unknown): error is Error {
  if ([WrongCall, InvalidSettings].some((mistake) => error instanceof mistake)) return true;
  return error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
}
