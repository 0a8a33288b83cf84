import { broken, each, eachObject } from "../judge.ts";
import { claimKinds, claimsOf } from "../kubernetes/claims.ts";
import { advisoryFrom, listOf, type Rule } from "../rule.ts";

export const pvcStorageClass: Rule = {
  id: "pvc-storage-class",
  title: "Every claim says which class it is of",
  severity: "medium",
  levels: advisoryFrom("dev"),
  what: "`storageClassName` of each PersistentVolumeClaim and claim template is set and, if there are configured ones, one of them.",
  why: "The default class of a cluster may be none, or change, and with it what happens to the data.",
  remedy: "spec:\n  storageClassName: standard",
  sources: [
    "https://kubernetes.io/docs/concepts/storage/persistent-volumes/",
    "Kyverno restrict-storageclass",
    "Gatekeeper K8sStorageClass",
  ],
  options: {
    allowed: {
      type: "array",
      items: { type: "string" },
      description: "The classes that may be used; all where it is empty.",
      default: [],
    },
  },
  ...eachObject(claimKinds, (object, { options }) =>
    each(claimsOf(object), function* (claim) {
      const name = claim.at("spec", "storageClassName");
      const allowed = listOf(options.allowed);
      if (!name.set) yield broken(name, "is not set");
      else if (allowed.length > 0 && !allowed.includes(name.string ?? ""))
        yield broken(name, "is not an allowed class");
    }),
  ),
};
