import { broken, eachInStack } from "../judge.ts";
import { namespaceOf } from "../kubernetes/object.ts";
import { podSpecOf } from "../kubernetes/pod-spec.ts";
import { scaleOf, servingKinds } from "../kubernetes/scaling.ts";
import { selects } from "../kubernetes/selector.ts";
import { someOf } from "../kubernetes/stack.ts";
import { advisoryFrom, type Rule } from "../rule.ts";

export const spreadConstraint: Rule = {
  id: "spread-constraint",
  title: "Pods that are alike do not all stand on one node",
  severity: "medium",
  levels: advisoryFrom("staging"),
  what: "Each Deployment and StatefulSet with more than one pod has a topology spread constraint, with a `topologyKey` and a `maxSkew` of at least 1, or an anti-affinity, that selects its own pods in their own namespace.",
  why: "A second pod on the same node goes down with the first.",
  remedy:
    "topologySpreadConstraints:\n  - maxSkew: 1\n    topologyKey: kubernetes.io/hostname\n    whenUnsatisfiable: ScheduleAnyway\n    labelSelector:\n      matchLabels:\n        app.kubernetes.io/name: web",
  sources: [
    "https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/",
    "kube-linter no-anti-affinity",
    "kube-score deployment-has-host-podantiaffinity",
    "Polaris topologySpreadConstraint",
    "Kyverno spread-pods",
  ],
  ...eachInStack(servingKinds, function* (object, { stack }) {
    const pod = podSpecOf(object);
    if (!pod || scaleOf(object, stack).lowest < 2) return;
    const labels = pod.metadata.at("labels").texts;
    const anti = pod.field.at("affinity", "podAntiAffinity");
    const terms = [
      ...anti.at("requiredDuringSchedulingIgnoredDuringExecution").list,
      ...anti.at("preferredDuringSchedulingIgnoredDuringExecution").list.map((term) => term.at("podAffinityTerm")),
      ...pod.field
        .at("topologySpreadConstraints")
        .list.filter((constraint) => (constraint.at("maxSkew").number ?? 0) >= 1),
    ];
    const spreads = someOf(
      terms,
      (term) =>
        Boolean(term.at("topologyKey").value) &&
        term.at("labelSelector").set &&
        selects(term.at("labelSelector"), labels) &&
        (term.at("namespaceSelector").set ||
          term.at("namespaces").list.length === 0 ||
          term.at("namespaces").strings.includes(namespaceOf(object))),
    );
    if (spreads.length === 0)
      yield broken(
        pod.field.at("topologySpreadConstraints"),
        "has none for the pods themselves, nor has an anti-affinity",
      );
  }),
};
