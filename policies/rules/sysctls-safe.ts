import { broken, each, eachPod } from "../judge.ts";
import { mandatoryFrom, type Rule } from "../rule.ts";

/** The allowed names by the minor version that brought them. */
const allowed: Readonly<Record<number, readonly string[]>> = {
  0: [
    "kernel.shm_rmid_forced",
    "net.ipv4.ip_local_port_range",
    "net.ipv4.ip_unprivileged_port_start",
    "net.ipv4.tcp_syncookies",
    "net.ipv4.ping_group_range",
  ],
  27: ["net.ipv4.ip_local_reserved_ports"],
  29: [
    "net.ipv4.tcp_keepalive_time",
    "net.ipv4.tcp_fin_timeout",
    "net.ipv4.tcp_keepalive_intvl",
    "net.ipv4.tcp_keepalive_probes",
  ],
  32: ["net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem"],
  37: ["net.ipv4.tcp_slow_start_after_idle", "net.ipv4.tcp_notsent_lowat"],
};

export const sysctlsSafe: Rule = {
  id: "sysctls-safe",
  title: "No pod sets a kernel parameter that reaches beyond it",
  severity: "medium",
  levels: mandatoryFrom("staging"),
  what: "Each name in `securityContext.sysctls` is one of those that the Pod Security Standards allow for the version of Kubernetes; the list grew in 1.27, 1.29, 1.32 and 1.37. No value has a `+` or `=`, by which CRI-O was made to set another one (CVE-2022-0811).",
  why: "Other parameters change the node for everything that runs on it.",
  remedy: "securityContext:\n  sysctls: []",
  sources: [
    "https://kubernetes.io/docs/concepts/security/pod-security-standards/",
    "kube-linter unsafe-sysctls",
    "Kyverno restrict-sysctls, prevent-cr8escape",
    "Trivy KSV-0026",
    "Kubescape C-0055",
  ],
  ...eachPod(({ field }, { facts }) =>
    each(field.at("securityContext", "sysctls").list, function* (sysctl) {
      const name = sysctl.at("name").string ?? "";
      if (
        !Object.entries(allowed).some(
          ([since, names]) => Number(since) <= facts.kubernetes.minor && names.includes(name),
        )
      )
        yield broken(sysctl.at("name"), `is not among those that Kubernetes 1.${facts.kubernetes.minor} calls safe`);
      if (/[+=]/.test(sysctl.at("value").string ?? "")) yield broken(sysctl.at("value"), "sets another parameter too");
    }),
  ),
};
