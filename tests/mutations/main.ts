import { perform } from './checks.ts';
import { type Check, type Defect, defects } from './defects.ts';
import { makeWorkingCopy } from './working-copy.ts';

const usage = `Puts mistakes into a copy of the code, one at a time, and sees whether the tests and the drill notice.

  npm run mutations                 all of them
  npm run mutations -- late         those with "late" in their name
  npm run mutations -- result.test  those that this file has to notice
`;

interface Row {
  readonly defect: Defect;
  readonly check: Check;
  readonly complaint: string | undefined;
  readonly seconds: number;
}

/** Whether the defect was missed by something that had to notice it. */
function isMissed({ defect, check, complaint }: Row): boolean {
  return complaint === undefined && (check !== 'drill' || defect.noticedBy.length === 1);
}

/** @returns the exit status: 0 when every defect was noticed by all that have to */
async function hunt(chosen: readonly Defect[]): Promise<number> {
  const copy = makeWorkingCopy();
  try {
    for (const check of new Set(chosen.flatMap(({ noticedBy }) => noticedBy))) {
      const { complaint, output } = await perform(check, copy.folder);
      if (complaint === undefined) console.error(`without any defect, ${check} is content`);
      else throw new Error(`without any defect, ${check} complains:\n${output.slice(-4_000)}`);
    }
    process.stdout.write(head);
    let missed = false;
    for (const defect of chosen) {
      for (const check of defect.noticedBy) {
        const began = performance.now();
        const { complaint } = await copy.with(defect, () => perform(check, copy.folder));
        const row = { defect, check, complaint, seconds: (performance.now() - began) / 1_000 };
        process.stdout.write(lineOf(row));
        missed ||= isMissed(row);
      }
    }
    return missed ? 1 : 0;
  } finally {
    copy.remove();
  }
}

const head = '| defect | what complains | of | after |\n| --- | --- | --- | --- |\n';

function lineOf(row: Row): string {
  const verdict = row.complaint ?? (isMissed(row) ? '**not noticed**' : 'nothing, in this drill');
  return `| ${row.defect.name} | ${verdict} | ${row.check} | ${row.seconds.toFixed(0)} s |\n`;
}

const words = process.argv.slice(2);
const chosen = defects.filter(({ name, noticedBy }) =>
  words.every((word) => [name, ...noticedBy].some((text) => text.includes(word))),
);
if (words.includes('--help') || chosen.length === 0) process.stdout.write(usage);
else process.exitCode = await hunt(chosen);
