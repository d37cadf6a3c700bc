import process from 'node:process';
import { listenForInterruption } from './interruption.ts';
import { runProgram } from './program.ts';

process.exitCode = await runProgram({
  args: process.argv.slice(2),
  env: process.env,
  stdout: process.stdout,
  stderr: process.stderr,
  interrupted: listenForInterruption(process),
});
