import type * as k8s from "@pulumi/kubernetes";
import { serviceHost, servicePort } from "../model/service.ts";
import { headlessName } from "./pods.ts";
import { trackMetadata, trackName, type Workload, workloadMetadata, workloadSelector } from "./workload.ts";

type Metadata = ReturnType<typeof workloadMetadata>;

/** The Service of a workload, or of the `selected` set of its pods. The pods behind it are awaited by their workload, so that its own wait (10 s) is left out. */
export function service(
  workload: Workload,
  selected: Workload = workload,
): {
  metadata: Metadata & { annotations: Record<string, string> };
  spec: k8s.types.input.core.v1.ServiceSpec;
} {
  return {
    metadata: {
      ...workloadMetadata(workload),
      name: serviceHost(workload.name, workload),
      annotations: { "pulumi.com/skipAwait": "true" },
    },
    spec: { type: "ClusterIP", selector: workloadSelector(selected), ports: servicePorts(workload) },
  };
}

/** The Service without an address of its own that names the pods of a StatefulSet. */
export function headlessService(workload: Workload): ReturnType<typeof service> {
  const { metadata, spec } = service(workload);
  return {
    // With a name label of its own, what watches the main Service passes it over.
    metadata: {
      ...metadata,
      name: headlessName(workload),
      labels: { ...metadata.labels, "app.kubernetes.io/name": headlessName(workload) },
    },
    // A pod must find its peers before it is ready.
    spec: { ...spec, clusterIP: "None", publishNotReadyAddresses: true },
  };
}

function servicePorts({ ports }: Workload): k8s.types.input.core.v1.ServicePort[] {
  return ports.map((port) => ({
    name: port.name,
    port: servicePort(port),
    targetPort: port.port,
    protocol: port.protocol,
  }));
}

/** The autoscaler of a workload that declares one, or of the `target` set of its pods, of which at least `min` stay. Scaling down waits for five calm minutes, the Kubernetes default, unless it says otherwise. */
export function autoscaler(
  workload: Workload,
  target: Workload = workload,
  min: number | undefined = workload.autoscaling?.min,
): { metadata: Metadata; spec: k8s.types.input.autoscaling.v2.HorizontalPodAutoscalerSpec } | undefined {
  const { autoscaling, kind } = target;
  if (!autoscaling || min === undefined) return undefined;
  const metric = (resource: "cpu" | "memory", averageUtilization: number | undefined) =>
    averageUtilization === undefined
      ? []
      : [{ type: "Resource", resource: { name: resource, target: { type: "Utilization", averageUtilization } } }];
  return {
    metadata: workloadMetadata(workload, "-hpa"),
    spec: {
      scaleTargetRef: { apiVersion: "apps/v1", kind, name: trackName(target) },
      minReplicas: min,
      maxReplicas: autoscaling.max,
      metrics: [
        ...metric("cpu", autoscaling.cpu),
        ...metric("memory", autoscaling.memory),
        ...Object.entries(autoscaling.pods ?? {}).map(([name, averageValue]) => ({
          type: "Pods",
          pods: { metric: { name }, target: { type: "AverageValue", averageValue } },
        })),
      ],
      behavior: {
        ...autoscaling.behavior,
        scaleDown: { stabilizationWindowSeconds: 300, ...autoscaling.behavior?.scaleDown },
      },
    },
  };
}

/** A VerticalPodAutoscaler, as autoscaling.k8s.io/v1 has it. */
export interface VerticalPodAutoscaler {
  apiVersion: "autoscaling.k8s.io/v1";
  kind: "VerticalPodAutoscaler";
  metadata: Metadata;
  spec: Record<string, unknown>;
}

/** What recommends or sets the requests of a workload that declares so, or of the `target` set of its pods. Limits keep their ratio to requests. */
export function verticalAutoscaler(workload: Workload, target: Workload = workload): VerticalPodAutoscaler | undefined {
  const { verticalScaling, kind, name } = target;
  if (!verticalScaling) return undefined;
  const { mode, resources, min, max } = verticalScaling;
  return {
    apiVersion: "autoscaling.k8s.io/v1",
    kind: "VerticalPodAutoscaler",
    metadata: workloadMetadata(workload, "-vpa"),
    spec: {
      targetRef: { apiVersion: "apps/v1", kind, name: trackName(target) },
      updatePolicy: { updateMode: mode },
      resourcePolicy: {
        containerPolicies: [
          {
            containerName: target.containerName ?? name,
            controlledResources: resources,
            controlledValues: "RequestsAndLimits",
            ...(Object.keys(min).length ? { minAllowed: min } : {}),
            ...(Object.keys(max).length ? { maxAllowed: max } : {}),
          },
        ],
      },
    },
  };
}

/** Lets a node drain take one pod at a time. Pods that are not ready may always go, or a broken rollout would block the drain. */
export function disruptionBudget(workload: Workload): {
  metadata: Metadata;
  spec: k8s.types.input.policy.v1.PodDisruptionBudgetSpec;
} {
  return {
    metadata: trackMetadata(workload),
    spec: {
      maxUnavailable: 1,
      selector: { matchLabels: workloadSelector(workload) },
      unhealthyPodEvictionPolicy: "AlwaysAllow",
    },
  };
}
