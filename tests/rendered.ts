import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";

/** A Kubernetes object as tests look into it: any field may be asked for, and is checked by what is expected of it. */
export interface Rendered {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; labels?: Record<string, string>; annotations?: Record<string, string> };
  // biome-ignore lint/suspicious/noExplicitAny: objects of thirty kinds; a wrong path fails the assertion that reads it.
  [field: string]: any;
}

/** Runs the render command as people do. */
export function render(...args: string[]): Promise<{ stdout: string; stderr: string; exitCode?: number | undefined }> {
  return execa("node", ["--import", "./commands/check-node.mjs", "commands/render.ts", ...args], {
    reject: false,
    stdin: "ignore",
  });
}

const memory = new Map<string, Promise<Rendered[]>>();

/** Every object of a system in an environment, with placeholders for secrets; rendered once a run. */
export function renderedObjects(system: string, environment: string): Promise<Rendered[]> {
  const key = `${system} ${environment}`;
  const found = memory.get(key) ?? load(system, environment);
  memory.set(key, found);
  return found;
}

/** What is rendered is kept for the other processes of one `npm test`. */
async function load(system: string, environment: string): Promise<Rendered[]> {
  const folder = process.env.KEELSON_TEST_RUN;
  const kept = folder ? join(folder, `${system}-${environment}.json`) : undefined;
  const text = (kept && (await readFile(kept, "utf8").catch(() => ""))) || (await renderAll(system, environment));
  if (kept) {
    const own = `${kept}.${process.pid}`;
    await writeFile(own, text);
    await rename(own, kept);
  }
  return JSON.parse(text) as Rendered[];
}

async function renderAll(system: string, environment: string): Promise<string> {
  const { stdout, stderr, exitCode } = await render(
    "--system",
    system,
    "--environment",
    environment,
    "--json",
    "--show-secrets",
  );
  if (exitCode !== 0) throw new Error(stderr);
  return stdout;
}

/** The one object of a kind and name. */
export function object(objects: Rendered[], kind: string, name: string, namespace?: string): Rendered {
  const found = objects.filter(
    (one) => one.kind === kind && one.metadata.name === name && (!namespace || one.metadata.namespace === namespace),
  );
  if (found.length !== 1 || !found[0]) throw new Error(`expected one ${kind} ${name}, found ${found.length}`);
  return found[0];
}

/** The values of a Secret in plain text. */
export function secretData(secret: Rendered): Record<string, string> {
  const encoded = Object.entries((secret.data ?? {}) as Record<string, string>).map(([key, value]) => [
    key,
    Buffer.from(value, "base64").toString(),
  ]);
  return { ...Object.fromEntries(encoded), ...(secret.stringData as Record<string, string> | undefined) };
}

/** Whether a label selector with matchLabels only selects these labels. */
export function selects(matchLabels: Record<string, string> = {}, labels: Record<string, string> = {}): boolean {
  return Object.entries(matchLabels).every(([key, value]) => labels[key] === value);
}

/** Pods that the Prometheus operator makes of its own objects, with the labels that it gives them (prometheus-operator, `pkg/prometheus`). */
export function operatedPods(
  objects: Rendered[],
): { owner: Rendered; labels: Record<string, string>; namespace: string }[] {
  return objects
    .filter(({ kind }) => kind === "Prometheus" || kind === "Alertmanager")
    .map((owner) => {
      const kind = owner.kind.toLowerCase();
      const own = kind === "prometheus" ? "operator.prometheus.io/name" : "alertmanager";
      const labels = { "app.kubernetes.io/name": kind, [own]: owner.metadata.name };
      return { owner, labels, namespace: owner.metadata.namespace ?? "" };
    });
}

/** The pod templates of all workloads. */
export function podTemplates(
  objects: Rendered[],
): { owner: Rendered; labels: Record<string, string>; namespace: string; spec: Rendered["spec"] }[] {
  return objects
    .filter(({ kind }) => ["Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob"].includes(kind))
    .map((owner) => {
      const { template } = owner.kind === "CronJob" ? owner.spec.jobTemplate.spec : owner.spec;
      const { labels } = template.metadata;
      return { owner, labels, namespace: owner.metadata.namespace ?? "", spec: template.spec };
    });
}
