import type { Container } from "./containers.ts";
import { Field } from "./field.ts";
import type { KubernetesObject } from "./object.ts";
import { groupKind, nameIn } from "./object.ts";
import type { Labels } from "./selector.ts";

/** What an operator makes of a custom resource of one kind. */
interface OperatorPods {
  /** The container whose resources it sets: in `spec`, or in the first container of a template below it. */
  readonly container: string;
  /** Whether it sets them in the template only. */
  readonly templated?: true;
  /** The labels that its pods get. */
  readonly labels: (name: string) => Labels;
  /** The Secrets that it makes for others to use. */
  readonly secrets?: (name: string) => readonly string[];
  /** The Services that it makes. */
  readonly services?: (name: string) => readonly string[];
}

/** Custom resources of which an operator makes pods whose template is its own. */
const operatorPods: Readonly<Record<string, OperatorPods>> = {
  "monitoring.coreos.com/Prometheus": {
    container: "prometheus",
    labels: (name) => ({
      prometheus: name,
      "operator.prometheus.io/name": name,
      ...prometheusLabels("prometheus", name),
    }),
    services: () => ["prometheus-operated"],
  },
  "monitoring.coreos.com/PrometheusAgent": {
    container: "prometheus",
    labels: (name) => prometheusLabels("prometheus-agent", name),
    services: () => ["prometheus-agent-operated"],
  },
  "monitoring.coreos.com/Alertmanager": {
    container: "alertmanager",
    labels: (name) => ({ alertmanager: name, ...prometheusLabels("alertmanager", name) }),
    services: () => ["alertmanager-operated"],
  },
  "monitoring.coreos.com/ThanosRuler": {
    container: "thanos-ruler",
    labels: (name) => ({ "thanos-ruler": name, ...prometheusLabels("thanos-ruler", name) }),
    services: () => ["thanos-ruler-operated"],
  },
  "postgresql.cnpg.io/Cluster": {
    container: "postgres",
    labels: (name) => ({ "cnpg.io/cluster": name, "cnpg.io/podRole": "instance", role: "primary" }),
    secrets: (name) => ["app", "superuser", "ca", "server", "replication"].map((suffix) => `${name}-${suffix}`),
    services: (name) => ["rw", "ro", "r"].map((suffix) => `${name}-${suffix}`),
  },
  "postgresql.cnpg.io/Pooler": {
    container: "pgbouncer",
    templated: true,
    labels: (name) => ({ "cnpg.io/poolerName": name }),
    services: (name) => [name],
  },
};

/**
 * The labels of the pods that an operator makes of an object; undefined if none does.
 * @throws NotKnown
 */
export function operatorPodLabels(object: KubernetesObject): Labels | undefined {
  return operatorPods[groupKind(object)]?.labels(nameIn(object));
}

/**
 * The Secrets that an operator makes of an object.
 * @throws NotKnown
 */
export function operatorSecrets(object: KubernetesObject): readonly string[] {
  return operatorPods[groupKind(object)]?.secrets?.(nameIn(object)) ?? [];
}

/**
 * The Services that an operator makes of an object.
 * @throws NotKnown
 */
export function operatorServices(object: KubernetesObject): readonly string[] {
  return operatorPods[groupKind(object)]?.services?.(nameIn(object)) ?? [];
}

function prometheusLabels(application: string, name: string): Labels {
  return {
    "app.kubernetes.io/name": application,
    "app.kubernetes.io/instance": name,
    "app.kubernetes.io/managed-by": "prometheus-operator",
  };
}

/** Whether an operator makes pods of an object. */
export function makesOperatorPods(object: KubernetesObject): boolean {
  return groupKind(object) in operatorPods;
}

/** The container of which an object says what it needs, where an operator makes the pods and all the rest of them. */
export function operatorContainers(object: KubernetesObject): Container[] {
  const made = operatorPods[groupKind(object)];
  if (!made) return [];
  const spec = object.body.at("spec");
  const containers = spec.at("template", "spec", "containers");
  const [own] = containers.items();
  const field = own ?? (made.templated ? containers : spec);
  const pod = { field: nothing, metadata: nothing, longRunning: true };
  return [{ name: made.container, field, pod, position: "containers", stays: true, longRunning: true }];
}

const nothing = Field.root(undefined);
