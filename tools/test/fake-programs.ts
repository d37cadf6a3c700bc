import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface FakeAnswer {
  /** A text that the arguments, joined by spaces, contain. */
  readonly when: string;
  readonly code?: number;
  readonly stdout?: string;
  readonly stderr?: string;
  /** A file that is made in the folder given by --destination. */
  readonly makes?: string;
}

export interface Call {
  readonly program: string;
  readonly args: readonly string[];
  /** Names and contents of the files in the folder in which it was called. */
  readonly files: Readonly<Record<string, string>>;
  readonly kubeconfig: string | undefined;
}

export interface Fakes {
  /** For PATH. */
  readonly folder: string;
  calls(): Promise<Call[]>;
}

/**
 * Programs for PATH that write down how they were called and answer as told: with the first answer whose
 * text is in the arguments; of several with the same text, with one after the other, then the last again.
 * What no answer is for fails.
 */
export async function createFakes(
  parent: string,
  programs: Readonly<Record<string, readonly FakeAnswer[]>>,
): Promise<Fakes> {
  const folder = join(parent, 'fakes');
  const log = join(parent, 'calls');
  await mkdir(folder, { recursive: true });
  await writeFile(log, '');
  for (const [program, answers] of Object.entries(programs)) {
    const file = join(folder, program);
    const source = `(${fake})(${JSON.stringify({ program, answers, log })})`;
    await writeFile(file, `#!${process.execPath}\n${source}\n`);
    await chmod(file, 0o755);
  }
  return {
    folder,
    async calls() {
      const lines = (await readFile(log, 'utf8')).split('\n').filter(Boolean);
      return lines.map((line) => JSON.parse(line) as Call);
    },
  };
}

/** The source of every fake; it can use nothing of this file. */
function fake({ program, answers, log }: { program: string; answers: readonly FakeAnswer[]; log: string }) {
  const fs = require('node:fs') as typeof import('node:fs');
  const args = process.argv.slice(2);
  const line = args.join(' ');
  const kubeconfig = process.env.KUBECONFIG;
  const files: Record<string, string> = {};
  for (const name of fs.readdirSync('.')) {
    if (/\.(ya?ml|tgz|txt)$/.test(name)) files[name] = fs.readFileSync(name, 'latin1').slice(0, 4_000);
  }
  const earlier = fs
    .readFileSync(log, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((text) => JSON.parse(text) as Call);
  fs.appendFileSync(log, `${JSON.stringify({ program, args, files, kubeconfig })}\n`);
  const when = answers.find((answer) => line.includes(answer.when))?.when ?? '';
  const matching = answers.filter((answer) => answer.when === when);
  const before = earlier.filter(
    (call) => call.program === program && call.args.join(' ').includes(when),
  ).length;
  const answer = matching[Math.min(before, matching.length - 1)];
  const destination = args[args.indexOf('--destination') + 1];
  if (answer?.makes !== undefined)
    fs.writeFileSync(`${destination}/${answer.makes}`, `content of ${answer.makes}`);
  process.stdout.write(answer?.stdout ?? '');
  process.stderr.write(answer === undefined ? `no answer for ${program} ${line}` : (answer.stderr ?? ''));
  process.exitCode = answer === undefined ? 99 : (answer.code ?? 0);
}
