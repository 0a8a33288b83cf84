import { broken, each, eachInStack } from "../judge.ts";
import { claimKinds, claimsOf } from "../kubernetes/claims.ts";
import { nameIn, namespaceOf } from "../kubernetes/object.ts";
import { podSpecOf } from "../kubernetes/pod-spec.ts";
import { nanosOf } from "../kubernetes/quantity.ts";
import { replicatedKinds, scaleOf } from "../kubernetes/scaling.ts";
import { someOf } from "../kubernetes/stack.ts";
import { mandatoryFrom, type Rule } from "../rule.ts";

export const pvcSizeAndMode: Rule = {
  id: "pvc-size-and-mode",
  title: "Every claim has a sensible size, and a mode for as many as use it",
  severity: "high",
  levels: mandatoryFrom("staging"),
  what: "Each PersistentVolumeClaim and claim template requests storage within the configured bounds and has an access mode; a claim that only one node can mount (`ReadWriteOnce`) is not shared by the several pods of a workload.",
  why: "The second pod waits for ever on another node; a slip in the size costs a disk that cannot shrink.",
  remedy: "spec:\n  accessModes: [ReadWriteMany]\n  resources:\n    requests:\n      storage: 10Gi",
  sources: ["https://kubernetes.io/docs/concepts/storage/persistent-volumes/"],
  options: {
    min: { type: "string", description: "The least that a claim may request.", default: "1Mi" },
    max: { type: "string", description: "The most that a claim may request.", default: "10Ti" },
  },
  ...eachInStack(claimKinds, function* (object, { stack, options }) {
    yield* each(claimsOf(object), function* (claim) {
      const size = claim.at("spec", "resources", "requests", "storage");
      const amount = nanosOf(size.value);
      const modes = claim.at("spec", "accessModes");
      if (amount === undefined || amount <= 0n) yield broken(size, "is not a size above zero");
      else if (amount < (nanosOf(options.min) ?? 0n)) yield broken(size, `is below ${options.min}`);
      else if (amount > (nanosOf(options.max) ?? amount)) yield broken(size, `is above ${options.max}`);
      if (modes.list.length === 0) yield broken(modes, "is empty");
    });
    if (object.kind !== "PersistentVolumeClaim") return;
    const modes = object.body.at("spec", "accessModes");
    if (
      modes.strings.length === 0 ||
      !modes.strings.every((mode) => mode === "ReadWriteOnce" || mode === "ReadWriteOncePod")
    )
      return;
    const sharing = someOf(
      replicatedKinds.flatMap((kind) => stack.ofKind(kind)),
      (workload) => {
        if (namespaceOf(workload) !== namespaceOf(object) || scaleOf(workload, stack).highest < 2) return false;
        const volumes = podSpecOf(workload)?.field.at("volumes").list ?? [];
        return volumes.some((volume) => volume.at("persistentVolumeClaim", "claimName").value === nameIn(object));
      },
    );
    if (sharing[0])
      yield broken(modes, `is for one node only, but the pods of ${sharing[0].kind} ${sharing[0].name} are several`);
  }),
};
