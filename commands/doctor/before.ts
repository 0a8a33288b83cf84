import { satisfies } from "semver";
import { dataStoreDemands } from "../../components/model/data-store.ts";
import { parseQuantity } from "../../components/model/quantity.ts";
import { inhabited, type PlatformModel } from "../../components/model/system.ts";
import { type ClusterFacts, condition } from "./facts.ts";
import { presence } from "./present-addons.ts";
import { type Finding, some, together } from "./verdict.ts";

/** The oldest Kubernetes whose API takes what we make: `preStop.sleep` is on by default since 1.30. The documents ask for less (000-PRE-1, 001-PRE-1). */
export const minimumKubernetes = "1.30";

/** 000-PRE-1, 001-PRE-1. */
export function kubernetesVersion({ version, context, server }: ClusterFacts): Finding[] {
  const [, major, minor] = /^v?(\d+)\.(\d+)/.exec(version) ?? [];
  const fits = satisfies(`${major}.${minor}.0`, `>=${minimumKubernetes}`);
  const where = `${version} at ${server} (context ${context})`;
  return [
    fits
      ? { check: "Kubernetes", verdict: "ok", message: where }
      : {
          check: "Kubernetes",
          verdict: "failed",
          message: `${where} is older than ${minimumKubernetes}`,
          todo: "update the cluster",
        },
  ];
}

/** A namespace of our name that is somebody else's would be changed, or refused in the middle of an update. */
export function namespaceOwner({ namespaces }: ClusterFacts, model: PlatformModel): Finding[] {
  const check = "namespace";
  if (!inhabited(model)) return [];
  const { name, namespace } = model;
  if (!namespaces)
    return [
      { check, verdict: "cannot tell", message: `namespaces may not be listed`, todo: "ask as somebody who may" },
    ];
  const found = namespaces.find(({ metadata }) => metadata.name === namespace);
  if (!found) return [{ check, verdict: "ok", message: `${namespace} is free` }];
  const labels = found.metadata.labels ?? {};
  if (labels["app.kubernetes.io/managed-by"] === "pulumi" && labels["app.kubernetes.io/instance"] === name)
    return [{ check, verdict: "ok", message: `${namespace} is ${name}'s` }];
  return [
    {
      check,
      verdict: "failed",
      message: `${namespace} exists and is not ${name}'s (${labels["app.kubernetes.io/managed-by"] ? `managed by ${labels["app.kubernetes.io/managed-by"]}, instance ${labels["app.kubernetes.io/instance"] ?? "none"}` : "no label says whose"})`,
      todo: "set keelson:namespace to another, or remove that one",
    },
  ];
}

/** 000-CHK-3: the classes that claims name, and a default for those that name none. */
export function storageClasses({ storageClasses: found }: ClusterFacts, model: PlatformModel): Finding[] {
  const check = "storage classes";
  if (!found)
    return [
      { check, verdict: "cannot tell", message: "storage classes may not be listed", todo: "ask as somebody who may" },
    ];
  const claims = claimsOf(model);
  const wanted = [...new Set(claims.flatMap(({ storageClass }) => storageClass ?? []))];
  const names = found.map(({ metadata }) => metadata.name);
  const standard = found.find(
    ({ metadata }) => metadata.annotations?.["storageclass.kubernetes.io/is-default-class"] === "true",
  );
  const unnamed = claims.filter(({ storageClass }) => !storageClass).map(({ name }) => name);
  return together(
    check,
    wanted.concat(standard && unnamed.length ? [`${standard.metadata.name} (default)`] : []).join(", ") ||
      "none is needed",
    [
      ...wanted
        .filter((name) => !names.includes(name))
        .map((name) => ({
          verdict: "failed" as const,
          message: `${name} does not exist (wanted by ${some(claims.filter(({ storageClass }) => storageClass === name).map((claim) => claim.name))})`,
          todo: names.length ? `create it, or set one that exists: ${names.join(", ")}` : "create it",
        })),
      ...(unnamed.length && !standard
        ? [
            {
              verdict: "failed" as const,
              message: `there is no default class (wanted by ${some(unnamed)})`,
              todo: "mark one as default, or name one in the settings",
            },
          ]
        : []),
    ],
  );
}

/** Every claim of a system, by what it belongs to. */
function claimsOf({ services, data, volumes }: PlatformModel): { name: string; storageClass: string | undefined }[] {
  return [
    ...Object.entries(services).flatMap(([name, { volumes }]) =>
      Object.entries(volumes).flatMap(([volume, claim]) =>
        "size" in claim ? [{ name: `${name}/${volume}`, storageClass: claim.class }] : [],
      ),
    ),
    ...Object.entries(data)
      .filter(([, store]) => !store.existing)
      .map(([name, store]) => ({ name, storageClass: store.storage.class })),
    ...Object.entries(volumes).map(([name, claim]) => ({ name, storageClass: claim.class })),
  ];
}

/** 000-CHK-4. */
export function ingressClass({ ingressClasses }: ClusterFacts, { addons, ingresses }: PlatformModel): Finding[] {
  const check = "ingress class";
  const wanted = [...new Set(Object.values(ingresses).map((ingress) => ingress.class))];
  if (!wanted.length) return [];
  if (!ingressClasses)
    return [{ check, verdict: "cannot tell", message: "classes may not be listed", todo: "ask as somebody who may" }];
  const own = addons.ingressNginx?.ownership === "own" ? addons.ingressNginx.class : undefined;
  const names = ingressClasses.map(({ metadata }) => metadata.name);
  return together(
    check,
    wanted.map((name) => (name === own ? `${name} (this stack's)` : name)).join(", "),
    wanted
      .filter((name) => name !== own && !names.includes(name))
      .map((name) => ({
        verdict: "failed",
        message: `${name} does not exist`,
        todo: "install its controller, or let this stack own it (keelson:addons.ingressNginx)",
      })),
  );
}

/** 000-PRE-3, 001-PRE-1; X-000-12, X-001-17: the smallest number of pods must fit; the largest is for the autoscalers to reach as far as nodes allow. */
export function capacity(facts: ClusterFacts, model: PlatformModel): Finding[] {
  const check = "capacity";
  const { nodes, pods } = facts;
  if (!nodes || !pods)
    return [
      { check, verdict: "cannot tell", message: "nodes and pods may not be listed", todo: "ask as somebody who may" },
    ];
  const ready = nodes.filter((node) => condition(node, "Ready")?.status === "True" && !node.spec?.unschedulable);
  const room = {
    cpu: total(ready.map((node) => node.status?.allocatable?.cpu)),
    memory: total(ready.map((node) => node.status?.allocatable?.memory)),
  };
  for (const pod of pods) {
    if (pod.metadata.namespace === model.namespace || ["Succeeded", "Failed"].includes(pod.status?.phase)) continue;
    for (const { resources } of pod.spec?.containers ?? []) {
      room.cpu -= total([resources?.requests?.cpu]);
      room.memory -= total([resources?.requests?.memory]);
    }
  }
  const least = demand(model, "least");
  const most = demand(model, "most");
  const has = `${ready.length} nodes have ${amount(room)} to spare`;
  if (least.cpu > room.cpu || least.memory > room.memory)
    return [
      {
        check,
        verdict: "failed",
        message: `${has}, ${model.name} needs ${amount(least)}`,
        todo: "add nodes, or lower replicas and requests",
      },
    ];
  if (most.cpu > room.cpu || most.memory > room.memory)
    return [
      {
        check,
        verdict: "warning",
        message: `${has}: enough for ${amount(least)}, but autoscalers may ask for ${amount(most)}`,
        todo: "let the cluster grow, or lower the autoscalers' bounds",
      },
    ];
  return [{ check, verdict: "ok", message: `${has}; ${amount(least)} at least, ${amount(most)} at most` }];
}

interface Amount {
  cpu: number;
  memory: number;
}

function demand({ services, data }: PlatformModel, which: "least" | "most"): Amount {
  const parts = [
    ...Object.values(services).map(({ resources, autoscaling, replicas }) => ({
      ...resources.requests,
      pods: (which === "least" ? autoscaling?.min : autoscaling?.max) ?? replicas,
    })),
    ...Object.values(data).flatMap(dataStoreDemands),
  ];
  const sum = (resource: "cpu" | "memory") => parts.reduce((all, part) => all + total([part[resource]]) * part.pods, 0);
  return { cpu: sum("cpu"), memory: sum("memory") };
}

function total(quantities: (string | undefined)[]): number {
  return quantities.reduce((sum, quantity) => sum + (parseQuantity(quantity ?? "0") ?? 0), 0);
}

function amount({ cpu, memory }: Amount): string {
  return `${Math.round(cpu * 10) / 10} cores and ${Math.round((memory / 2 ** 30) * 10) / 10} GiB`;
}

/** A quota that is nearly used up stops the next rollout. */
export function quotas({ own }: ClusterFacts): Finding[] {
  return (own.quotas ?? []).flatMap((quota) =>
    together(
      "quota",
      `${quota.metadata.name} has room`,
      Object.entries<string>(quota.status?.hard ?? {}).flatMap(([name, hard]) => {
        const used = quota.status?.used?.[name] ?? "0";
        if (total([hard]) === 0 || total([used]) < total([hard]) * 0.9) return [];
        return [
          {
            verdict: "warning",
            message: `${quota.metadata.name}: ${name} is used up (${used} of ${hard})`,
            todo: "raise keelson:quota",
          },
        ];
      }),
    ),
  );
}

/** 000-CHK-4, 000-CHK-5, 001-PRE-2: what is declared present is really there. */
export function presentAddons(facts: ClusterFacts, { addons }: PlatformModel): Finding[] {
  return Object.entries(addons).flatMap(([name, addon]) =>
    addon?.ownership === "present" ? presence(name, addon, facts) : [],
  );
}

/** Everything that is looked at before an update, of the cluster. */
export function beforeUpdate(facts: ClusterFacts, model: PlatformModel): Finding[] {
  return [
    ...kubernetesVersion(facts),
    ...namespaceOwner(facts, model),
    ...storageClasses(facts, model),
    ...ingressClass(facts, model),
    ...presentAddons(facts, model),
    ...capacity(facts, model),
    ...quotas(facts),
  ];
}
