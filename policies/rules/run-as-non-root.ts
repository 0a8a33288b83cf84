import { broken, eachContainer } from "../judge.ts";
import { hasOwnUsers } from "../kubernetes/pod-traits.ts";
import { mandatoryFrom, type Rule } from "../rule.ts";

export const runAsNonRoot: Rule = {
  id: "run-as-non-root",
  title: "Every container must run as another user than root",
  severity: "high",
  levels: mandatoryFrom("staging"),
  what: "`runAsNonRoot` is true for each container: its own, else its pod's. From Kubernetes 1.35 on pods with `hostUsers: false` are left out, as the Pod Security Standards do: their root is nobody outside.",
  why: "With it the kubelet refuses to start an image whose user is root; without it the user is whatever the image says today.",
  remedy: "securityContext:\n  runAsNonRoot: true",
  sources: [
    "https://kubernetes.io/docs/concepts/security/pod-security-standards/",
    "kube-linter run-as-non-root",
    "Polaris runAsRootAllowed",
    "Checkov CKV_K8S_23",
    "Trivy KSV-0012",
    "Kubescape C-0013",
  ],
  ...eachContainer(function* ({ field, pod }, { facts }) {
    if (hasOwnUsers(pod, facts)) return;
    const own = field.at("securityContext", "runAsNonRoot");
    const value = own.value ?? pod.field.at("securityContext", "runAsNonRoot").value;
    if (value !== true) yield broken(own, own.value === false ? "is false" : "is not true, nor is its pod's");
  }),
};
