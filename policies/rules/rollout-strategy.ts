import { broken, eachInStack } from "../judge.ts";
import { type KubernetesObject, namespaceOf } from "../kubernetes/object.ts";
import { podSpecOf } from "../kubernetes/pod-spec.ts";
import { scaleOf, share } from "../kubernetes/scaling.ts";
import { isServed } from "../kubernetes/services.ts";
import { type Stack, someOf } from "../kubernetes/stack.ts";
import { mandatoryFrom, type Rule } from "../rule.ts";

export const rolloutStrategy: Rule = {
  id: "rollout-strategy",
  title: "No update takes everything away, or waits for a volume that it holds itself",
  severity: "high",
  levels: mandatoryFrom("staging"),
  what: "Each Deployment whose pods a Service selects is updated by `RollingUpdate` with some pods left, and with a deadline for its progress. One that mounts a claim which only one node can (`ReadWriteOnce`) is updated by `Recreate`, or is a StatefulSet.",
  why: "An update without pods is an outage; a new pod on another node waits for ever for the volume of the old one.",
  remedy: "strategy:\n  type: RollingUpdate\n  rollingUpdate:\n    maxSurge: 1\n    maxUnavailable: 0",
  sources: [
    "https://kubernetes.io/docs/concepts/workloads/controllers/deployment/",
    "kube-linter no-rolling-update-strategy",
    "kube-score deployment-strategy",
  ],
  ...eachInStack(["apps/Deployment"], function* (object, { stack }) {
    const spec = object.body.at("spec");
    const type = spec.at("strategy", "type");
    if (mountsForOneNode(object, stack)) {
      if (type.value !== "Recreate")
        yield broken(
          type,
          "is not Recreate, although a volume of the pods is for one node only",
          "strategy:\n  type: Recreate",
        );
      return;
    }
    if (!isServed(object, stack)) return;
    if (type.value && type.value !== "RollingUpdate")
      yield broken(type, "is not RollingUpdate, so all pods go before the new ones come");
    const most = spec.at("strategy", "rollingUpdate", "maxUnavailable");
    const { lowest } = scaleOf(object, stack);
    // A number is compared with the least there is; of a percentage only all of them is all of them.
    const takesAll =
      typeof most.value === "number" ? most.value >= Math.max(lowest, 1) : share(most.value, 100) === 100;
    if (most.set && takesAll) yield broken(most, "may take all pods away");
    const deadline = spec.at("progressDeadlineSeconds");
    if (deadline.set && (deadline.number ?? 0) >= 2_147_483_647) yield broken(deadline, "is no deadline");
  }),
};

/** Whether the pods of an object mount a claim of the stack that only one node can mount. */
function mountsForOneNode(object: KubernetesObject, stack: Stack): boolean {
  const volumes = podSpecOf(object)?.field.at("volumes").list ?? [];
  return (
    someOf(volumes, (volume) => {
      const claim = volume.at("persistentVolumeClaim", "claimName").string;
      const modes =
        claim === undefined
          ? []
          : (stack.find("/PersistentVolumeClaim", namespaceOf(object), claim)?.body.at("spec", "accessModes").strings ??
            []);
      return modes.length > 0 && modes.every((mode) => mode === "ReadWriteOnce" || mode === "ReadWriteOncePod");
    }).length > 0
  );
}
