import { broken, eachContainer } from "../judge.ts";
import { isForWindows } from "../kubernetes/pod-traits.ts";
import { needsNoPrivilege, settingsIn } from "../remediation.ts";
import { type Rule, remediatedInDev } from "../rule.ts";

export const noPrivilegeEscalation: Rule = {
  id: "no-privilege-escalation",
  title: "No container can gain privileges",
  severity: "high",
  levels: remediatedInDev,
  what: "`securityContext.allowPrivilegeEscalation` is false, written out, because its default is true. Pods for Windows are left out.",
  why: "A program with the setuid bit makes root of any user, unless the kernel is told not to allow it.",
  remedy: "securityContext:\n  allowPrivilegeEscalation: false",
  sources: [
    "https://kubernetes.io/docs/concepts/security/pod-security-standards/",
    "kube-linter privilege-escalation-container",
    "Polaris privilegeEscalationAllowed",
    "Checkov CKV_K8S_20",
    "Trivy KSV-0001",
    "Kubescape C-0016",
  ],
  ...eachContainer(function* ({ field, pod }, { facts }) {
    const allowed = field.at("securityContext", "allowPrivilegeEscalation");
    if (facts.kubernetes.minor >= 8 && allowed.value !== false && !isForWindows(pod, facts))
      yield broken(allowed, "is not false");
  }),
  settings: (object, facts) =>
    settingsIn(object, {
      container: (one) => {
        const field = one.field.at("securityContext", "allowPrivilegeEscalation");
        if (field.set || isForWindows(one.pod, facts) || !needsNoPrivilege(one)) return undefined;
        return { field, value: false };
      },
    }),
};
