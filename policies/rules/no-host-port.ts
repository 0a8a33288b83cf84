import { broken, each, eachContainer } from "../judge.ts";
import { mandatoryFrom, type Rule } from "../rule.ts";

export const noHostPort: Rule = {
  id: "no-host-port",
  title: "No container takes a port of its node",
  severity: "high",
  levels: mandatoryFrom("staging"),
  what: "`hostPort` of each port is absent or 0.",
  why: "The port is open on the node's own address, past Services and often past network policies, and only one pod fits on a node.",
  remedy: "ports:\n  - name: http\n    containerPort: 8080",
  sources: [
    "https://kubernetes.io/docs/concepts/security/pod-security-standards/",
    "Polaris hostPortSet",
    "Kyverno disallow-host-ports",
    "Checkov CKV_K8S_26",
    "Trivy KSV-0024",
    "Kubescape C-0044",
  ],
  ...eachContainer(({ field }) =>
    each(field.at("ports").list, function* (port) {
      const hostPort = port.at("hostPort");
      if (hostPort.value !== undefined && hostPort.value !== 0) yield broken(hostPort, "is set");
    }),
  ),
};
