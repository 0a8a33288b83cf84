import { broken, eachSecurityContext } from "../judge.ts";
import { mandatoryFrom, type Rule } from "../rule.ts";

export const noWindowsHostProcess: Rule = {
  id: "no-windows-host-process",
  title: "No container is a process of its Windows node",
  severity: "high",
  levels: mandatoryFrom("staging"),
  what: "`windowsOptions.hostProcess` of the pod and of each container is absent or false.",
  why: "A HostProcess container is no container: it has the node's file system, network and rights.",
  remedy: "securityContext:\n  windowsOptions:\n    hostProcess: false",
  sources: [
    "https://kubernetes.io/docs/concepts/security/pod-security-standards/",
    "Polaris hostProcess",
    "Kyverno disallow-host-process",
    "Trivy KSV-0103",
    "Kubescape C-0057",
  ],
  ...eachSecurityContext(function* (context) {
    const hostProcess = context.at("windowsOptions", "hostProcess");
    if (hostProcess.value === true) yield broken(hostProcess, "is true");
  }),
};
