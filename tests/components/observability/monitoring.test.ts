import assert from "node:assert/strict";
import { addonRelations } from "../../../components/edge/addon-relations.ts";
import { ClusterAddons } from "../../../components/edge/cluster-addons.ts";
import { addonsSchema } from "../../../components/model/addons.ts";
import { allows, type PodGroup, podGroups } from "../../../components/model/relations.ts";
import { networkSchema, type PlatformModel } from "../../../components/model/system.ts";
import { Monitoring, type MonitoringArgs } from "../../../components/observability/monitoring.ts";
import { prometheus, scrapeRelations } from "../../../components/observability/monitoring-relations.ts";
import { SystemMonitoring } from "../../../components/observability/system-monitoring.ts";
import { resolve } from "../../../settings/resolve.ts";
import { systems } from "../../../systems/index.ts";
import { asPreviewAndUpdate, only, type Registered, record } from "../mocks.ts";

const sandbox = { kubeconfig: "/k", context: "c", server: "https://127.0.0.1:6443", charts: "/charts" };

function model(config: Record<string, string>): PlatformModel {
  return resolve({ config: { "keelson:environment": "prod", ...config }, stack: "prod", systems, sandbox }).platform;
}
const assistant = () => model({ "keelson:system": "ai-assistant-mvp" });

const kinds = (made: Registered[]) => made.map(({ type }) => type.split(":").at(-1)).sort();
const named = (made: Registered[], kind: string) =>
  made
    .filter(({ type }) => type.endsWith(`:${kind}`))
    .map(({ inputs }) => (inputs as unknown as { metadata: { name: string; namespace: string } }).metadata);

describe("Monitoring", () => {
  asPreviewAndUpdate((preview) => {
    const make = (args: MonitoringArgs = {}) => record(preview, () => new Monitoring("watch", args));

    it("is one chart and the Secret with Grafana's administrator, which the chart is told by name", async () => {
      const made = await make();
      assert.deepEqual(kinds(made), ["Chart", "Monitoring", "RandomPassword", "Secret", "Secret"]);
      const chart = only(made, "Chart").inputs as unknown as {
        name: string;
        values: { grafana: { admin: Record<string, string> } };
      };
      assert.equal(chart.name, "prometheus");
      const { existingSecret, passwordKey = "" } = chart.values.grafana.admin;
      const secret = made.find(({ type }) => type === "kubernetes:core/v1:Secret")?.inputs as unknown as {
        metadata: { name: string; namespace: string };
      };
      assert.deepEqual([secret.metadata.name, secret.metadata.namespace], [existingSecret, "monitoring"]);
      // The generated password is named after the key that it is kept under.
      assert.ok(only(made, "RandomPassword").name.endsWith(`-${passwordKey}`));
    });

    it("makes nothing that another stack owns", async () => {
      assert.deepEqual(kinds(await make({ ownership: "present" })), ["Monitoring"]);
    });
  });
});

describe("SystemMonitoring", () => {
  asPreviewAndUpdate((preview) => {
    const make = (platform: PlatformModel) => record(preview, () => new SystemMonitoring("watch", { model: platform }));

    it("makes a monitor of each service with metrics, the rules, and dashboards where Grafana looks for them", async () => {
      const made = await make(assistant());
      assert.deepEqual(
        named(made, "ServiceMonitor").map(({ name }) => name),
        ["ai-assistant"],
      );
      assert.deepEqual(
        named(made, "PrometheusRule")
          .map(({ name }) => name)
          .sort(),
        ["ai-assistant-alerts", "ai-assistant-mvp-system"],
      );
      const [dashboard] = named(made, "ConfigMap");
      assert.deepEqual([dashboard?.name, dashboard?.namespace], ["ai-assistant-dashboard", "monitoring"]);
    });

    it("names the dashboards of other environments after them, since all lie in one namespace", async () => {
      const [dashboard] = named(await make({ ...assistant(), environment: "staging" }), "ConfigMap");
      assert.equal(dashboard?.name, "ai-assistant-dashboard-staging");
    });

    it("makes nothing where nothing would look at it", async () => {
      const { monitoring: _, ...addons } = assistant().addons;
      assert.deepEqual(kinds(await make({ ...assistant(), addons })), ["SystemMonitoring"]);
    });
  });
});

describe("what the monitoring says to others", () => {
  const addons = addonsSchema.parse({ certManager: {}, ingressNginx: {}, monitoring: { nodeMetrics: true } });
  const relations = addonRelations(addons);
  const group = (id: string): PodGroup => {
    const found = podGroups(relations).find((one) => one.id === id);
    assert.ok(found, id);
    return found;
  };

  it("lets Prometheus ask every part, the kubelets and the add-ons, and nobody ask for more", () => {
    const server = group("prometheus");
    for (const [id, port] of [
      ["alertmanager", 9093],
      ["prometheus-operator", 10250],
      ["kube-state-metrics", 8080],
      ["grafana", 3000],
      ["node-exporter", 9100],
      ["cert-manager", 9402],
      ["ingress-nginx-controller", 10254],
    ] as const)
      assert.ok(allows(relations, server, group(id), port), id);
    assert.ok(allows(relations, server, "nodes", 10250));
    assert.ok(allows(relations, group("grafana"), server, 9090));
    assert.equal(allows(relations, group("grafana"), "internet", 443), false);
    assert.equal(allows(relations, server, "internet", 443), false);
  });

  it("lets Prometheus ask the services that declare metrics, and no others", () => {
    const platform = assistant();
    const scrapes = scrapeRelations(platform);
    assert.deepEqual(
      scrapes.map(({ to, ports }) => [(to as PodGroup).id, ports]),
      [["ai-assistant", [{ port: 8000 }]]],
    );
    assert.deepEqual(scrapes[0]?.from, prometheus(platform.addons));
  });

  it("lets an adapter in the monitoring's namespace serve, and one elsewhere ask", () => {
    const within = (namespace: string) =>
      addonRelations(addonsSchema.parse({ monitoring: {}, metricsAdapter: { namespace } }));
    const asks = (namespace: string) =>
      within(namespace).filter(({ from }) => (from as PodGroup).id === "prometheus-adapter");
    assert.deepEqual(
      asks("elsewhere").map(({ to }) => (to as PodGroup).id),
      ["prometheus"],
    );
    assert.ok(asks("monitoring").some(({ to }) => to === "api-server"));
  });

  asPreviewAndUpdate((preview) => {
    it("adds to another stack's Prometheus the policy that lets it out to ours", async () => {
      const present = addonsSchema.parse({ monitoring: { ownership: "present" } });
      const platform = { ...assistant(), addons: present };
      const made = await record(
        preview,
        () =>
          new ClusterAddons("addons", {
            addons: present,
            network: networkSchema.parse({}),
            relations: scrapeRelations(platform),
            guest: "shop",
          }),
      );
      const [policy] = made.filter(({ type }) => type.endsWith(":NetworkPolicy"));
      const { metadata, spec } = (policy as Registered).inputs as unknown as {
        metadata: { name: string; namespace: string };
        spec: { podSelector: { matchLabels: Record<string, string> }; egress: { ports: { port: number }[] }[] };
      };
      assert.match(metadata.name, /^prometheus-to-shop/);
      assert.equal(metadata.namespace, "monitoring");
      assert.deepEqual(spec.podSelector.matchLabels, { "app.kubernetes.io/name": "prometheus" });
      assert.ok(spec.egress.some(({ ports }) => ports.some(({ port }) => port === 8000)));
    });
  });
});
