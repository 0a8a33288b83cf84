import { join } from "node:path";
import { kubectl } from "./control-plane.ts";
import { writeIfChanged } from "./files.ts";
import type { SandboxPaths } from "./paths.ts";
import { SandboxError } from "./progress.ts";

/*
 * What a cluster has where an add-on is declared present: its kinds, its namespace, its classes. Nothing works behind them. There is
 * never an APIService among them: one without a backend keeps every namespace from being deleted.
 */

/** Kinds of one API group. A kind's plural is its name in lower case with an "s". */
interface Kinds {
  group: string;
  /** Served versions; objects are stored in the first. */
  versions: string[];
  namespaced?: string[];
  cluster?: string[];
}

interface SimulatedAddon {
  /** Namespace that it runs in, unless a stack says another. */
  namespace?: string;
  kinds?: Kinds[];
  /** Objects beside kinds and namespace. */
  objects?: Record<string, unknown>[];
  /** A stack may install it itself: it is there only where a stack relies on it and no other in the sandbox owns it. */
  ownable?: boolean;
}

/** Every add-on that a stack may declare present, by its name under keelson:addons. */
const addons: Record<string, SimulatedAddon> = {
  certManager: {
    ownable: true,
    namespace: "cert-manager",
    kinds: [
      {
        group: "cert-manager.io",
        versions: ["v1"],
        namespaced: ["Certificate", "CertificateRequest", "Issuer"],
        cluster: ["ClusterIssuer"],
      },
      { group: "acme.cert-manager.io", versions: ["v1"], namespaced: ["Challenge", "Order"] },
    ],
  },
  ingressNginx: {
    ownable: true,
    namespace: "ingress-nginx",
    objects: [
      {
        apiVersion: "networking.k8s.io/v1",
        kind: "IngressClass",
        metadata: { name: "nginx" },
        spec: { controller: "k8s.io/ingress-nginx" },
      },
    ],
  },
  monitoring: {
    ownable: true,
    namespace: "monitoring",
    kinds: [
      {
        group: "monitoring.coreos.com",
        versions: ["v1"],
        namespaced: [
          "Alertmanager",
          "PodMonitor",
          "Probe",
          "Prometheus",
          "PrometheusRule",
          "ServiceMonitor",
          "ThanosRuler",
        ],
      },
      {
        group: "monitoring.coreos.com",
        versions: ["v1alpha1"],
        namespaced: ["AlertmanagerConfig", "PrometheusAgent", "ScrapeConfig"],
      },
    ],
  },
  velero: {
    ownable: true,
    namespace: "velero",
    kinds: [
      {
        group: "velero.io",
        versions: ["v1"],
        namespaced: ["Backup", "BackupStorageLocation", "Restore", "Schedule", "VolumeSnapshotLocation"],
      },
    ],
  },
  verticalPodAutoscaler: {
    kinds: [
      {
        group: "autoscaling.k8s.io",
        versions: ["v1"],
        namespaced: ["VerticalPodAutoscaler", "VerticalPodAutoscalerCheckpoint"],
      },
    ],
  },
  externalSecrets: {
    ownable: true,
    namespace: "external-secrets",
    kinds: [
      {
        group: "external-secrets.io",
        versions: ["v1"],
        namespaced: ["ExternalSecret", "SecretStore"],
        cluster: ["ClusterExternalSecret", "ClusterSecretStore"],
      },
    ],
  },
  argoCd: {
    namespace: "argocd",
    kinds: [
      { group: "argoproj.io", versions: ["v1alpha1"], namespaced: ["Application", "ApplicationSet", "AppProject"] },
    ],
  },
  flux: {
    namespace: "flux-system",
    kinds: [
      {
        group: "source.toolkit.fluxcd.io",
        versions: ["v1"],
        namespaced: ["Bucket", "GitRepository", "HelmChart", "HelmRepository", "OCIRepository"],
      },
      { group: "helm.toolkit.fluxcd.io", versions: ["v2"], namespaced: ["HelmRelease"] },
      { group: "kustomize.toolkit.fluxcd.io", versions: ["v1"], namespaced: ["Kustomization"] },
    ],
  },
  pulumiOperator: {
    namespace: "pulumi-kubernetes-operator",
    kinds: [{ group: "pulumi.com", versions: ["v1"], namespaced: ["Program", "Stack"] }],
  },
};

/** Label of everything simulated here; its value is the add-on's name. */
export const simulatedAddon = "keelson.dev/simulated-addon";

/** Names of the add-ons that are there only where a stack relies on them. */
export const ownableAddons = Object.keys(addons).filter((name) => addons[name]?.ownable);

/** The objects that stand for an add-on, with its namespace under a name of the stack's choice. */
export function simulatedObjects(name: string, namespace?: string): Record<string, unknown>[] {
  const addon = addons[name];
  const own = namespace ?? addon?.namespace;
  const objects = [
    ...(own ? [{ apiVersion: "v1", kind: "Namespace", metadata: { name: own } }] : []),
    ...(addon?.kinds ?? []).flatMap(definitions),
    ...(addon?.objects ?? []),
  ];
  return objects.map((object) => ({
    ...object,
    metadata: { ...(object.metadata as object), labels: { [simulatedAddon]: name } },
  }));
}

function definitions({ group, versions, namespaced = [], cluster = [] }: Kinds): Record<string, unknown>[] {
  const scopes = [...namespaced.map((kind) => [kind, "Namespaced"]), ...cluster.map((kind) => [kind, "Cluster"])];
  return scopes.map(([kind = "", scope]) => {
    const plural = pluralOf(kind);
    return {
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata: {
        name: `${plural}.${group}`,
        // The API server wants a word of approval for groups of Kubernetes' own.
        annotations: { "api-approved.kubernetes.io": "unapproved, simulated" },
      },
      spec: {
        group,
        scope,
        names: { kind, listKind: `${kind}List`, plural, singular: kind.toLowerCase() },
        versions: versions.map((name, index) => ({
          name,
          served: true,
          storage: index === 0,
          subresources: { status: {} },
          schema: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
        })),
      },
    };
  });
}

function pluralOf(kind: string): string {
  const name = kind.toLowerCase();
  if (name.endsWith("y")) return `${name.slice(0, -1)}ies`;
  return /s$/.test(name) ? `${name}es` : `${name}s`;
}

/** Writes what stands for the add-ons that no stack installs, for the start of the cluster. @returns the file. */
export async function writeConstantAddons(paths: SandboxPaths): Promise<string> {
  const names = Object.keys(addons).filter((name) => !ownableAddons.includes(name));
  const file = join(paths.cluster, "addons.json");
  await writeIfChanged(file, listOf(names.flatMap((name) => simulatedObjects(name))));
  return file;
}

/** Lets the cluster have add-ons that a stack relies on: by name, with their namespaces. */
export async function simulateAddons(paths: SandboxPaths, wanted: Map<string, string | undefined>): Promise<void> {
  const objects = [...wanted].flatMap(([name, namespace]) => simulatedObjects(name, namespace));
  if (!objects.length) return;
  await must(paths, ["apply", "--server-side", "-f", "-"], listOf(objects));
  await must(paths, ["wait", "--for=condition=Established", "crd", "--selector", simulatedAddon, "--timeout=30s"]);
}

/** Takes simulated add-ons away again, because a stack installs them itself. @returns the names of those that were there. */
export async function removeSimulatedAddons(paths: SandboxPaths, names: readonly string[]): Promise<string[]> {
  if (!names.length) return [];
  const kinds = "customresourcedefinitions,ingressclasses,namespaces";
  const selector = `${simulatedAddon} in (${names.join(",")})`;
  const { stdout } = await kubectl(paths, ["get", kinds, "--selector", selector, "-o", "json"]);
  const items = (JSON.parse(stdout || "{}") as { items?: { metadata: { labels: Record<string, string> } }[] }).items;
  const found = [...new Set((items ?? []).flatMap(({ metadata }) => metadata.labels[simulatedAddon] ?? []))].sort();
  if (found.length) await removeAll(paths, kinds, selector);
  return found;
}

/** Until what was selected is gone, for a minute at most. */
async function removeAll(paths: SandboxPaths, kinds: string, selector: string): Promise<void> {
  for (let left = 12; ; left--) {
    const { failed, stderr } = await kubectl(paths, ["delete", kinds, "--selector", selector, "--timeout=5s"]);
    if (!failed) return;
    if (!left || !stderr.includes("timed out waiting")) throw notSimulated(stderr);
    // The finalizer of a CRD that is deleted before its storage was used fails at first ("storage is (re)initializing"), and where its
    // second try meets a conflict it forgets the CRD until the resync, five minutes later. A change makes it look again.
    const touch = `keelson.dev/touched=${left}`;
    await kubectl(paths, ["annotate", "customresourcedefinitions", "--selector", selector, touch, "--overwrite"]);
  }
}

function listOf(items: Record<string, unknown>[]): string {
  return JSON.stringify({ apiVersion: "v1", kind: "List", items });
}

async function must(paths: SandboxPaths, args: readonly string[], input?: string): Promise<void> {
  const { failed, stderr } = await kubectl(paths, args, input);
  if (failed) throw notSimulated(stderr);
}

function notSimulated(stderr: string): SandboxError {
  return new SandboxError(`add-ons could not be simulated:\n${stderr}`);
}
