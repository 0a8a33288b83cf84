import type { PodGroup } from "../../components/model/relations.ts";
import type { Rendered } from "../rendered.ts";
import { type Endpoint, type Pod, type Policy, selects, type World } from "./evaluator.ts";

/** A cluster with a system in it, and who else may be there. */
export interface Scene {
  world: World;
  endpoints: Endpoint[];
  ports: { port: number; protocol: string }[];
}

const metadataName = "kubernetes.io/metadata.name";

/**
 * The pods of all rendered workloads, one of each; a pod for each group of relations that somebody else makes (solvers, the
 * pods of operators, add-ons of other stacks); strangers; and addresses of every sort.
 */
export function scene(all: Rendered[], groups: PodGroup[], ipBlocksMatchPods: boolean): Scene {
  const pods = all.flatMap((owner): Pod[] => {
    const template = podTemplate(owner);
    // Policies do not apply to pods in the network of their node.
    if (!template || template.spec.hostNetwork) return [];
    return [
      {
        name: `${owner.kind} ${owner.metadata.name}`,
        namespace: owner.metadata.namespace ?? "default",
        labels: template.metadata.labels ?? {},
        ip: "",
        ports: template.spec.containers.flatMap((one: { ports?: Pod["ports"] }) => one.ports ?? []),
      },
    ];
  });
  for (const { id, namespace, labels } of groups) {
    if (!pods.some((pod) => pod.namespace === namespace && selects({ matchLabels: labels }, pod.labels)))
      pods.push({ name: `other's ${id}`, namespace, labels, ip: "", ports: [] });
  }
  const ours = [...new Set(pods.map(({ namespace }) => namespace))];
  for (const namespace of [...ours, "strangers"])
    pods.push({ name: `a stranger in ${namespace}`, namespace, labels: { app: "stranger" }, ip: "", ports: [] });
  const kubeSystem = { namespace: "kube-system", ip: "", ports: [] };
  pods.push({ name: "DNS", labels: { "k8s-app": "kube-dns" }, ...kubeSystem });
  pods.push({ name: "a stranger in kube-system", labels: { app: "stranger" }, ...kubeSystem });
  for (const [index, pod] of pods.entries()) pod.ip = `10.244.${Math.floor(index / 200)}.${(index % 200) + 2}`;

  const namespaces: World["namespaces"] = {};
  for (const { namespace } of pods) namespaces[namespace] = { [metadataName]: namespace };
  for (const { kind, metadata } of all)
    if (kind === "Namespace") namespaces[metadata.name] = { ...metadata.labels, [metadataName]: metadata.name };
  const policies = all.filter(({ kind }) => kind === "NetworkPolicy") as unknown as Policy[];

  const addresses = [
    { name: "the internet", ip: "203.0.113.7" },
    { name: "the internet by IPv6", ip: "2001:4860:4860::8888" },
    { name: "a private address", ip: "192.168.7.7" },
    { name: "a node", ip: "172.20.0.4" },
    { name: "the cloud's metadata service", ip: "169.254.169.254" },
  ];
  return {
    world: { namespaces, policies, ipBlocksMatchPods },
    endpoints: [...pods, ...addresses],
    ports: portsOf(pods, policies),
  };
}

function podTemplate({ kind, spec }: Rendered): Rendered["spec"] | undefined {
  return kind === "CronJob"
    ? spec.jobTemplate.spec.template
    : kind === "Pod"
      ? undefined
      : spec?.template?.spec?.containers && spec.template;
}

/** Every port that a container or a policy names, and some that none should. */
function portsOf(pods: Pod[], policies: Policy[]): Scene["ports"] {
  const found = new Map<string, { port: number; protocol: string }>();
  const add = (port: number, protocol = "TCP") => found.set(`${port}/${protocol}`, { port, protocol });
  for (const { ports } of pods) for (const { containerPort, protocol } of ports) add(containerPort, protocol);
  for (const { spec } of policies)
    for (const { ports } of [...(spec.ingress ?? []), ...(spec.egress ?? [])])
      for (const { port, protocol } of ports ?? []) if (typeof port === "number") add(port, protocol);
  for (const port of [1, 22, 80, 443, 8080, 10250]) add(port);
  for (const port of [53, 443, 8080]) add(port, "UDP");
  return [...found.values()];
}
