import { stackLabel } from "./names.ts";
import { inhabited, type PlatformModel, type Problem } from "./system.ts";

type Model = Pick<PlatformModel, "namespace" | "namespaceLabels" | "addons"> & Parameters<typeof inhabited>[0];

/** The namespace of the node-exporters: they mount the host's files, which no other part of the monitoring may. */
export function nodeExporterNamespace(monitoring: string): string {
  return `${monitoring}-nodes`;
}

/** Namespaces that a stack cannot make: two of one name, Kubernetes' own, names that are too long. */
export function checkNamespaces(model: Model): Problem[] {
  return [...checkMade(model), ...checkLabels(model)];
}

function checkLabels({ namespaceLabels }: Model): Problem[] {
  if (!Object.hasOwn(namespaceLabels, stackLabel)) return [];
  return [{ path: ["namespaceLabels", stackLabel], message: "is made for you, of the stack's name", fix: "remove it" }];
}

function checkMade(model: Model): Problem[] {
  const taken = new Map<string, string>();
  return madeNamespaces(model).flatMap(({ path, name }): Problem[] => {
    const other = taken.get(name);
    taken.set(name, path.join("."));
    if (other)
      return [{ path, message: `"${name}" is taken by ${other}`, fix: "a namespace of its own for each owned add-on" }];
    if (name === "default" || name.startsWith("kube-"))
      return [{ path, message: `"${name}" is Kubernetes' own`, fix: "a namespace that the stack can make" }];
    if (name.length > 63)
      return [
        {
          path,
          message: `the nodes' metrics would live in "${name}", which has ${name.length} characters`,
          fix: "at most 57 characters, which with -nodes are 63",
        },
      ];
    return [];
  });
}

/** Every namespace that a stack makes: the system's, and one for each add-on that it owns. */
function madeNamespaces(model: Model): { path: string[]; name: string }[] {
  const { certManager, ingressNginx, monitoring, externalSecrets, velero } = model.addons;
  const addons = Object.entries({ certManager, ingressNginx, monitoring, externalSecrets, velero }).flatMap(
    ([addon, made]) =>
      made?.ownership === "own" ? [{ path: ["addons", addon, "namespace"], name: made.namespace }] : [],
  );
  const nodes =
    monitoring?.ownership === "own" && monitoring.nodeMetrics
      ? [{ path: ["addons", "monitoring", "namespace"], name: nodeExporterNamespace(monitoring.namespace) }]
      : [];
  return [...(inhabited(model) ? [{ path: ["namespace"], name: model.namespace }] : []), ...addons, ...nodes];
}
