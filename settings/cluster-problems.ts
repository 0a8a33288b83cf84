import { labelValue, stackLabel } from "../components/model/names.ts";
import { inhabited, type PlatformModel, type Problem } from "../components/model/system.ts";

/** What of a cluster can make an update end half-way. Undefined where we may not look. */
export interface ClusterView {
  /** Names of the storage classes. */
  storageClasses: string[] | undefined;
  /** Labels of the system's namespace; undefined where there is none yet, or we may not look. */
  namespaceLabels: Record<string, string> | undefined;
}

/** What in a cluster is in the way of a system: classes that are not there, a namespace that is somebody else's. */
export function clusterProblems({ storageClasses, namespaceLabels }: ClusterView, model: PlatformModel): Problem[] {
  const missing = storageClasses
    ? namedClasses(model)
        .filter(({ name }) => !storageClasses.includes(name))
        .map(({ path, name }) => ({
          path,
          message: `the cluster has no storage class "${name}"`,
          fix: storageClasses.length
            ? `one of: ${storageClasses.toSorted().join(", ")}`
            : "it has none at all; make one",
        }))
    : [];
  return [...missing, ...(namespaceLabels && inhabited(model) ? foreign(namespaceLabels, model) : [])];
}

function foreign(
  labels: Record<string, string>,
  { name, namespace, stack }: Pick<PlatformModel, "name" | "namespace" | "stack">,
): Problem[] {
  const owner = labels["app.kubernetes.io/managed-by"];
  const instance = labels["app.kubernetes.io/instance"];
  if (owner === "pulumi" && instance === name) {
    const other = labels[stackLabel];
    // One from before namespaces were labelled so may be anybody's of the same system, and most likely is this stack's.
    if (!other || !stack || other === labelValue(stack)) return [];
    return [
      {
        path: ["namespace"],
        message: `the cluster holds the namespace "${namespace}" for the stack ${other} of the same system`,
        fix: `another namespace; after a rename of the stack: kubectl label namespace ${namespace} ${stackLabel}=${labelValue(stack)} --overwrite`,
      },
    ];
  }
  const whose = owner ? `managed by ${owner}${instance ? `, a part of ${instance}` : ""}` : "no label says whose it is";
  return [
    {
      path: ["namespace"],
      message: `the cluster holds the namespace "${namespace}" for somebody else (${whose})`,
      fix: "another namespace, or remove that one",
    },
  ];
}

/** Every storage class that a system names, where it does. */
function namedClasses({
  services,
  volumes,
  data,
  addons,
}: Pick<PlatformModel, "services" | "volumes" | "data" | "addons">): { path: string[]; name: string }[] {
  const found: { path: string[]; name: string | undefined }[] = [];
  for (const [service, { volumes: own }] of Object.entries(services)) {
    for (const [volume, claim] of Object.entries(own))
      if ("size" in claim) found.push({ path: ["services", service, "volumes", volume, "class"], name: claim.class });
  }
  for (const [volume, claim] of Object.entries(volumes))
    found.push({ path: ["volumes", volume, "class"], name: claim.class });
  for (const [store, description] of Object.entries(data).filter(([, { existing }]) => !existing)) {
    found.push({ path: ["data", store, "storage", "class"], name: description.storage.class });
    const [field, copies] =
      description.engine === "postgresql"
        ? (["readReplicas", description.readReplicas] as const)
        : (["replicas", description.replicas] as const);
    if (copies) found.push({ path: ["data", store, field, "storage", "class"], name: copies.storage.class });
    if (description.engine === "postgresql" && description.backup)
      found.push({ path: ["data", store, "backup", "storage", "class"], name: description.backup.storage.class });
  }
  if (addons.monitoring?.ownership === "own")
    found.push({ path: ["addons", "monitoring", "storage", "class"], name: addons.monitoring.storage.class });
  return found.flatMap(({ path, name }) => (name ? [{ path, name }] : []));
}
