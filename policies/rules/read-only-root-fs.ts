import { broken, eachContainer } from "../judge.ts";
import { isForWindows } from "../kubernetes/pod-traits.ts";
import { advisoryFrom, type Rule } from "../rule.ts";

export const readOnlyRootFs: Rule = {
  id: "read-only-root-fs",
  title: "Every container's root file system is read-only",
  severity: "high",
  levels: advisoryFrom("dev"),
  what: "`securityContext.readOnlyRootFilesystem` is true in each container. Pods for Windows are left out: it does not exist there.",
  why: "Whoever breaks in cannot change the program or leave one of their own behind.",
  remedy: "securityContext:\n  readOnlyRootFilesystem: true",
  sources: [
    "https://media.defense.gov/2022/Aug/29/2003066362/-1/-1/0/CTR_KUBERNETES_HARDENING_GUIDANCE_1.2_20220829.PDF",
    "kube-linter no-read-only-root-fs",
    "kube-score container-security-context-readonlyrootfilesystem",
    "Polaris notReadOnlyRootFilesystem",
    "Checkov CKV_K8S_22",
    "Trivy KSV-0014",
    "Kubescape C-0017",
  ],
  ...eachContainer(function* ({ field, pod }, { facts }) {
    const readOnly = field.at("securityContext", "readOnlyRootFilesystem");
    if (readOnly.value !== true && !isForWindows(pod, facts)) yield broken(readOnly, "is not true");
  }),
};
