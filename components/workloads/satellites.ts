import type * as k8s from "@pulumi/kubernetes";
import { serviceHost, servicePort } from "../model/service.ts";
import { headlessName } from "./pods.ts";
import { type Workload, workloadMetadata, workloadSelector } from "./workload.ts";

type Metadata = ReturnType<typeof workloadMetadata>;

/** The Service of a workload. The pods behind it are awaited by their workload, so that its own wait (10 s) is left out. */
export function service(workload: Workload): {
  metadata: Metadata & { annotations: Record<string, string> };
  spec: k8s.types.input.core.v1.ServiceSpec;
} {
  return {
    metadata: {
      ...workloadMetadata(workload),
      name: serviceHost(workload.name, workload),
      annotations: { "pulumi.com/skipAwait": "true" },
    },
    spec: { type: "ClusterIP", selector: workloadSelector(workload), ports: servicePorts(workload) },
  };
}

/** The Service without an address of its own that names the pods of a StatefulSet. */
export function headlessService(workload: Workload): ReturnType<typeof service> {
  const { metadata, spec } = service(workload);
  return {
    metadata: { ...metadata, name: headlessName(workload) },
    // A pod must find its peers before it is ready.
    spec: { ...spec, clusterIP: "None", publishNotReadyAddresses: true },
  };
}

function servicePorts({ ports }: Workload): k8s.types.input.core.v1.ServicePort[] {
  return ports.map((port) => ({
    name: port.name,
    port: servicePort(port),
    targetPort: port.name,
    protocol: port.protocol,
  }));
}

/** The autoscaler of a workload that declares one. Scaling down waits for five calm minutes, the Kubernetes default. */
export function autoscaler(
  workload: Workload,
): { metadata: Metadata; spec: k8s.types.input.autoscaling.v2.HorizontalPodAutoscalerSpec } | undefined {
  const { autoscaling, kind, name } = workload;
  if (!autoscaling) return undefined;
  const metric = (resource: "cpu" | "memory", averageUtilization: number | undefined) =>
    averageUtilization === undefined
      ? []
      : [{ type: "Resource", resource: { name: resource, target: { type: "Utilization", averageUtilization } } }];
  return {
    metadata: workloadMetadata(workload, "-hpa"),
    spec: {
      scaleTargetRef: { apiVersion: "apps/v1", kind, name },
      minReplicas: autoscaling.min,
      maxReplicas: autoscaling.max,
      metrics: [...metric("cpu", autoscaling.cpu), ...metric("memory", autoscaling.memory)],
      behavior: { scaleDown: { stabilizationWindowSeconds: 300 } },
    },
  };
}

/** Lets a node drain take one pod at a time. Pods that are not ready may always go, or a broken rollout would block the drain. */
export function disruptionBudget(workload: Workload): {
  metadata: Metadata;
  spec: k8s.types.input.policy.v1.PodDisruptionBudgetSpec;
} {
  return {
    metadata: workloadMetadata(workload),
    spec: {
      maxUnavailable: 1,
      selector: { matchLabels: workloadSelector(workload) },
      unhealthyPodEvictionPolicy: "AlwaysAllow",
    },
  };
}
