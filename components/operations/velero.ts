import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import { catalogue } from "../charts/catalogue.ts";
import { type ChartSource, helmChart } from "../charts/chart.ts";
import { changeObjects, dropEmptyApiGroups, skipServiceAwait } from "../charts/transforms.ts";
import { veleroRelations } from "../edge/addon-relations.ts";
import { standardLabels } from "../model/names.ts";
import { type Member, type PodGroup, podGroups, type Relation } from "../model/relations.ts";
import { type VeleroAddon, veleroCredentials, veleroSchema } from "../model/velero.ts";
import { parseArgs } from "../plain.ts";
import { veleroRelease, veleroValues } from "./velero-values.ts";

/** Velero; see `veleroSchema` for each field's meaning and default. */
export interface VeleroArgs extends z.input<typeof veleroSchema> {
  /** What is backed up: a namespace. The schedule is called `<name>-backup`. */
  backup: { name: string; namespace: string };
  /** The credentials file of the AWS plugin. Needed with `ownership: "own"`. */
  credentials?: pulumi.Input<string>;
  /** Where the chart comes from. @default upstream */
  source?: ChartSource;
  /** Registry that replaces the images' own, path kept. */
  registry?: string;
  /** Names of existing image pull Secrets in the namespace. @default [] */
  pullSecrets?: string[];
}

/** A Schedule as an object: everything of one namespace, with snapshots of its volumes. */
export function backupSchedule(
  {
    namespace,
    schedule,
    retentionDays,
    endpoint,
  }: Pick<VeleroAddon, "namespace" | "schedule" | "retentionDays" | "endpoint">,
  { name, namespace: included }: VeleroArgs["backup"],
): { metadata: { name: string; namespace: string; labels: Record<string, string> }; spec: Record<string, unknown> } {
  const object = `${name}-backup`;
  return {
    metadata: { name: object, namespace, labels: standardLabels(object, name, { component: "backup" }) },
    spec: {
      schedule,
      // Backups outlive the schedule: destroying the stack must not take them along.
      useOwnerReferencesInBackup: false,
      template: {
        includedNamespaces: [included],
        storageLocation: "default",
        snapshotVolumes: !endpoint,
        ttl: `${retentionDays * 24}h0m0s`,
      },
    },
  };
}

/**
 * Velero by its own chart into a namespace that exists, with one storage location, and a schedule for one namespace. With
 * `ownership: "present"` only the schedule is made. The node agent, which runs as root on every node, is left out.
 */
export class Velero extends pulumi.ComponentResource implements Member {
  /** Its pods; none with `ownership: "present"`. */
  readonly groups: PodGroup[];
  /** What its pods say and are told. */
  readonly relations: Relation[];
  constructor(name: string, args: VeleroArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("keelson:operations:Velero", name, {}, opts);
    const { backup, credentials, source, registry, pullSecrets, ...model } = args;
    const addon = parseArgs(veleroSchema, model, `Velero "${name}"`);
    this.relations = veleroRelations({ velero: addon });
    this.groups = podGroups(this.relations);
    const needed = opts.dependsOn ? { dependsOn: opts.dependsOn } : {};
    const installed: pulumi.Resource[] = [];
    if (addon.ownership === "own") {
      if (credentials === undefined)
        throw new Error(`Velero "${name}": credentials are missing; give the credentials file`);
      const labels = standardLabels(veleroCredentials, veleroRelease, { component: "secret" });
      const secret = new k8s.core.v1.Secret(
        `${name}-credentials`,
        {
          metadata: { name: veleroCredentials, namespace: addon.namespace, labels },
          stringData: { cloud: pulumi.secret(credentials) },
        },
        { parent: this, ...needed },
      );
      const chart = helmChart(
        `${name}-chart`,
        {
          entry: catalogue.velero,
          source,
          release: veleroRelease,
          namespace: addon.namespace,
          values: veleroValues({ ...addon, registry, pullSecrets }),
          transforms: [skipServiceAwait, dropEmptyApiGroups].map(changeObjects),
        },
        { parent: this, dependsOn: secret },
      );
      installed.push(chart);
    }
    new k8s.apiextensions.CustomResource(
      `${name}-schedule`,
      { apiVersion: "velero.io/v1", kind: "Schedule", ...backupSchedule(addon, backup) },
      { parent: this, ...(installed.length ? { dependsOn: installed } : needed) },
    );
    this.registerOutputs();
  }
}
