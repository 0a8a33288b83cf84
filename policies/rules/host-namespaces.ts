import { broken, each, eachPod } from "../judge.ts";
import { mandatoryFrom, type Rule } from "../rule.ts";

export const hostNamespaces: Rule = {
  id: "host-namespaces",
  title: "No pod shares a namespace of its node",
  severity: "critical",
  levels: mandatoryFrom("staging"),
  what: "`hostNetwork`, `hostPID` and `hostIPC` are absent or false.",
  why: "A pod in its node's namespaces sees the node's processes, reaches services that listen on its loopback address, and passes by network policies.",
  remedy: "hostNetwork: false\nhostPID: false\nhostIPC: false",
  sources: [
    "https://kubernetes.io/docs/concepts/security/pod-security-standards/",
    "kube-linter host-network, host-pid, host-ipc",
    "Polaris hostNetworkSet, hostPIDSet, hostIPCSet",
    "Checkov CKV_K8S_17, 18, 19",
    "Trivy KSV-0008, 0009, 0010",
    "Kubescape C-0038, C-0041",
  ],
  ...eachPod(function* ({ field }) {
    yield* each(["hostNetwork", "hostPID", "hostIPC"], function* (key) {
      if (field.at(key).value === true) yield broken(field.at(key), "is true", `${key}: false`);
    });
  }),
};
