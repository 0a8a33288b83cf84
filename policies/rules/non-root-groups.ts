import { broken, each, eachSecurityContext } from "../judge.ts";
import { advisoryFrom, type Rule } from "../rule.ts";

export const nonRootGroups: Rule = {
  id: "non-root-groups",
  title: "No container belongs to group 0",
  severity: "low",
  levels: advisoryFrom("staging"),
  what: "`runAsGroup` of the pod and of each container, and the pod's `fsGroup` and `supplementalGroups`, are absent or not 0.",
  why: "Group 0 owns much of an image's files and, outside of it, of the node's.",
  remedy: "securityContext:\n  runAsGroup: 10001",
  sources: ["Kyverno require-non-root-groups", "Trivy KSV-0116", "Kubescape C-0013"],
  ...eachSecurityContext(function* (context) {
    yield* each(["runAsGroup", "fsGroup"], function* (key) {
      if (context.at(key).value === 0)
        yield broken(context.at(key), "is 0, which is root's group", `securityContext:\n  ${key}: 10001`);
    });
    yield* each(context.at("supplementalGroups").list, function* (group) {
      if (group.value === 0)
        yield broken(group, "is 0, which is root's group", "securityContext:\n  supplementalGroups: []");
    });
  }),
};
