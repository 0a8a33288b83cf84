import { broken, each, eachContainer } from "../judge.ts";
import { isForWindows } from "../kubernetes/pod-traits.ts";
import { someOf } from "../kubernetes/stack.ts";
import { needsNoPrivilege, settingsIn } from "../remediation.ts";
import { type Rule, remediatedInDev } from "../rule.ts";

export const capabilitiesDropAll: Rule = {
  id: "capabilities-drop-all",
  title: "Every container drops all capabilities",
  severity: "high",
  levels: remediatedInDev,
  what: "`securityContext.capabilities.drop` has `ALL`, and `add` nothing but `NET_BIND_SERVICE`. Pods for Windows are left out: they have no capabilities. Asked from Kubernetes 1.22 on, as the Pod Security Standards do.",
  why: "Few programs need any of the default capabilities, and each of them helps whoever breaks in.",
  remedy: "securityContext:\n  capabilities:\n    drop: [ALL]\n    add: []",
  sources: [
    "https://kubernetes.io/docs/concepts/security/pod-security-standards/",
    "kube-linter drop-net-raw-capability",
    "Checkov CKV_K8S_28, CKV_K8S_37",
    "Trivy KSV-0003, 0004, 0106",
    "Kyverno require-drop-all",
  ],
  ...eachContainer(function* ({ field, pod }, { facts }) {
    if (facts.kubernetes.minor < 22 || isForWindows(pod, facts)) return;
    const capabilities = field.at("securityContext", "capabilities");
    yield* each(["drop"], function* () {
      if (!someOf(capabilities.at("drop").list, ({ value }) => value === "ALL").length)
        yield broken(capabilities.at("drop"), "does not have ALL");
    });
    yield* each(capabilities.at("add").list, function* (capability) {
      if (capability.value !== "NET_BIND_SERVICE")
        yield broken(capability, "adds a capability other than NET_BIND_SERVICE");
    });
  }),
  settings: (object, facts) =>
    settingsIn(object, {
      container: (one) => {
        const field = one.field.at("securityContext", "capabilities", "drop");
        const dropped = field.strings;
        if (dropped.includes("ALL") || isForWindows(one.pod, facts) || !needsNoPrivilege(one)) return undefined;
        return { field, value: ["ALL"] };
      },
    }),
};
