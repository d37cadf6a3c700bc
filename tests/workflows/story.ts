import { matchesGlob } from 'node:path';
import { affectedServices, readSources } from '../../tools/src/images/changed.ts';
import { type Contexts, holds, interpolate } from './expressions.ts';
import { type Job, root, type Trigger, type Workflow, workflow, workflows } from './read.ts';

export interface Story {
  readonly event: 'pull_request' | 'push' | 'workflow_dispatch';
  readonly ref: string;
  /** Files that the commits change. */
  readonly files?: readonly string[];
  /** The workflow that is started by hand, and its inputs. */
  readonly workflow?: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
}

/**
 * Which jobs run, in which order and environment, when everything succeeds: a line for each workflow, and
 * below it those that it starts. Triggers and conditions are taken from the YAML.
 */
export function tell(story: Story): string {
  return workflows
    .filter((workflow) => starts(workflow, story))
    .flatMap((workflow) => run(workflow, story))
    .join('\n');
}

function starts({ name, on }: Workflow, { event, ref, files = [], workflow }: Story): boolean {
  if (event === 'workflow_dispatch') return name === workflow;
  if (!Object.hasOwn(on, event)) return false;
  const { branches, tags, paths }: Trigger = on[event] ?? {};
  const tag = /^refs\/tags\/(.*)/.exec(ref)?.[1];
  const branch = /^refs\/heads\/(.*)/.exec(ref)?.[1];
  if (tag !== undefined) return (tags ?? []).some((pattern) => matchesGlob(tag, pattern));
  if (event === 'push' && tags !== undefined && branches === undefined) return false;
  if (branches !== undefined && branch !== undefined && !branches.includes(branch)) return false;
  return paths === undefined || files.some((file) => paths.some((pattern) => matchesGlob(file, pattern)));
}

function run(started: Workflow, story: Story): string[] {
  const github = { event_name: story.event, ref: story.ref, event: {} };
  const contexts = { github, inputs: story.inputs ?? {}, vars: {} };
  const line = `${started.name}: ${jobsOf(started, contexts, story)}`;
  const follow = workflows.filter(({ on }) => on.workflow_run?.workflows?.includes(started.name));
  return [line, ...follow.map((next) => `${next.name}: ${jobsOf(next, after(contexts), story)}`)];
}

/** A workflow that follows another sees the default branch, no inputs, and how the other ended. */
function after({ vars }: Contexts): Contexts {
  const event = { workflow_run: { conclusion: 'success' } };
  return { github: { event_name: 'workflow_run', ref: 'refs/heads/main', event }, inputs: {}, vars };
}

/** The jobs that run, those that may run at the same time side by side. */
function jobsOf({ jobs }: Workflow, contexts: Contexts, story: Story): string {
  const ran = new Map<string, { depth: number; outputs: Record<string, string> }>();
  const ancestors = new Map<string, Set<string>>();
  const told: string[][] = [];
  for (const [id, job] of Object.entries(jobs)) {
    const needs = [job.needs ?? []].flat();
    ancestors.set(id, new Set([...needs, ...needs.flatMap((name) => [...(ancestors.get(name) ?? [])])]));
    const needed = needs.map((name) => {
      const run = ran.get(name);
      return [name, { result: run ? 'success' : 'skipped', outputs: run?.outputs ?? {} }];
    });
    const seen = { ...contexts, needs: Object.fromEntries(needed) };
    // GitHub's success() looks at all that came before, not only at what the job names
    const succeeded = [...(ancestors.get(id) ?? [])].every((name) => ran.has(name));
    if (!holds(job.if, seen, succeeded)) continue;
    const depth = Math.max(-1, ...needs.map((name) => ran.get(name)?.depth ?? -1)) + 1;
    ran.set(id, { depth, outputs: outputsOf(id, story) });
    told[depth] = [...(told[depth] ?? []), describe(id, job, seen, story)];
  }
  return told.map((level) => level.join(', ')).join(' → ');
}

/** What the programs would answer: they are the real ones. */
function outputsOf(job: string, { files = [] }: Story): Record<string, string> {
  if (job !== 'changes') return {};
  return { services: JSON.stringify(affectedServices(files, readSources(root))) };
}

function describe(id: string, job: Job, contexts: Contexts, story: Story): string {
  if (job.uses !== undefined) {
    const called = workflow(job.uses.replace(/^.*\/|\.yaml$/g, ''));
    const inputs = Object.entries(job.with ?? {}).map(([name, value]) => [
      name,
      interpolate(value, contexts),
    ]);
    return `${id} (${jobsOf(called, { ...contexts, inputs: Object.fromEntries(inputs) }, story)})`;
  }
  const environment = job.environment === undefined ? '' : ` [${interpolate(job.environment, contexts)}]`;
  const { service } = job.strategy?.matrix ?? {};
  const matrix = service === undefined ? '' : ` (${[interpolate(service, contexts)].flat().join(', ')})`;
  return `${id}${matrix}${environment}`;
}
