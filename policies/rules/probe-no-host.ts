import { broken, each, eachContainer } from "../judge.ts";
import { callsOf } from "../kubernetes/probes.ts";
import { mandatoryFrom, type Rule } from "../rule.ts";

export const probeNoHost: Rule = {
  id: "probe-no-host",
  title: "No probe or hook names a host",
  severity: "medium",
  levels: mandatoryFrom("staging"),
  what: "`host` of each HTTP and TCP probe and lifecycle hook is absent or empty. Asked from Kubernetes 1.34 on, as the Pod Security Standards do.",
  why: "The kubelet asks whatever host is named, from the node's network: a way past every network policy.",
  remedy: "livenessProbe:\n  httpGet:\n    path: /health\n    port: 8080",
  sources: ["https://kubernetes.io/docs/concepts/security/pod-security-standards/"],
  ...eachContainer((container, { facts }) =>
    each(
      facts.kubernetes.minor < 34
        ? []
        : callsOf(container).flatMap((call) => [call.at("httpGet", "host"), call.at("tcpSocket", "host")]),
      function* (host) {
        if (host.value) yield broken(host, "is set", "Remove the host: the kubelet asks the pod's own address.");
      },
    ),
  ),
};
