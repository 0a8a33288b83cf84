import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import { certManagerEntry } from "../charts/catalogue.ts";
import { type ChartSource, helmChart } from "../charts/chart.ts";
import { changeObjects, dropEmptyApiGroups, skipServiceAwait } from "../charts/transforms.ts";
import { certManagerSchema } from "../model/addons.ts";
import { type Member, type PodGroup, podGroups, type Relation } from "../model/relations.ts";
import { parseArgs } from "../plain.ts";
import { certManagerGroup, certManagerRelations } from "./addon-relations.ts";
import { certManagerProbes } from "./cert-manager-probes.ts";
import { certManagerRelease, certManagerValues } from "./cert-manager-values.ts";

/** cert-manager; see `certManagerSchema` for each field's meaning and default. */
export interface CertManagerArgs extends z.input<typeof certManagerSchema> {
  /** Where the chart comes from. @default upstream */
  source?: ChartSource;
  /** Registry that replaces the images' own, path kept. */
  registry?: string;
  /** Names of existing image pull Secrets in the namespace. @default [] */
  pullSecrets?: string[];
}

/**
 * cert-manager by its own chart, CRDs included, into a namespace that exists. With `ownership: "present"` nothing is made.
 *
 * Whatever makes Certificates or Issuers depends on this component: it is complete when the webhook's pods are ready. The API
 * server is told their CA a moment later; `webhookRetry` bridges it.
 */
export class CertManager extends pulumi.ComponentResource implements Member {
  /** The pods of its controller, as one end of relations. */
  readonly group: PodGroup;
  /** Its pods; none with `ownership: "present"`. */
  readonly groups: PodGroup[];
  /** What its pods say and are told. */
  readonly relations: Relation[];
  /** Namespace that cert-manager runs in; certificates of ClusterIssuers' own are kept there. */
  readonly namespace: pulumi.Output<string>;

  constructor(name: string, args: CertManagerArgs = {}, opts: pulumi.ComponentResourceOptions = {}) {
    super("keelson:edge:CertManager", name, {}, opts);
    const { source, registry, pullSecrets, ...model } = args;
    const addon = parseArgs(certManagerSchema, model, `CertManager "${name}"`);
    this.group = certManagerGroup(addon.namespace, "controller");
    this.relations = certManagerRelations({ certManager: addon });
    this.groups = podGroups(this.relations);
    this.namespace = pulumi.output(addon.namespace);
    if (addon.ownership === "own") {
      helmChart(
        `${name}-chart`,
        {
          entry: certManagerEntry(addon.version),
          source,
          release: certManagerRelease,
          namespace: addon.namespace,
          values: certManagerValues({ ...addon, registry, pullSecrets }),
          transforms: [skipServiceAwait, dropEmptyApiGroups, certManagerProbes(addon.version)].map(changeObjects),
        },
        { parent: this, ...(opts.dependsOn ? { dependsOn: opts.dependsOn } : {}) },
      );
    }
    this.registerOutputs({ namespace: this.namespace });
  }
}
