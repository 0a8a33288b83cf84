import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { type ChartEntry, catalogue, certManagerEntry } from "../components/charts/catalogue.ts";
import { type ChartValues, chartReference } from "../components/charts/chart.ts";
import { postgresqlValues } from "../components/data/postgresql-values.ts";
import { redisValues } from "../components/data/redis-values.ts";
import { certManagerRelease, certManagerValues } from "../components/edge/cert-manager-values.ts";
import { ingressNginxRelease, ingressNginxValues } from "../components/edge/ingress-nginx-values.ts";
import { monitoringRelease, monitoringValues } from "../components/observability/monitoring-values.ts";
import { veleroRelease, veleroValues } from "../components/operations/velero-values.ts";
import { renderOffline } from "../sandbox/offline.ts";
import { resolve } from "../settings/resolve.ts";
import type { Sandbox } from "../settings/runtime.ts";
import { systems } from "../systems/index.ts";

/** One Helm release and the files that `helm upgrade` reads. */
export interface HelmRelease {
  name: string;
  namespace: string;
  chart: string;
  values: string;
  /** Whether it is a cluster add-on, or the part of the manifests that belongs to them. */
  addon: boolean;
}

/** Value of the chart that holds the services: the image tag of one of them. */
export const tagValue = "gatewayTag";
const tagMark = "bench-tag-mark";

/** Kinds that everything else stands on, in a release of their own. */
const foundation = ["Namespace", "NetworkPolicy", "ResourceQuota", "LimitRange", "Secret"];

/**
 * CodeLab's production as Helm releases: the same charts with the values that our components set, and two charts generated of
 * all other objects that the stack makes.
 * @param folder where the charts and values are written
 * @param sandbox whose charts and placeholders for secrets are taken
 * @returns them in the order in which they must be installed.
 */
export async function helmReleases(folder: string, sandbox: Sandbox): Promise<HelmRelease[]> {
  const config = { "keelson:system": "codelab", "keelson:environment": "prod" };
  const cluster = { context: "bench" };
  const { platform, charts } = resolve({
    config: { ...config, "keelson:cluster": JSON.stringify(cluster) },
    stack: "prod",
    systems,
    sandbox,
  });
  const { certManager, ingressNginx, monitoring, velero } = platform.addons;
  if (!certManager || !ingressNginx || !monitoring || !velero)
    throw new Error("CodeLab is expected to own cert-manager, ingress-nginx, monitoring and Velero");

  const upstream = async (
    name: string,
    namespace: string,
    entry: ChartEntry,
    values: ChartValues,
    addon: boolean,
  ): Promise<HelmRelease> => {
    const { chart } = chartReference(entry, charts);
    return { name, namespace, chart, values: await writeValues(folder, name, values), addon };
  };
  const stores = Object.entries(platform.data).map(([name, store]) =>
    store.engine === "postgresql"
      ? upstream(name, platform.namespace, catalogue.postgresql, postgresqlValues(name, store), false)
      : upstream(name, platform.namespace, catalogue.redis, redisValues(name, store), false),
  );
  const rendered = await renderOffline({
    config: {
      ...config,
      "keelson:cluster": cluster,
      "keelson:services": { gateway: { image: { tag: tagMark } } },
    },
  });
  const own = rendered.filter(({ urn }) => !urn.includes("kubernetes:helm.sh/v4:Chart$")).map(({ object }) => object);
  const isBase = (object: Record<string, unknown>) => foundation.includes(String(object.kind));
  const generated = async (name: string, objects: Record<string, unknown>[]): Promise<HelmRelease> => ({
    name,
    namespace: "default",
    chart: await writeChart(folder, name, objects),
    values: await writeValues(folder, name, { [tagValue]: "1.0.0" }),
    addon: false,
  });
  return [
    await generated("codelab-base", own.filter(isBase)),
    await upstream(
      certManagerRelease,
      certManager.namespace,
      certManagerEntry(certManager.version),
      certManagerValues(certManager),
      true,
    ),
    await upstream(
      ingressNginxRelease(ingressNginx.class),
      ingressNginx.namespace,
      catalogue.ingressNginx,
      ingressNginxValues(ingressNginx),
      true,
    ),
    await upstream(monitoringRelease, monitoring.namespace, catalogue.monitoring, monitoringValues(monitoring), true),
    await upstream(veleroRelease, velero.namespace, catalogue.velero, veleroValues(velero), true),
    ...(await Promise.all(stores)),
    await generated(
      "codelab",
      own.filter((object) => !isBase(object)),
    ),
  ];
}

async function writeValues(folder: string, name: string, values: unknown): Promise<string> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, `${name}-values.yaml`);
  await writeFile(file, stringify(values));
  return file;
}

/** A chart of objects as they are. Only the image tag is a value, so that the objects are read as a file and not as a template. */
async function writeChart(folder: string, name: string, objects: Record<string, unknown>[]): Promise<string> {
  const chart = join(folder, name);
  await mkdir(join(chart, "templates"), { recursive: true });
  await writeFile(join(chart, "Chart.yaml"), stringify({ apiVersion: "v2", name, version: "1.0.0" }));
  await writeFile(join(chart, "objects.yaml"), objects.map((object) => `---\n${stringify(object)}`).join(""));
  const template = `{{ .Files.Get "objects.yaml" | replace "${tagMark}" .Values.${tagValue} }}\n`;
  await writeFile(join(chart, "templates", "objects.yaml"), template);
  return chart;
}
