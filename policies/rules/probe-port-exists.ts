import { broken, each, eachContainer, started } from "../judge.ts";
import { isDeclared, portsOf } from "../kubernetes/ports.ts";
import { callsOf } from "../kubernetes/probes.ts";
import { advisoryFrom, type Rule } from "../rule.ts";

export const probePortExists: Rule = {
  id: "probe-port-exists",
  title: "Every probe and hook asks a port that its container declares",
  severity: "high",
  levels: advisoryFrom("dev"),
  what: "The port of each HTTP, TCP and gRPC probe and lifecycle hook is the number or name of one of the container's own `ports`, of protocol TCP: that is how all of them ask.",
  why: "A probe of a port that does not exist fails for ever: the pod is never ready, or restarted without end.",
  remedy:
    "ports:\n  - name: http\n    containerPort: 8080\nlivenessProbe:\n  httpGet:\n    path: /health\n    port: http",
  sources: [
    "https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/",
    "kube-linter liveness-port, readiness-port, startup-port",
  ],
  ...eachContainer(
    (container) =>
      each(
        callsOf(container).flatMap((call) => ["httpGet", "tcpSocket", "grpc"].map((handler) => call.at(handler))),
        function* (handler) {
          const port = handler.at("port");
          if (handler.set && !isDeclared(port.value, portsOf(container.field), "TCP"))
            yield broken(port, "is no port of the container");
        },
      ),
    started,
  ),
};
