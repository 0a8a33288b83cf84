import { broken, each, eachPod, started } from "../judge.ts";
import { containersOf } from "../kubernetes/containers.ts";
import { nanosOf } from "../kubernetes/quantity.ts";
import { podAmount, resources } from "../kubernetes/resources.ts";
import { mandatoryFrom, type Rule } from "../rule.ts";

const names = { cpu: "Cpu", memory: "Memory" } as const;

export const resourcesWithinBounds: Rule = {
  id: "resources-within-bounds",
  title: "No container or pod asks for less or more than makes sense",
  severity: "medium",
  levels: mandatoryFrom("staging"),
  what: "CPU and memory that a container requests or is limited to lie between the configured least and most for a container; what all containers of a pod request together is at most that for a pod.",
  why: "A slip of the pen (`64` for `64Mi`, `500` for `500m`) asks for nothing or for a whole data centre, and no pod starts.",
  remedy: "resources:\n  requests:\n    cpu: 100m\n    memory: 256Mi\n  limits:\n    cpu: 500m\n    memory: 256Mi",
  sources: ["Polaris resourceLimits (custom check)", "Kubernetes LimitRange"],
  options: {
    minCpu: { type: "string", description: "The least CPU of a container.", default: "1m" },
    maxCpu: { type: "string", description: "The most CPU of a container.", default: "32" },
    minMemory: { type: "string", description: "The least memory of a container.", default: "4Mi" },
    maxMemory: { type: "string", description: "The most memory of a container.", default: "128Gi" },
    maxCpuOfPod: {
      type: "string",
      description: "The most CPU that the containers of a pod request together.",
      default: "64",
    },
    maxMemoryOfPod: {
      type: "string",
      description: "The most memory that the containers of a pod request together.",
      default: "256Gi",
    },
  },
  ...eachPod(function* (pod, { options }) {
    const bound = (name: string) => nanosOf(options[name]) ?? 0n;
    const containers = containersOf(pod).filter(({ position }) => started.includes(position));
    for (const resource of resources) {
      const name = names[resource];
      const amounts = containers.flatMap((container) =>
        ["requests", "limits"].map((key) => ({
          container: container.name,
          field: container.field.at("resources", key, resource),
        })),
      );
      yield* each(amounts, function* ({ container, field }) {
        const amount = nanosOf(field.value);
        if (amount === undefined) return;
        if (amount > 0n && amount < bound(`min${name}`))
          yield { ...broken(field, `is below ${options[`min${name}`]}`), container };
        if (amount > bound(`max${name}`)) yield { ...broken(field, `is above ${options[`max${name}`]}`), container };
      });
      yield* each([pod], function* () {
        const requested = podAmount(pod, "requests", resource);
        const most = `max${name}OfPod`;
        if (requested > bound(most)) yield broken(pod.field, `requests more ${resource} than ${options[most]}`);
      });
    }
  }),
};
