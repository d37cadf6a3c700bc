import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from './read.ts';
import { type Story, tell } from './story.ts';

const main = 'refs/heads/main';
const doc = readFileSync(resolve(root, 'docs/AUTOMATION_FLOW.md'), 'utf8');

/** The story as the document writes it, under its heading. */
function written(heading: string): string {
  const [, block = `there is no ${heading}`] = doc.split(`### ${heading}\n`)[1]?.split('```') ?? [];
  return block.replace(/^text\n/, '').trim();
}

const stories: readonly (readonly [heading: string, story: Story])[] = [
  ['A pull request', { event: 'pull_request', ref: 'refs/pull/1/merge', files: ['worker/src/worker.ts'] }],
  ['A push that touches only the worker', { event: 'push', ref: main, files: ['worker/src/worker.ts'] }],
  ['A push that changes a chart', { event: 'push', ref: main, files: ['helm-chart/vote-app/values.yaml'] }],
  [
    'A push that changes a chart and a service',
    {
      event: 'push',
      ref: main,
      files: ['helm-chart/vote-app/values.yaml', 'packages/queue/src/redis/queue.ts'],
    },
  ],
  [
    'A deployment to prod',
    {
      event: 'workflow_dispatch',
      ref: main,
      workflow: 'cd-deploy-app',
      inputs: { environment: 'prod', tag: 'latest' },
    },
  ],
  [
    'Infrastructure of prod from nothing',
    {
      event: 'workflow_dispatch',
      ref: main,
      workflow: 'cd-deploy-infra',
      inputs: { environment: 'prod', module: 'all', action: 'apply' },
    },
  ],
  ['A release', { event: 'push', ref: 'refs/tags/v1.2.3' }],
];

describe('docs/AUTOMATION_FLOW.md tells what the workflows do', () => {
  it.each(stories)('%s', (heading, story) => {
    expect(written(heading)).toBe(tell(story));
  });
});

it('a production run has no job in another environment', () => {
  const told = tell(stories[4]?.[1] as Story);
  expect([...told.matchAll(/\[([\w-]+)\]/g)].map(([, environment]) => environment)).toEqual(['prod']);
});
