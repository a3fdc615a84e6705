// Draws the table of panels as a Grafana dashboard. Layout and colours are decided here, once for all panels.
import { type Panel, ROWS, type Row } from "./panels.ts";

const COLUMNS = 24;
const DATA_SOURCE = { type: "prometheus", uid: "${datasource}" } as const;

/** The dashboard, as Grafana imports it. */
export function dashboard(): object {
  return {
    uid: "openclaw-edge",
    title: "openclaw-edge",
    description:
      "The OpenAI-compatible front door: what clients feel, which provider fails, what it costs, and how much of it is us.",
    tags: ["llm", "openclaw"],
    schemaVersion: 39,
    version: 1,
    editable: true,
    graphTooltip: 1,
    refresh: "10s",
    time: { from: "now-1h", to: "now" },
    templating: { list: VARIABLES },
    annotations: { list: [RELOADS] },
    panels: drawn(ROWS),
  };
}

/** A variable that is asked of Prometheus. */
function variable(name: string, label: string, query: string): object {
  return {
    name,
    label,
    type: "query",
    datasource: DATA_SOURCE,
    query: { query, refId: name },
    definition: query,
    refresh: 2,
    includeAll: true,
    allValue: ".*",
    multi: true,
    sort: 1,
    current: { selected: true, text: ["All"], value: ["$__all"] },
  };
}

const VARIABLES = [
  { name: "datasource", label: "Data source", type: "datasource", query: "prometheus" },
  variable("job", "Job", "label_values(openclaw_edge_build_info, job)"),
  variable("provider", "Provider", 'label_values(openclaw_model_call_total{job=~"$job"}, provider)'),
  variable("model", "Model", 'label_values(openclaw_model_call_total{job=~"$job", provider=~"$provider"}, model)'),
];

const RELOADS = {
  name: "Reloads",
  datasource: DATA_SOURCE,
  enable: true,
  iconColor: "blue",
  expr: 'changes(openclaw_edge_config_generation{job=~"$job"}[1m]) > 0',
  titleFormat: "new configuration on {{instance}}",
};

function drawn(rows: readonly Row[]): object[] {
  const panels: object[] = [];
  let top = 0;
  for (const row of rows) {
    panels.push({
      id: panels.length + 1,
      type: "row",
      title: row.title,
      collapsed: false,
      gridPos: { x: 0, y: top, w: COLUMNS, h: 1 },
      panels: [],
    });
    top += 1;
    let left = 0;
    for (const panel of row.panels) {
      if (left + panel.width > COLUMNS) {
        left = 0;
        top += row.height;
      }
      panels.push({
        id: panels.length + 1,
        gridPos: { x: left, y: top, w: panel.width, h: row.height },
        ...drawnPanel(panel),
      });
      left += panel.width;
    }
    top += row.height;
  }
  return panels;
}

function drawnPanel({ title, about, type, queries, ...looks }: Panel): object {
  return {
    type,
    title,
    description: about,
    datasource: DATA_SOURCE,
    targets: queries.map(({ expr, legend }, index) => ({
      refId: String.fromCodePoint("A".codePointAt(0)! + index),
      datasource: DATA_SOURCE,
      expr,
      ...(legend !== "" && { legendFormat: legend }),
      ...(type === "table" ? { format: "table", instant: true } : { range: true }),
    })),
    fieldConfig: { defaults: defaultsOf(type, looks), overrides: [] },
    options: OPTIONS[type],
    ...(type === "table" && { transformations: [{ id: "organize", options: { excludeByName: { Time: true } } }] }),
  };
}

function defaultsOf(type: Panel["type"], { unit, bad, stacked }: Pick<Panel, "unit" | "bad" | "stacked">): object {
  const steps = [{ color: "green", value: null }];
  const warned =
    bad === undefined
      ? []
      : [
          { color: "orange", value: bad[0] },
          { color: "red", value: bad[1] },
        ];
  const lines = {
    lineWidth: 1,
    fillOpacity: stacked === true ? 30 : 5,
    showPoints: "never",
    stacking: { mode: stacked === true ? "normal" : "none" },
  };
  return {
    unit,
    min: 0,
    thresholds: { mode: "absolute", steps: [...steps, ...warned] },
    color: { mode: bad === undefined && type !== "stat" ? "palette-classic" : "thresholds" },
    ...(type === "timeseries" && {
      custom: bad === undefined ? lines : { ...lines, thresholdsStyle: { mode: "dashed" } },
      color: { mode: "palette-classic" },
    }),
  };
}

const OPTIONS: Readonly<Record<Panel["type"], object>> = {
  stat: { colorMode: "value", graphMode: "area", reduceOptions: { calcs: ["lastNotNull"] }, textMode: "value" },
  timeseries: { legend: { displayMode: "list", placement: "bottom" }, tooltip: { mode: "multi", sort: "desc" } },
  "state-timeline": { mergeValues: true, showValue: "never", legend: { displayMode: "list", placement: "bottom" } },
  table: { showHeader: true },
};
