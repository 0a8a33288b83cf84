import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import { catalogue } from "../charts/catalogue.ts";
import { type ChartSource, helmChart } from "../charts/chart.ts";
import { changeObjects, dropEmptyApiGroups, dropSchemaDescriptions, skipServiceAwait } from "../charts/transforms.ts";
import { externalSecretsRelations } from "../edge/addon-relations.ts";
import { externalSecretsSchema } from "../model/addons.ts";
import { type Member, type PodGroup, podGroups, type Relation } from "../model/relations.ts";
import { parseArgs } from "../plain.ts";
import { externalSecretsRelease, externalSecretsValues } from "./external-secrets-values.ts";

/** External Secrets Operator; see `externalSecretsSchema` for each field's meaning and default. */
export interface ExternalSecretsArgs extends z.input<typeof externalSecretsSchema> {
  /** Where the chart comes from. @default upstream */
  source?: ChartSource;
  /** Registry that replaces the image's own, path kept. */
  registry?: string;
  /** Names of existing image pull Secrets in the namespace. @default [] */
  pullSecrets?: string[];
}

/**
 * External Secrets Operator by its own chart, CRDs included, into a namespace that exists: it makes Secrets of what a secret store
 * holds. It reads stores and writes Secrets in their namespaces; what would write into stores or into all namespaces at once is left
 * out. With `ownership: "present"` nothing is made.
 */
export class ExternalSecrets extends pulumi.ComponentResource implements Member {
  /** Its pods; none with `ownership: "present"`. */
  readonly groups: PodGroup[];
  /** What its pods say and are told. */
  readonly relations: Relation[];
  constructor(name: string, args: ExternalSecretsArgs = {}, opts: pulumi.ComponentResourceOptions = {}) {
    super("keelson:security:ExternalSecrets", name, {}, opts);
    const { source, registry, pullSecrets, ...model } = args;
    const addon = parseArgs(externalSecretsSchema, model, `ExternalSecrets "${name}"`);
    this.relations = externalSecretsRelations({ externalSecrets: addon });
    this.groups = podGroups(this.relations);
    if (addon.ownership === "own") {
      helmChart(
        `${name}-chart`,
        {
          entry: catalogue.externalSecrets,
          source,
          release: externalSecretsRelease,
          namespace: addon.namespace,
          values: externalSecretsValues({ ...addon, registry, pullSecrets }),
          transforms: [skipServiceAwait, dropEmptyApiGroups, dropSchemaDescriptions].map(changeObjects),
        },
        { parent: this, ...(opts.dependsOn ? { dependsOn: opts.dependsOn } : {}) },
      );
    }
    this.registerOutputs();
  }
}
