import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import { catalogue } from "../charts/catalogue.ts";
import { type ChartSource, helmChart } from "../charts/chart.ts";
import { ingressNginxNotice, noticeOnce } from "../charts/notices.ts";
import { changeObjects, hookObjects, skipServiceAwait } from "../charts/transforms.ts";
import { webhookRetry } from "../charts/webhook-retry.ts";
import { ingressNginxSchema } from "../model/addons.ts";
import { type Member, type PodGroup, podGroups, type Relation } from "../model/relations.ts";
import { parseArgs } from "../plain.ts";
import { controllerGroup, ingressNginxRelations } from "./addon-relations.ts";
import { ingressNginxRelease, ingressNginxValues } from "./ingress-nginx-values.ts";

/** ingress-nginx; see `ingressNginxSchema` for each field's meaning and default. */
export interface IngressNginxArgs extends z.input<typeof ingressNginxSchema> {
  /** Where the chart comes from. @default upstream */
  source?: ChartSource;
  /** Registry that replaces the image's own, path kept. */
  registry?: string;
  /** Names of existing image pull Secrets in the namespace. @default [] */
  pullSecrets?: string[];
}

/**
 * The ingress-nginx controller by its own chart, into a namespace that exists, behind an IngressClass. Several can be in one
 * cluster, each with a class and a namespace of its own. It needs cert-manager for the certificate of its webhook: depend on
 * `CertManager`. With `ownership: "present"` nothing is made.
 */
export class IngressNginx extends pulumi.ComponentResource implements Member {
  /** The controller's pods, as one end of relations. */
  readonly group: PodGroup;
  /** Its pods; none with `ownership: "present"`. */
  readonly groups: PodGroup[];
  /** What its pods say and are told. */
  readonly relations: Relation[];
  /** Name of its IngressClass. */
  readonly class: string;
  /** The same, for Ingresses. */
  readonly ingressClass: pulumi.Output<string>;

  constructor(name: string, args: IngressNginxArgs = {}, opts: pulumi.ComponentResourceOptions = {}) {
    super("keelson:edge:IngressNginx", name, {}, opts);
    const { source, registry, pullSecrets, ...model } = args;
    const addon = parseArgs(ingressNginxSchema, model, `IngressNginx "${name}"`);
    this.group = controllerGroup(addon);
    this.relations = ingressNginxRelations({ ingressNginx: addon });
    this.groups = podGroups(this.relations);
    this.class = addon.class;
    this.ingressClass = pulumi.output(addon.class);
    if (addon.ownership === "own") {
      helmChart(
        `${name}-chart`,
        {
          entry: catalogue.ingressNginx,
          source,
          release: ingressNginxRelease(addon.class),
          namespace: addon.namespace,
          values: ingressNginxValues({ ...addon, registry, pullSecrets }),
          transforms: [
            changeObjects(skipServiceAwait),
            hookObjects(["kubernetes:cert-manager.io/v1:Issuer", "kubernetes:cert-manager.io/v1:Certificate"], {
              onError: [webhookRetry()],
            }),
          ],
        },
        { parent: this, ...(opts.dependsOn ? { dependsOn: opts.dependsOn } : {}) },
      );
      if (!addon.image) noticeOnce(ingressNginxNotice, this);
    }
    this.registerOutputs({ ingressClass: this.ingressClass });
  }
}
