import { broken, eachContainer } from "../judge.ts";
import { mandatoryFrom, type Rule } from "../rule.ts";

export const noPrivileged: Rule = {
  id: "no-privileged",
  title: "No container is privileged",
  severity: "critical",
  levels: mandatoryFrom("staging"),
  what: "`securityContext.privileged` is absent or false in each container, ephemeral ones included.",
  why: "A privileged container is root on its node: nothing that isolates containers holds it.",
  remedy: "securityContext:\n  privileged: false",
  sources: [
    "https://kubernetes.io/docs/concepts/security/pod-security-standards/",
    "kube-linter privileged-container",
    "Polaris runAsPrivileged",
    "Checkov CKV_K8S_16",
    "Trivy KSV-0017",
    "Kubescape C-0057",
  ],
  ...eachContainer(function* ({ field }) {
    const privileged = field.at("securityContext", "privileged");
    if (privileged.value === true) yield broken(privileged, "is true");
  }),
};
