import { changeContainers } from "../charts/containers.ts";
import type { ObjectChange } from "../charts/transforms.ts";
import { cainjectorPort, certManagerRelease } from "./cert-manager-values.ts";

/**
 * Gives cert-manager's containers the probes that its chart has no key for (1.13 to 1.21): the controller's readiness, at the
 * port and path of its liveness, and both of the cainjector, which answers no health check and is asked for an open port.
 */
export function certManagerProbes(version: string): ObjectChange {
  const open = {
    tcpSocket: { port: cainjectorPort(version) },
    initialDelaySeconds: 10,
    periodSeconds: 10,
    timeoutSeconds: 5,
  };
  const probes: Record<string, Record<string, unknown>> = {
    [`${certManagerRelease}-controller`]: {
      readinessProbe: {
        httpGet: { path: "/livez", port: "http-healthz", scheme: "HTTP" },
        periodSeconds: 10,
        timeoutSeconds: 5,
      },
    },
    [`${certManagerRelease}-cainjector`]: { livenessProbe: { ...open, failureThreshold: 6 }, readinessProbe: open },
  };
  return (type, object) =>
    type === "kubernetes:apps/v1:Deployment"
      ? changeContainers(object, (container) => ({ ...probes[container.name], ...container }))
      : object;
}
