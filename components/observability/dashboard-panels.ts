/** One query of a panel and what its lines are called. */
export interface Query {
  expr: string;
  legend: string;
}

/** A panel before it has its place. */
export interface Panel {
  title: string;
  kind: "timeseries" | "stat";
  /** Grafana's name of the unit: percentunit, bytes, reqps, s, short. */
  unit: string;
  queries: Query[];
  /** Columns of 24 that it takes. */
  width: number;
  description?: string;
}

/** A heading and the panels below it. */
export interface Row {
  title: string;
  panels: Panel[];
}

const datasource = { type: "prometheus", uid: "$datasource" };

/** The dashboard as Grafana stores it (schema version 42, Grafana 12 and newer). */
export function grafanaDashboard(uid: string, title: string, tags: string[], rows: Row[]): Record<string, unknown> {
  return {
    uid,
    title,
    tags,
    schemaVersion: 42,
    version: 1,
    editable: false,
    graphTooltip: 1,
    timezone: "browser",
    refresh: "1m",
    time: { from: "now-6h", to: "now" },
    annotations: { list: [] },
    links: [],
    templating: {
      list: [
        { name: "datasource", label: "Data source", type: "datasource", query: "prometheus", hide: 0, refresh: 1 },
      ],
    },
    panels: placed(rows),
  };
}

function placed(rows: Row[]): Record<string, unknown>[] {
  const height = 7;
  const all: Record<string, unknown>[] = [];
  let y = 0;
  for (const { title, panels } of rows) {
    const id = () => all.length + 1;
    all.push({ id: id(), type: "row", title, collapsed: false, panels: [], gridPos: { x: 0, y, w: 24, h: 1 } });
    y += 1;
    let x = 0;
    for (const panel of panels) {
      if (x + panel.width > 24) {
        x = 0;
        y += height;
      }
      all.push({ id: id(), ...drawn(panel), gridPos: { x, y, w: panel.width, h: height } });
      x += panel.width;
    }
    y += height;
  }
  return all;
}

function drawn({ title, kind, unit, queries, description }: Panel): Record<string, unknown> {
  return {
    type: kind,
    title,
    ...(description ? { description } : {}),
    datasource,
    targets: queries.map(({ expr, legend }, index) => ({
      refId: String.fromCharCode(65 + index),
      datasource,
      expr,
      legendFormat: legend,
      ...(kind === "stat" ? { instant: true, range: false } : { range: true }),
    })),
    fieldConfig: {
      defaults: {
        unit,
        min: 0,
        ...(kind === "timeseries" ? { custom: { fillOpacity: 10, showPoints: "never" } } : {}),
      },
      overrides: [],
    },
    options:
      kind === "stat"
        ? {
            reduceOptions: { calcs: ["lastNotNull"], fields: "", values: false },
            colorMode: "value",
            graphMode: "none",
          }
        : {
            legend: { displayMode: "list", placement: "bottom", showLegend: true },
            tooltip: { mode: "multi", sort: "desc" },
          },
  };
}
