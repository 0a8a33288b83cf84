import { broken, each, eachSecurityContext } from "../judge.ts";
import { mandatoryFrom, type Rule } from "../rule.ts";

export const selinuxOptions: Rule = {
  id: "selinux-options",
  title: "No container changes its SELinux user, role or kind of type",
  severity: "medium",
  levels: mandatoryFrom("staging"),
  what: "`seLinuxOptions.type` of the pod and of each container is absent or one of `container_t`, `container_init_t`, `container_kvm_t` and, from Kubernetes 1.31 on, `container_engine_t`; `user` and `role` are absent.",
  why: "Other types and users are less confined than a container's.",
  remedy: "securityContext:\n  seLinuxOptions:\n    type: container_t",
  sources: [
    "https://kubernetes.io/docs/concepts/security/pod-security-standards/",
    "Kyverno disallow-selinux",
    "Trivy KSV-0025",
    "Kubescape C-0055",
  ],
  ...eachSecurityContext(function* (context, { facts }) {
    const options = context.at("seLinuxOptions");
    const types = [
      "container_t",
      "container_init_t",
      "container_kvm_t",
      ...(facts.kubernetes.minor >= 31 ? ["container_engine_t"] : []),
    ];
    const type = options.at("type");
    if (type.string && !types.includes(type.string)) yield broken(type, `is none of ${types.join(", ")}`);
    yield* each(["user", "role"], function* (key) {
      if (options.at(key).string) yield broken(options.at(key), "is set", `Remove seLinuxOptions.${key}.`);
    });
  }),
};
