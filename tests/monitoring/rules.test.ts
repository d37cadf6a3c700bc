import { execFileSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { whyNoPrometheus } from './installed.ts';
import { rules } from './promql.ts';

const root = resolve(import.meta.dirname, '../..');
const reason = whyNoPrometheus();
if (reason !== undefined) console.log(`The tests with promtool are skipped: ${reason}.`);

/** Runs promtool and returns what it says; rejects what it finds wrong. */
function promtool(...args: readonly string[]): string {
  return execFileSync('promtool', args, { cwd: root, encoding: 'utf8' });
}

const ruleFiles = globSync('monitoring/rules/*.yaml', { cwd: root });
const ruleTests = globSync('tests/monitoring/rules/*.yaml', { cwd: root });
const alerts = rules.flatMap(({ alert }) => alert ?? []);

describe.skipIf(reason !== undefined)('promtool', () => {
  it('finds no fault in the rules, nor in the configuration of Compose', () => {
    expect(promtool('check', 'rules', ...ruleFiles)).not.toContain('FAILED');
    expect(promtool('check', 'config', '--syntax-only', 'monitoring/compose/prometheus.yml')).toContain(
      'SUCCESS',
    );
  });

  it('sees the rules do what their tests say', () => {
    expect(promtool('test', 'rules', ...ruleTests)).toContain('SUCCESS');
  });
});

describe('every alert', () => {
  const tested = ruleTests.map((file) => readFileSync(resolve(root, file), 'utf8')).join('\n');
  const guide = readFileSync(resolve(root, 'docs/MONITORING.md'), 'utf8');
  const sections = new Map(
    (guide.split('\n## Alerts\n')[1] ?? '')
      .split(/^### /m)
      .slice(1)
      .map((section) => [section.slice(0, section.indexOf('\n')), section] as const),
  );

  it.each(alerts)('%s is tested to fire', (alert) => {
    expect(tested).toMatch(new RegExp(`alertname: ${alert}, eval_time: \\w+, exp_alerts: \\[\\{`));
  });

  it.each(rules.filter(({ alert }) => alert !== undefined))(
    '$alert leads to its meaning and three steps',
    (rule) => {
      expect(rule.annotations?.runbook).toBe(`docs/MONITORING.md#${rule.alert?.toLowerCase()}`);
      expect(sections.get(rule.alert as string)?.match(/^\d\. /gm)).toEqual(['1. ', '2. ', '3. ']);
    },
  );

  it('that the guide explains exists', () => {
    expect([...sections.keys()].sort()).toEqual([...alerts].sort());
  });
});
