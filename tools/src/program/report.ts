import { appendFileSync } from 'node:fs';

export interface Report {
  /** Markdown for people: on the page of the workflow run, or on stderr when there is none. */
  summary(markdown: string): void;
  /** A value for the steps and jobs that follow; nothing outside a workflow. */
  output(name: string, value: string): void;
}

/** GitHub's files for the summary and the outputs of a step, as the runner names them in the environment. */
function createReport(files: {
  readonly summary: string | undefined;
  readonly output: string | undefined;
}): Report {
  return {
    summary(markdown) {
      if (files.summary === undefined) process.stderr.write(`${markdown}\n`);
      else appendFileSync(files.summary, `${markdown}\n`);
    },
    output(name, value) {
      // a line break would let a value define further outputs
      if (/[\r\n]/.test(value)) throw new Error(`the output ${name} has a line break`);
      if (files.output !== undefined) appendFileSync(files.output, `${name}=${value}\n`);
    },
  };
}

export function reportOf(env: NodeJS.ProcessEnv): Report {
  return createReport({ summary: env.GITHUB_STEP_SUMMARY, output: env.GITHUB_OUTPUT });
}

/** A Markdown table. Cells may hold anything; what would break the table is replaced. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replace(/\s+/g, ' ')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
