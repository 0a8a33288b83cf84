import assert from "node:assert/strict";
import { environments } from "../../../components/model/system.ts";
import { prometheusRules } from "../../../components/observability/alerts.ts";
import { systemDashboard } from "../../../components/observability/dashboards.ts";
import { resolve } from "../../../settings/resolve.ts";
import { systems } from "../../../systems/index.ts";
import { exporterMetrics } from "./exporter-metrics.ts";
import { parsePromql } from "./promql.ts";

const sandbox = { kubeconfig: "/k", context: "c", server: "https://127.0.0.1:6443", charts: "/charts" };

function model(system: string, environment: string) {
  const config = { "keelson:system": system, "keelson:environment": environment };
  return resolve({ config, stack: environment, systems, sandbox }).platform;
}

/** What is wrong with an expression: metrics that no exporter has, labels that they do not carry. */
function faults(expression: string): string[] {
  const { selectors, groupings } = parsePromql(expression);
  assert.ok(selectors.length, `asks for nothing: ${expression}`);
  const known = new Set<string>();
  const wrong = selectors.flatMap(({ metric, labels }) => {
    const has = exporterMetrics.get(metric);
    for (const label of has ?? []) known.add(label);
    if (!has) return [`there is no metric ${metric}`];
    return labels.filter((label) => !has.has(label)).map((label) => `${metric} has no label ${label}`);
  });
  return [...wrong, ...groupings.filter((label) => !known.has(label)).map((label) => `nothing has the label ${label}`)];
}

interface Panel {
  id: number;
  type: string;
  title: string;
  targets?: { expr: string; refId: string }[];
  gridPos: { x: number; y: number; w: number; h: number };
}

describe("the reader of PromQL", () => {
  it("refuses what is none", () => {
    for (const wrong of ["up{", "rate(up)[5m", "sum by namespace (up)", "up ==", "a b"])
      assert.throws(() => parsePromql(wrong), /no PromQL/, wrong);
  });

  it("finds metrics and labels that do not exist", () => {
    assert.deepEqual(faults('upp{job="a"} == 0'), ["there is no metric upp"]);
    assert.deepEqual(faults('up{jobb="a"} == 0'), ["up has no label jobb"]);
    assert.deepEqual(faults("sum by (deployment) (up)"), ["nothing has the label deployment"]);
    assert.deepEqual(faults("container_memory_working_set_bytes / container_memory_limit_bytes > 0.9"), [
      "there is no metric container_memory_limit_bytes",
    ]);
  });
});

for (const system of Object.keys(systems)) {
  for (const environment of environments) {
    describe(`what ${system} in ${environment} is watched by`, () => {
      const platform = model(system, environment);
      const rules = prometheusRules(platform, { name: system, namespace: platform.namespace, labels: {} });
      const alerts = rules.flatMap(({ spec }) =>
        (spec.groups as { rules: Record<string, string>[] }[]).flatMap((group) => group.rules),
      );

      it("has alerts whose expressions ask for what there is, in the system's namespace only", () => {
        for (const { alert = "", expr = "" } of alerts) {
          assert.deepEqual(faults(expr), [], `${alert}: ${expr}`);
          for (const { labels, metric } of parsePromql(expr).selectors)
            assert.ok(labels.includes("namespace"), `${alert}: ${metric}`);
          assert.ok(!expr.includes("$"), alert);
        }
      });

      it("has alerts that say what to do and when, each once", () => {
        const names = alerts.map(({ alert }) => alert);
        assert.deepEqual(names, [...new Set(names)]);
        for (const { alert, for: held, annotations } of alerts as unknown as {
          alert: string;
          for: string;
          annotations: { summary: string };
        }[]) {
          assert.match(held, /^\d+[mh]$/, alert);
          assert.ok(annotations.summary, alert);
        }
      });

      for (const [name, shown] of Object.entries(platform.dashboards)) {
        const dashboard = systemDashboard(name, shown, platform);
        const panels = dashboard.panels as Panel[];

        it(`has a dashboard ${name} whose expressions ask for what there is`, () => {
          const targets = panels.flatMap(({ title, targets = [] }) => targets.map((one) => ({ title, ...one })));
          assert.ok(targets.length);
          for (const { title, expr } of targets) assert.deepEqual(faults(expr), [], `${title}: ${expr}`);
        });

        it(`has a dashboard ${name} that shows each service, and nothing twice or on top of another`, () => {
          const titles = panels.filter(({ type }) => type === "row").map(({ title }) => title);
          for (const service of shown.services ?? Object.keys(platform.services))
            assert.ok(titles.includes(`Service ${service}`), service);
          assert.equal(new Set(panels.map(({ id }) => id)).size, panels.length);
          const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) => {
            assert.ok(x + w <= 24);
            return Array.from({ length: w * h }, (_, index) => `${x + (index % w)},${y + Math.floor(index / w)}`);
          });
          assert.equal(new Set(cells).size, cells.length);
          assert.ok(String(dashboard.uid).length <= 40);
        });
      }
    });
  }
}
