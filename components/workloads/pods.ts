import type * as k8s from "@pulumi/kubernetes";
import { checksum } from "../checksum.ts";
import { container } from "./container.ts";
import { claims, podVolumes } from "./volumes.ts";
import {
  minimumReplicas,
  type PodTemplate,
  trackMetadata,
  type Workload,
  workloadLabels,
  workloadMetadata,
  workloadSelector,
} from "./workload.ts";

/** What each kind of workload looks like. */
export function podTemplate(workload: Workload): PodTemplate {
  const { security } = workload;
  const volumes = podVolumes(workload);
  const own = annotations(workload);
  return {
    metadata: { labels: workloadLabels(workload), ...(Object.keys(own).length ? { annotations: own } : {}) },
    spec: {
      serviceAccountName: workload.name,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      terminationGracePeriodSeconds: workload.terminationGracePeriodSeconds,
      securityContext: podSecurity(security.user),
      ...(workload.pullSecrets.length ? { imagePullSecrets: workload.pullSecrets.map((name) => ({ name })) } : {}),
      ...(minimumReplicas(workload) > 1 ? { topologySpreadConstraints: spread(workload) } : {}),
      containers: [container(workload)],
      ...(volumes.length ? { volumes } : {}),
    },
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
  metadata: ReturnType<typeof trackMetadata> & { annotations?: Record<string, string> };
  spec: k8s.types.input.apps.v1.DeploymentSpec;
} {
  return {
    metadata: {
      ...trackMetadata(workload),
      // A colour that has lost the traffic may have got its number of pods from the autoscaler, and gets it from us again.
      ...(workload.color ? { annotations: { "pulumi.com/patchForce": "true" } } : {}),
    },
    spec: {
      ...(replicas === undefined ? {} : { replicas }),
      selector: { matchLabels: workloadSelector(workload) },
      // A claim that one node holds cannot be mounted by the new pod while the old one runs.
      strategy: exclusive(workload)
        ? { type: "Recreate" }
        : { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      progressDeadlineSeconds: workload.timeoutSeconds,
      revisionHistoryLimit: 5,
      template: podTemplate(workload),
    },
  };
}

/** A StatefulSet, with one claim of each volume a pod. */
export function statefulSet(workload: Workload): {
  metadata: ReturnType<typeof workloadMetadata>;
  spec: k8s.types.input.apps.v1.StatefulSetSpec;
} {
  const templates = claims(workload).map(({ volume, spec }) => ({
    metadata: { name: volume, labels: workloadSelector(workload) },
    spec,
  }));
  return {
    metadata: workloadMetadata(workload),
    spec: {
      serviceName: headlessName(workload),
      ...(workload.autoscaling ? {} : { replicas: workload.replicas }),
      selector: { matchLabels: workloadSelector(workload) },
      updateStrategy: { type: "RollingUpdate" },
      template: podTemplate(workload),
      ...(templates.length ? { volumeClaimTemplates: templates } : {}),
    },
  };
}

/** A DaemonSet: one pod on each node. */
export function daemonSet(workload: Workload): {
  metadata: ReturnType<typeof workloadMetadata>;
  spec: k8s.types.input.apps.v1.DaemonSetSpec;
} {
  return {
    metadata: workloadMetadata(workload),
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

/** Whether one pod at a time may hold the workload's disk. */
function exclusive({ volumes }: Workload): boolean {
  return Object.values(volumes).some((volume) => "size" in volume && volume.accessMode !== "ReadWriteMany");
}

function annotations({ files, rollout, podAnnotations }: Workload): Record<string, string> {
  const checksums = Object.keys(files).length ? { ...rollout, files: checksum(files) } : rollout;
  const marks = Object.entries(checksums).map(([key, value]) => [`keelson.dev/${short(key)}`, value]);
  return { ...podAnnotations, ...Object.fromEntries(marks) };
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
