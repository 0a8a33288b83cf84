import { broken, each, eachContainer, started } from "../judge.ts";
import { isForWindows } from "../kubernetes/pod-traits.ts";
import { advisoryFrom, type Rule } from "../rule.ts";

export const highUidGid: Rule = {
  id: "high-uid-gid",
  title: "Every container runs as a user and group that no node has",
  severity: "low",
  levels: advisoryFrom("staging"),
  what: "`runAsUser` and `runAsGroup` of each container, its own or its pod's, are set to 10000 or more.",
  why: "Low numbers belong to users and groups of the node: what leaves the container meets files that are already its own.",
  remedy: "securityContext:\n  runAsUser: 10001\n  runAsGroup: 10001",
  sources: ["kube-score container-security-context-user-group-id", "Checkov CKV_K8S_40", "Trivy KSV-0020, 0021"],
  options: {
    minimum: { type: "integer", description: "The lowest number that is allowed.", default: 10_000 },
  },
  ...eachContainer(function* ({ field, pod }, { options, facts }) {
    if (isForWindows(pod, facts)) return;
    yield* each(["runAsUser", "runAsGroup"], function* (key) {
      const own = field.at("securityContext", key);
      const id = own.value ?? pod.field.at("securityContext", key).value;
      if (typeof id !== "number") yield broken(own, "is not set, nor is its pod's");
      else if (id < Number(options.minimum)) yield broken(own, `is below ${options.minimum}`);
    });
  }, started),
};
