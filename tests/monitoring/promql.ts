import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse } from 'yaml';

const root = resolve(import.meta.dirname, '../..');

interface RuleFile {
  readonly groups: readonly { readonly rules: readonly Rule[] }[];
}

export interface Rule {
  readonly record?: string;
  readonly alert?: string;
  readonly expr: string;
  readonly annotations?: { readonly summary: string; readonly runbook: string };
}

/** All recording and alert rules. */
export const rules: readonly Rule[] = globSync('monitoring/rules/*.yaml', { cwd: root }).flatMap((file) =>
  (parse(readFileSync(resolve(root, file), 'utf8')) as RuleFile).groups.flatMap((group) => group.rules),
);

export interface PanelQuery {
  readonly dashboard: string;
  readonly panel: string;
  readonly expr: string;
}

interface DashboardFile {
  readonly title: string;
  readonly panels: readonly {
    readonly title: string;
    readonly targets?: readonly { readonly expr: string }[];
  }[];
}

/** Every query of every panel, as Grafana reads them. */
export const panelQueries: readonly PanelQuery[] = globSync('monitoring/dashboards/*.json', {
  cwd: root,
}).flatMap((file) => {
  const { title, panels } = JSON.parse(readFileSync(resolve(root, file), 'utf8')) as DashboardFile;
  return panels.flatMap((panel) =>
    (panel.targets ?? []).map(({ expr }) => ({ dashboard: title, panel: panel.title, expr })),
  );
});

const keywords = new Set(['and', 'or', 'unless', 'bool', 'offset', 'by', 'without', 'on', 'ignoring']);

/** The names of the metrics that a PromQL expression reads; those of a histogram without their ending. */
export function metricsIn(expr: string): readonly string[] {
  const bare = expr
    .replaceAll(/"[^"]*"/g, '')
    .replaceAll(/\{[^}]*\}|\[[^\]]*\]/g, '')
    .replaceAll(/\b(by|without|on|ignoring)\s*\([^)]*\)/g, '');
  const words = bare.match(/[a-zA-Z_:][\w:]*\b(?!\s*\()/g) ?? [];
  return words
    .filter((word) => !keywords.has(word))
    .map((word) => (/_(seconds|votes)_(bucket|count|sum)$/.test(word) ? word.replace(/_[a-z]+$/, '') : word));
}
