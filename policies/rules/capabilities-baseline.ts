import { broken, each, eachContainer } from "../judge.ts";
import { mandatoryFrom, type Rule } from "../rule.ts";

/** @see https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline */
const allowed: readonly unknown[] = [
  "AUDIT_WRITE",
  "CHOWN",
  "DAC_OVERRIDE",
  "FOWNER",
  "FSETID",
  "KILL",
  "MKNOD",
  "NET_BIND_SERVICE",
  "SETFCAP",
  "SETGID",
  "SETPCAP",
  "SETUID",
  "SYS_CHROOT",
];

export const capabilitiesBaseline: Rule = {
  id: "capabilities-baseline",
  title: "No container adds a capability beyond the default ones",
  severity: "high",
  levels: mandatoryFrom("staging"),
  what: "Each capability in `securityContext.capabilities.add` is one of the thirteen that container runtimes give by default. `ALL` is none of them.",
  why: "Capabilities such as SYS_ADMIN or NET_ADMIN are parts of root that lead out of the container.",
  remedy: "securityContext:\n  capabilities:\n    add: []",
  sources: [
    "https://kubernetes.io/docs/concepts/security/pod-security-standards/",
    "Polaris dangerousCapabilities, insecureCapabilities",
    "Checkov CKV_K8S_25, CKV_K8S_39",
    "Trivy KSV-0005, 0022, 0119, 0120",
    "Kubescape C-0046",
  ],
  ...eachContainer(({ field }) =>
    each(field.at("securityContext", "capabilities", "add").list, function* (capability) {
      if (!allowed.includes(capability.value)) yield broken(capability, "is not one of the default capabilities");
    }),
  ),
};
