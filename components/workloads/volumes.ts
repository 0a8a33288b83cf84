import type * as k8s from "@pulumi/kubernetes";
import { standardLabels } from "../model/names.ts";
import { fileKey, type SharedVolume, type Volume } from "../model/volume.ts";
import { type PodModel, type Workload, workloadMetadata } from "./workload.ts";

type Claim = Extract<Volume, { size: string }>;
type VolumeMount = k8s.types.input.core.v1.VolumeMount;

/** Size of the /tmp that a container with a read-only root file system gets where it declares none itself. */
const defaultScratch = "64Mi";

/** The declared volumes, and /tmp where the root file system is read-only and nothing is mounted there. */
export function allVolumes({ volumes, security }: Pick<PodModel, "volumes" | "security">): Record<string, Volume> {
  const needsTmp =
    security.readOnlyRootFilesystem && !Object.values(volumes).some(({ mountPath }) => mountPath === "/tmp");
  return needsTmp ? { ...volumes, tmp: { mountPath: "/tmp", scratch: defaultScratch } } : volumes;
}

/** Where the volumes appear in the container. */
export function volumeMounts(pod: PodModel): VolumeMount[] {
  return Object.entries(allVolumes(pod)).map(([name, volume]) => ({
    name,
    mountPath: volume.mountPath,
    ...("shared" in volume && volume.readOnly ? { readOnly: true } : {}),
  }));
}

/** Where the files of the ConfigMap appear: each alone, so that its folder keeps what the image has there. */
export function fileMounts({ files }: PodModel): VolumeMount[] {
  return Object.keys(files).map((path) => ({ name: "files", mountPath: path, subPath: fileKey(path), readOnly: true }));
}

/** Volumes of the pod: scratch, files, the system's shared claims and, unless each pod has its own by a template, the workload's. */
export function podVolumes(pod: PodModel, templates = false): k8s.types.input.core.v1.Volume[] {
  const volumes = Object.entries(allVolumes(pod)).flatMap(([name, volume]): k8s.types.input.core.v1.Volume[] => {
    if ("scratch" in volume) return [{ name, emptyDir: { sizeLimit: volume.scratch } }];
    if ("shared" in volume)
      return [
        {
          name,
          persistentVolumeClaim: { claimName: volume.shared, ...(volume.readOnly ? { readOnly: true } : {}) },
        },
      ];
    return templates ? [] : [{ name, persistentVolumeClaim: { claimName: claimName(pod, name) } }];
  });
  return Object.keys(pod.files).length
    ? [...volumes, { name: "files", configMap: { name: configMapName(pod) } }]
    : volumes;
}

/** The ConfigMap with the files of a pod. */
export function fileData({ files }: Pick<PodModel, "files">): Record<string, string> {
  return Object.fromEntries(Object.entries(files).map(([path, content]) => [fileKey(path), content]));
}

/** Name of the ConfigMap that holds a workload's files. */
export function configMapName({ name }: Pick<PodModel, "name">): string {
  return `${name}-files`;
}

/** Name of the claim that all pods of a Deployment or DaemonSet share. */
export function claimName({ name }: Pick<PodModel, "name">, volume: string): string {
  return `${name}-${volume}`;
}

/** The claims of a workload, as objects (`metadata`, `spec`); a StatefulSet takes the same as templates. */
export function claims(workload: Workload): {
  volume: string;
  metadata: ReturnType<typeof workloadMetadata>;
  spec: k8s.types.input.core.v1.PersistentVolumeClaimSpec;
}[] {
  return Object.entries(workload.volumes)
    .filter((entry): entry is [string, Claim] => "size" in entry[1])
    .map(([volume, claim]) => ({
      volume,
      metadata: workloadMetadata(workload, `-${volume}`),
      spec: claimSpec(claim),
    }));
}

/** A claim for disk. */
export function claimSpec({
  accessMode,
  class: storageClass,
  size,
}: SharedVolume): k8s.types.input.core.v1.PersistentVolumeClaimSpec {
  return {
    accessModes: [accessMode],
    ...(storageClass ? { storageClassName: storageClass } : {}),
    resources: { requests: { storage: size } },
  };
}

/** A claim that services and jobs of a platform share. */
export function sharedClaim(
  name: string,
  namespace: string,
  instance: string,
  volume: SharedVolume,
): { metadata: k8s.types.input.meta.v1.ObjectMeta; spec: k8s.types.input.core.v1.PersistentVolumeClaimSpec } {
  const labels = standardLabels(name, instance, { component: "storage" });
  return { metadata: { name, namespace, labels }, spec: claimSpec(volume) };
}
