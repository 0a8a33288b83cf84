import type * as k8s from "@pulumi/kubernetes";
import type { Volume } from "../model/service.ts";
import { type Workload, workloadMetadata } from "./workload.ts";

type Claim = Extract<Volume, { size: string }>;
type VolumeMount = k8s.types.input.core.v1.VolumeMount;

/** Size of the /tmp that a container with a read-only root file system gets where it declares none itself. */
const defaultScratch = "64Mi";

/** The declared volumes, and /tmp where the root file system is read-only and nothing is mounted there. */
export function allVolumes({ volumes, security }: Pick<Workload, "volumes" | "security">): Record<string, Volume> {
  const needsTmp =
    security.readOnlyRootFilesystem && !Object.values(volumes).some(({ mountPath }) => mountPath === "/tmp");
  return needsTmp ? { ...volumes, tmp: { mountPath: "/tmp", scratch: defaultScratch } } : volumes;
}

/** Where the volumes appear in the container. */
export function volumeMounts(workload: Workload): VolumeMount[] {
  return Object.entries(allVolumes(workload)).map(([name, { mountPath }]) => ({ name, mountPath }));
}

/** Where the files of the ConfigMap appear: each alone, so that its folder keeps what the image has there. */
export function fileMounts({ files }: Workload): VolumeMount[] {
  return Object.keys(files).map((path) => ({ name: "files", mountPath: path, subPath: fileKey(path), readOnly: true }));
}

/** Key of a file in the ConfigMap: its path, as far as a key may hold it. */
export function fileKey(path: string): string {
  return path.slice(1).replaceAll("/", "_");
}

/** Volumes of the pod: scratch, files and, for all but a StatefulSet, the shared claims. */
export function podVolumes(workload: Workload): k8s.types.input.core.v1.Volume[] {
  const volumes = Object.entries(allVolumes(workload)).flatMap(([name, volume]): k8s.types.input.core.v1.Volume[] => {
    if ("scratch" in volume) return [{ name, emptyDir: { sizeLimit: volume.scratch } }];
    return workload.kind === "StatefulSet"
      ? []
      : [{ name, persistentVolumeClaim: { claimName: claimName(workload, name) } }];
  });
  return Object.keys(workload.files).length
    ? [...volumes, { name: "files", configMap: { name: configMapName(workload) } }]
    : volumes;
}

/** Name of the ConfigMap that holds a workload's files. */
export function configMapName({ name }: Pick<Workload, "name">): string {
  return `${name}-files`;
}

/** Name of the claim that all pods of a Deployment or DaemonSet share. */
export function claimName({ name }: Pick<Workload, "name">, volume: string): string {
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
      spec: {
        accessModes: [claim.accessMode],
        ...(claim.class ? { storageClassName: claim.class } : {}),
        resources: { requests: { storage: claim.size } },
      },
    }));
}
