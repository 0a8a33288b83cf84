import { broken, each, eachPod } from "../judge.ts";
import { mandatoryFrom, type Rule } from "../rule.ts";

export const noHostPath: Rule = {
  id: "no-host-path",
  title: "No pod mounts a path of its node",
  severity: "high",
  levels: mandatoryFrom("staging"),
  what: "No volume is a `hostPath`.",
  why: "Files of the node hold its keys and what other pods write, and what a pod writes there stays when it goes.",
  remedy: "volumes:\n  - name: cache\n    emptyDir:\n      sizeLimit: 1Gi",
  sources: [
    "https://kubernetes.io/docs/concepts/security/pod-security-standards/",
    "kube-linter sensitive-host-mounts",
    "Polaris hostPathSet",
    "Kyverno disallow-host-path",
    "Trivy KSV-0023",
    "Kubescape C-0048",
  ],
  ...eachPod(({ field }) =>
    each(field.at("volumes").list, function* (volume) {
      if (volume.at("hostPath").set) yield broken(volume.at("hostPath"), "is a path of the node");
    }),
  ),
};
