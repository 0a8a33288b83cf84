import { catalogue } from "../charts/catalogue.ts";
import type { ChartValues } from "../charts/chart.ts";
import { fromRegistry, imageReference } from "../model/image.ts";
import { type Resources, resourceRequirements } from "../model/quantity.ts";
import { type VeleroAddon, veleroCredentials } from "../model/velero.ts";

/** What Velero's chart is made of. */
export interface VeleroOptions extends Pick<VeleroAddon, "bucket" | "region" | "prefix" | "endpoint"> {
  /** Registry that replaces the images' own, path kept. */
  registry?: string | undefined;
  /** Names of existing image pull Secrets. */
  pullSecrets?: string[] | undefined;
}

/** Release name; the Deployment is called so whatever the release is. */
export const veleroRelease = "velero";
/** The user of Velero's own images. */
const user = 65_532;

/** What `velero install` asks for (velero.io, "Customize Velero Install"). */
const serverResources: Resources = {
  requests: { cpu: "500m", memory: "128Mi" },
  limits: { cpu: "1000m", memory: "512Mi" },
};
const pluginResources: Resources = {
  requests: { cpu: "10m", memory: "32Mi" },
  limits: { cpu: "100m", memory: "64Mi" },
};

const containerSecurity = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  runAsNonRoot: true,
  capabilities: { drop: ["ALL"] },
};

/** The values of Velero's chart (12.x). */
export function veleroValues(options: VeleroOptions): ChartValues {
  const { bucket, region, prefix, endpoint, registry, pullSecrets = [] } = options;
  const { server, awsPlugin } = catalogue.velero.images;
  const image = fromRegistry(server, registry);
  return {
    image: { repository: image.repository, tag: image.tag ?? "", imagePullSecrets: pullSecrets },
    initContainers: [
      {
        name: "velero-plugin-for-aws",
        image: imageReference(fromRegistry(awsPlugin, registry)),
        imagePullPolicy: "IfNotPresent",
        resources: resourceRequirements(pluginResources),
        securityContext: containerSecurity,
        volumeMounts: [{ mountPath: "/target", name: "plugins" }],
      },
    ],
    resources: resourceRequirements(serverResources),
    podSecurityContext: {
      runAsNonRoot: true,
      runAsUser: user,
      runAsGroup: user,
      fsGroup: user,
      seccompProfile: { type: "RuntimeDefault" },
    },
    containerSecurityContext: containerSecurity,
    // Both are Helm hooks, which helm.v4.Chart drops; the CRDs come with the chart.
    upgradeCRDs: false,
    cleanUpCRDs: false,
    credentials: { useSecret: true, existingSecret: veleroCredentials },
    configuration: {
      backupStorageLocation: [
        {
          name: "default",
          provider: "aws",
          bucket,
          ...(prefix ? { prefix } : {}),
          default: true,
          config: { region, ...(endpoint ? { s3Url: endpoint, s3ForcePathStyle: "true" } : {}) },
        },
      ],
      volumeSnapshotLocation: [{ name: "default", provider: "aws", config: { region } }],
    },
    // Snapshots are those of AWS's block storage.
    snapshotsEnabled: !endpoint,
    // It reads every pod's files as root through the host; snapshots and database dumps do without.
    deployNodeAgent: false,
  };
}

/** Labels of the server's pods. */
export const veleroLabels: Record<string, string> = {
  "app.kubernetes.io/name": "velero",
  "app.kubernetes.io/instance": veleroRelease,
};
