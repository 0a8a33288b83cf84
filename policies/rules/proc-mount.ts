import { broken, eachContainer } from "../judge.ts";
import { hasOwnUsers } from "../kubernetes/pod-traits.ts";
import { mandatoryFrom, type Rule } from "../rule.ts";

export const procMount: Rule = {
  id: "proc-mount",
  title: "Every container sees /proc with its default masks",
  severity: "medium",
  levels: mandatoryFrom("staging"),
  what: "`securityContext.procMount` is absent or `Default`. From Kubernetes 1.35 on pods with `hostUsers: false` are left out, as the baseline Pod Security Standard does; with `profile: restricted` they are not.",
  why: "Without the masks a container reads and writes what of /proc belongs to the node.",
  remedy: "securityContext:\n  procMount: Default",
  sources: [
    "https://kubernetes.io/docs/concepts/security/pod-security-standards/",
    "kube-linter unsafe-proc-mount",
    "Polaris procMount",
    "Trivy KSV-0027",
    "Kubescape C-0055",
  ],
  options: {
    profile: {
      type: "string",
      description: "The Pod Security Standard that is asked for.",
      enum: ["baseline", "restricted"],
      default: "baseline",
    },
  },
  ...eachContainer(function* ({ field, pod }, { options, facts }) {
    if (options.profile !== "restricted" && hasOwnUsers(pod, facts)) return;
    const procMount = field.at("securityContext", "procMount");
    if (procMount.set && procMount.value !== "Default") yield broken(procMount, "is not Default");
  }),
};
