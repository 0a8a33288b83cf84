import type * as k8s from "@pulumi/kubernetes";
import { checksum } from "../checksum.ts";
import { container } from "./container.ts";
import { claims, podVolumes } from "./volumes.ts";
import {
  minimumReplicas,
  ownerMetadata,
  type PodModel,
  type PodTemplate,
  versionedLabels,
  type Workload,
  workloadSelector,
} from "./workload.ts";

type ScaledMetadata = ReturnType<typeof ownerMetadata> & { annotations?: Record<string, string> };

/** What each kind of workload looks like. */
export function podTemplate(workload: Workload): PodTemplate {
  const volumes = podVolumes(workload, workload.kind === "StatefulSet");
  return {
    metadata: { labels: versionedLabels(workload), ...podAnnotations(workload) },
    spec: {
      ...podBasics(workload),
      automountServiceAccountToken: workload.access !== undefined,
      ...(minimumReplicas(workload) > 1 ? { topologySpreadConstraints: spread(workload) } : {}),
      ...(workload.antiAffinity ? { affinity: apart(workload, workload.antiAffinity) } : {}),
      containers: [container(workload)],
      ...(volumes.length ? { volumes } : {}),
    },
  };
}

/** What all pods have in common: no token, no links, Pod Security restricted. */
export function podBasics(pod: PodModel): Omit<k8s.types.input.core.v1.PodSpec, "containers"> {
  return {
    serviceAccountName: pod.name,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: pod.terminationGracePeriodSeconds,
    securityContext: podSecurity(pod.security.user),
    ...(pod.pullSecrets.length ? { imagePullSecrets: pod.pullSecrets.map((name) => ({ name })) } : {}),
  };
}

/** The security context of a pod at Pod Security level restricted. */
export function podSecurity(user: number): k8s.types.input.core.v1.PodSecurityContext {
  return {
    runAsNonRoot: true,
    runAsUser: user,
    runAsGroup: user,
    fsGroup: user,
    // A large volume would otherwise be walked at each start.
    fsGroupChangePolicy: "OnRootMismatch",
    seccompProfile: { type: "RuntimeDefault" },
  };
}

/** A Deployment. `replicas` is left out where an autoscaler owns it and none are given. */
export function deployment(
  workload: Workload,
  replicas: number | undefined = workload.autoscaling ? undefined : workload.replicas,
): {
  metadata: ScaledMetadata;
  spec: k8s.types.input.apps.v1.DeploymentSpec;
} {
  return {
    metadata: scaledMetadata(workload, replicas),
    spec: {
      ...(replicas === undefined ? {} : { replicas }),
      selector: { matchLabels: workloadSelector(workload) },
      strategy: strategy(workload),
      progressDeadlineSeconds: workload.timeoutSeconds,
      revisionHistoryLimit: 5,
      template: podTemplate(workload),
    },
  };
}

/** A StatefulSet, with one claim of each volume a pod. */
export function statefulSet(workload: Workload): {
  metadata: ScaledMetadata;
  spec: k8s.types.input.apps.v1.StatefulSetSpec;
} {
  const replicas = workload.autoscaling ? undefined : workload.replicas;
  const templates = claims(workload).map(({ volume, spec }) => ({
    metadata: { name: volume, labels: workloadSelector(workload) },
    spec,
  }));
  return {
    metadata: scaledMetadata(workload, replicas),
    spec: {
      serviceName: headlessName(workload),
      ...(replicas === undefined ? {} : { replicas }),
      selector: { matchLabels: workloadSelector(workload) },
      updateStrategy: { type: "RollingUpdate" },
      template: podTemplate(workload),
      ...(templates.length ? { volumeClaimTemplates: templates } : {}),
    },
  };
}

/**
 * Metadata of a workload with a number of pods. Who gives the number takes the field from an autoscaler that had it, since
 * server-side apply would report a conflict: one that is gone, or that of a colour that has lost the traffic.
 */
function scaledMetadata(workload: Workload, replicas: number | undefined): ScaledMetadata {
  const ours = replicas !== undefined || workload.color !== undefined;
  return { ...ownerMetadata(workload), ...(ours ? { annotations: { "pulumi.com/patchForce": "true" } } : {}) };
}

/** A DaemonSet: one pod on each node. */
export function daemonSet(workload: Workload): {
  metadata: ReturnType<typeof ownerMetadata>;
  spec: k8s.types.input.apps.v1.DaemonSetSpec;
} {
  return {
    metadata: ownerMetadata(workload),
    spec: {
      selector: { matchLabels: workloadSelector(workload) },
      updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 1 } },
      template: podTemplate(workload),
    },
  };
}

/** Name of the Service that gives each pod of a StatefulSet its own DNS name. */
export function headlessName({ name }: Pick<Workload, "name">): string {
  return `${name}-headless`;
}

/** How pods are replaced: no fewer at any time, unless two at once cannot be or must not be. */
function strategy(workload: Workload): k8s.types.input.apps.v1.DeploymentStrategy {
  // A claim that one node holds cannot be mounted by the new pod while the old one runs.
  if (workload.singleton || exclusive(workload)) return { type: "Recreate" };
  // With a pod on each node that could take one, one more would wait for ever.
  const one = workload.antiAffinity === "required" && minimumReplicas(workload) > 1;
  return {
    type: "RollingUpdate",
    rollingUpdate: one ? { maxSurge: 0, maxUnavailable: 1 } : { maxSurge: 1, maxUnavailable: 0 },
  };
}

/** Whether one pod at a time may hold the workload's disk. */
function exclusive({ volumes }: Workload): boolean {
  return Object.values(volumes).some((volume) => "size" in volume && volume.accessMode !== "ReadWriteMany");
}

function podAnnotations({ files, rollout, podAnnotations }: PodModel): { annotations?: Record<string, string> } {
  const checksums = Object.keys(files).length ? { ...rollout, files: checksum(files) } : rollout;
  const marks = Object.entries(checksums).map(([key, value]) => [`keelson.dev/${short(key)}`, value]);
  const annotations = { ...podAnnotations, ...Object.fromEntries(marks) };
  return Object.keys(annotations).length ? { annotations } : {};
}

/** The name of an annotation has at most 63 characters. */
function short(name: string): string {
  return name.length <= 63 ? name : `${name.slice(0, 50)}-${checksum({ name })}`;
}

/** Spread over zones and nodes as well as it goes; never a reason to stay Pending. */
function spread(workload: Workload): k8s.types.input.core.v1.TopologySpreadConstraint[] {
  return ["topology.kubernetes.io/zone", "kubernetes.io/hostname"].map((topologyKey) => ({
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable: "ScheduleAnyway",
    labelSelector: { matchLabels: workloadSelector(workload) },
  }));
}

/** No two pods on one node: as a wish, or as a condition. */
function apart(workload: Workload, how: NonNullable<Workload["antiAffinity"]>): k8s.types.input.core.v1.Affinity {
  const term = {
    topologyKey: "kubernetes.io/hostname",
    labelSelector: { matchLabels: workloadSelector(workload) },
  };
  return {
    podAntiAffinity:
      how === "required"
        ? { requiredDuringSchedulingIgnoredDuringExecution: [term] }
        : { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm: term }] },
  };
}
