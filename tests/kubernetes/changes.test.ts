import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { documentedCommands } from '../kind/documented.ts';
import { all, isHook, type KubernetesObject } from './objects.ts';
import { charts, environmentNames, renderCharts, root } from './render.ts';

/**
 * Helm 4 applies in the server, which knows who has set which field: a release that sets what somebody else has set
 * since is refused. So people change the release, and the charts leave alone what others set.
 */

const documents = globSync(
  ['*.md', 'docs/**/*.md', 'monitoring/**/*.yaml', 'helm-chart/*/templates/NOTES.txt'],
  {
    cwd: root,
  },
);
const text = documents.map((name) => readFileSync(resolve(root, name), 'utf8')).join('\n');
/** Commands in code, one a line, with those that go on in the next line put together. */
const commands = Array.from(
  text.replaceAll(/ \\\n\s*/g, ' ').matchAll(/(?:kubectl|helm) [^`\n]+/g),
  ([line]) => line,
);

describe('the documented commands', () => {
  it('are found', () => {
    expect(commands.filter((line) => line.startsWith('helm upgrade')).length).toBeGreaterThan(5);
    expect(commands.filter((line) => line.startsWith('kubectl')).length).toBeGreaterThan(20);
  });

  it('change no object of a release past the release', () => {
    const changing = commands.filter((line) =>
      /^kubectl( -n \S+| --namespace \S+)* (scale|autoscale|set|edit|patch|annotate|label|replace) \S/.test(
        line,
      ),
    );
    // a claim is made by its StatefulSet, and is nobody's to set but the operator's
    expect(changing.filter((line) => !/ edit pvc /.test(line))).toEqual([]);
  });

  it('take back what somebody has changed all the same', () => {
    const again = commands.filter((line) => /^helm (rollback \S|upgrade .*--reuse-values)/.test(line));
    expect(again.length).toBeGreaterThan(3);
    for (const line of again) expect(line).toContain('--force-conflicts');
  });

  it('install all charts in their order, in the words that the job on kind runs', () => {
    const documented = documentedCommands('On any cluster, chart by chart');
    const installed = Array.from(
      documented.matchAll(/--install (\S+) +helm-chart\/(\S+)/g),
      ([, , chart]) => chart,
    );
    expect(installed).toEqual(charts);
    expect(documented.indexOf('kubectl create namespace')).toBeLessThan(documented.indexOf('helm upgrade'));
    expect(() => documentedCommands('No such heading')).toThrow('no commands below "No such heading"');
    const script = readFileSync(resolve(root, 'tests/kind/documented.sh'), 'utf8');
    expect(script).toContain("documented 'On any cluster, chart by chart'");
  });

  it('make a namespace with kubectl, where a chart has it as well', () => {
    for (const line of commands.filter((line) => line.includes('--take-ownership'))) {
      expect(line).not.toContain('--create-namespace');
    }
  });
});

describe.each(environmentNames)('what the charts make for %s', (name) => {
  it('sets nothing that controllers and kubectl set', async () => {
    const objects = await renderCharts(name);
    const ofOthers = /^(kubectl|deployment)\.kubernetes\.io\//;
    const annotations = (object: KubernetesObject) => Object.keys(object.metadata.annotations ?? {});
    for (const object of objects) {
      expect(object, object.metadata.name).not.toHaveProperty('status');
      expect(annotations(object).filter((key) => ofOthers.test(key))).toEqual([]);
    }
    for (const { spec } of all(objects, 'Deployment')) {
      expect(
        Object.keys(spec?.template.metadata?.annotations ?? {}).filter((key) => ofOthers.test(key)),
      ).toEqual([]);
    }
    // External Secrets makes these
    const external = objects
      .filter(({ kind }) => kind === 'ExternalSecret')
      .map(({ metadata }) => metadata.name);
    const made = objects.filter(({ kind }) => kind === 'Secret').map(({ metadata }) => metadata.name);
    expect(made.filter((secret) => external.includes(secret))).toEqual([]);
  });

  it('leaves nothing behind when the release goes: the one object that Helm forgets goes when it has passed', async () => {
    const hooks = (await renderCharts(name, '--set', 'seed.enabled=true')).filter(isHook);
    expect(hooks.map(({ kind, metadata }) => `${kind}/${metadata.name}`)).toEqual(['Pod/smoke-test']);
    expect(hooks[0]?.metadata.annotations?.['helm.sh/hook-delete-policy']).toContain('hook-succeeded');
  });

  it('has classes of its own where nothing of a namespace can be', async () => {
    const clusterWide = (await renderCharts(name)).filter(({ kind }) => kind === 'PriorityClass');
    expect(clusterWide).toHaveLength(2);
    for (const { metadata } of clusterWide) expect(metadata.name).toMatch(new RegExp(`^voting-${name}-`));
  });
});
