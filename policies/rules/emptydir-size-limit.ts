import { each, eachPod } from "../judge.ts";
import { isAmount } from "../kubernetes/resources.ts";
import { advisoryFrom, type Rule } from "../rule.ts";

export const emptydirSizeLimit: Rule = {
  id: "emptydir-size-limit",
  title: "Every emptyDir has a size limit",
  severity: "medium",
  levels: advisoryFrom("dev"),
  what: "Each `emptyDir` volume, which one without any source is too, has a `sizeLimit` above zero. With `medium: Memory` only those in memory need one.",
  why: "Without one a pod fills the node's disk, or, in memory, takes it from everybody.",
  remedy: "volumes:\n  - name: cache\n    emptyDir:\n      sizeLimit: 100Mi",
  sources: [
    "https://kubernetes.io/docs/concepts/storage/volumes/#emptydir",
    "Kyverno require-emptydir-requests-and-limits",
  ],
  options: {
    medium: { type: "string", description: "Which volumes need a limit.", enum: ["any", "Memory"], default: "any" },
  },
  ...eachPod(({ field }, { options }) =>
    each(field.at("volumes").list, function* (volume) {
      const directory = volume.at("emptyDir");
      const isEmptyDir = directory.set || volume.entries.every(([key, source]) => key === "name" || !source.set);
      if (!isEmptyDir || (options.medium === "Memory" && directory.at("medium").value !== "Memory")) return;
      const limit = directory.at("sizeLimit");
      yield { holds: isAmount(limit), field: limit, problem: "is not set to a quantity above zero" };
    }),
  ),
};
