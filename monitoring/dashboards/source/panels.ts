import {
  type Dashboard,
  DashboardCursorSync,
  LegendDisplayMode,
  type Panel,
  type RowPanel,
  SortOrder,
  TooltipDisplayMode,
  VisibilityMode,
} from '@grafana/schema';
import type {
  FieldConfig,
  Options,
} from '@grafana/schema/dist/esm/raw/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen';

/** What a panel shows: a question, the unit of the answer, and a query for each line of it. */
export interface Question {
  readonly title: string;
  /** How to read it and what is normal. */
  readonly description: string;
  /** Grafana's name of a unit: `s`, `reqps`, `short`, `bytes`, `percentunit`. */
  readonly unit: string;
  /** By what the legend calls it; labels are written `{{label}}`. */
  readonly queries: Readonly<Record<string, string>>;
  /** Where the scale begins and ends, when the data shall not decide. */
  readonly min?: number;
  readonly max?: number;
}

export interface Section {
  readonly title: string;
  readonly questions: readonly Question[];
}

/** As wide as Grafana's grid is. */
const columns = 24;
const height = 8;
const prometheus = { type: 'prometheus', uid: '$datasource' };

/** A dashboard of sections, whose panels stand side by side, up to three in a line. */
export function dashboard(
  { uid, title, description }: { readonly uid: string; readonly title: string; readonly description: string },
  sections: readonly Section[],
): Dashboard {
  let y = 0;
  let id = 0;
  const panels = sections.flatMap((section): (Panel | RowPanel)[] => {
    const row = { id: ++id, type: 'row' as const, title: section.title, collapsed: false, panels: [] };
    const heading = { ...row, gridPos: { x: 0, y: y++, w: columns, h: 1 } };
    const perLine = Math.min(3, section.questions.length);
    const width = columns / perLine;
    const members = section.questions.map((question, i) => {
      const gridPos = {
        x: (i % perLine) * width,
        y: y + Math.floor(i / perLine) * height,
        w: width,
        h: height,
      };
      return { id: ++id, ...timeSeries(question), gridPos };
    });
    y += Math.ceil(section.questions.length / perLine) * height;
    return [heading, ...members];
  });
  return {
    uid,
    title,
    description,
    tags: ['voting-app'],
    schemaVersion: 42,
    editable: false,
    refresh: '5s',
    time: { from: 'now-15m', to: 'now' },
    timezone: 'browser',
    // the moment under the mouse is marked on every panel
    graphTooltip: DashboardCursorSync.Crosshair,
    templating: {
      list: [{ name: 'datasource', label: 'Data source', type: 'datasource', query: 'prometheus' }],
    },
    panels,
  };
}

function timeSeries({ title, description, unit, queries, min = 0, max }: Question): Panel {
  const line = {
    lineWidth: 2,
    fillOpacity: 10,
    showPoints: VisibilityMode.Never,
    spanNulls: false,
  } satisfies FieldConfig;
  const options = {
    legend: {
      displayMode: LegendDisplayMode.Table,
      placement: 'bottom',
      showLegend: true,
      calcs: ['lastNotNull', 'max'],
    },
    tooltip: { mode: TooltipDisplayMode.Multi, sort: SortOrder.Descending },
  } satisfies Options;
  return {
    type: 'timeseries',
    title,
    description,
    datasource: prometheus,
    fieldConfig: {
      defaults: { unit, min, ...(max === undefined ? {} : { max }), custom: line },
      overrides: [],
    },
    options,
    targets: Object.entries(queries).map(([legendFormat, expr], i) => ({
      refId: String.fromCharCode('A'.charCodeAt(0) + i),
      datasource: prometheus,
      expr,
      legendFormat,
    })),
  };
}
