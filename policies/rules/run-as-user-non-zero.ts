import { broken, eachSecurityContext } from "../judge.ts";
import { hasOwnUsers } from "../kubernetes/pod-traits.ts";
import { mandatoryFrom, type Rule } from "../rule.ts";

export const runAsUserNonZero: Rule = {
  id: "run-as-user-non-zero",
  title: "No container runs as user 0",
  severity: "high",
  levels: mandatoryFrom("staging"),
  what: "`runAsUser` of the pod and of each container is absent or not 0. From Kubernetes 1.35 on pods with `hostUsers: false` are left out, as the Pod Security Standards do.",
  why: "User 0 is root, also on the node if something lets the process out.",
  remedy: "securityContext:\n  runAsUser: 10001",
  sources: [
    "https://kubernetes.io/docs/concepts/security/pod-security-standards/",
    "Kyverno require-run-as-non-root-user",
    "Trivy KSV-0105",
    "Kubescape C-0013",
  ],
  ...eachSecurityContext(function* (context, { pod, facts }) {
    const user = context.at("runAsUser");
    if (user.value === 0 && !hasOwnUsers(pod, facts)) yield broken(user, "is 0, which is root");
  }),
};
