import { eachContainer, started } from "../judge.ts";
import { isAmount } from "../kubernetes/resources.ts";
import { advisoryFrom, type Rule } from "../rule.ts";

export const ephemeralStorageSet: Rule = {
  id: "ephemeral-storage-set",
  title: "Every container says how much local storage it uses",
  severity: "low",
  levels: advisoryFrom("staging"),
  what: "`resources.requests` and `resources.limits` of each container have `ephemeral-storage` above zero.",
  why: "Logs and scratch files fill a node's disk; the kubelet then evicts pods that did nothing wrong.",
  remedy: "resources:\n  requests:\n    ephemeral-storage: 100Mi\n  limits:\n    ephemeral-storage: 1Gi",
  sources: [
    "https://kubernetes.io/docs/concepts/storage/ephemeral-storage/",
    "kube-score container-ephemeral-storage-request-and-limit",
  ],
  ...eachContainer(
    ({ field }) =>
      ["requests", "limits"].map((key) => {
        const amount = field.at("resources", key, "ephemeral-storage");
        return { holds: isAmount(amount), field: amount, problem: "is not set to a quantity above zero" };
      }),
    started,
  ),
};
