import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import { catalogue } from "../charts/catalogue.ts";
import { type ChartSource, helmChart } from "../charts/chart.ts";
import {
  changeObjects,
  dropEmptyApiGroups,
  dropSchemaDescriptions,
  hookObjects,
  skipServiceAwait,
} from "../charts/transforms.ts";
import { webhookRetry } from "../charts/webhook-retry.ts";
import { monitoringSchema } from "../model/addons.ts";
import { type Member, type PodGroup, podGroups, type Relation } from "../model/relations.ts";
import { parseArgs } from "../plain.ts";
import { Secret } from "../security/secret.ts";
import { monitoringRelations, prometheusGroup } from "./monitoring-relations.ts";
import { grafanaSecret, monitoringRelease, monitoringValues } from "./monitoring-values.ts";

/** Monitoring; see `monitoringSchema` for each field's meaning and default. */
export interface MonitoringArgs extends z.input<typeof monitoringSchema> {
  /** Where the chart comes from. @default upstream */
  source?: ChartSource;
  /** Registry that replaces the images' own, path kept. */
  registry?: string;
  /** Names of existing image pull Secrets in the namespace. @default [] */
  pullSecrets?: string[];
}

/**
 * Prometheus with its operator, Alertmanager and Grafana by kube-prometheus-stack, into a namespace that exists, and one more for
 * the node-exporters. It needs cert-manager for the certificate of the operator's webhook: depend on `CertManager`. Grafana's
 * administrator has a generated password, in Secret grafana-admin. With `ownership: "present"` nothing is made.
 *
 * Prometheus takes every ServiceMonitor, PodMonitor and PrometheusRule of the cluster, whatever its labels.
 */
export class Monitoring extends pulumi.ComponentResource implements Member {
  /** Prometheus' pods, as one end of relations. */
  readonly group: PodGroup;
  /** Its pods; none with `ownership: "present"`. */
  readonly groups: PodGroup[];
  /** What its pods say and are told. */
  readonly relations: Relation[];
  /** Namespace that Prometheus runs in, and Grafana looks for dashboards in. */
  readonly namespace: pulumi.Output<string>;

  constructor(name: string, args: MonitoringArgs = {}, opts: pulumi.ComponentResourceOptions = {}) {
    super("keelson:observability:Monitoring", name, {}, opts);
    const { source, registry, pullSecrets, ...model } = args;
    const addon = parseArgs(monitoringSchema, model, `Monitoring "${name}"`);
    this.group = prometheusGroup(addon.namespace);
    this.relations = monitoringRelations({ monitoring: addon });
    this.groups = podGroups(this.relations);
    this.namespace = pulumi.output(addon.namespace);
    if (addon.ownership === "own") {
      const dependsOn = opts.dependsOn ? { dependsOn: opts.dependsOn } : {};
      const secret = new Secret(
        `${name}-${grafanaSecret.name}`,
        {
          name: grafanaSecret.name,
          namespace: addon.namespace,
          instance: "monitoring",
          keys: { [grafanaSecret.user]: { value: "admin" }, [grafanaSecret.password]: { generate: 32 } },
        },
        { parent: this, ...dependsOn },
      );
      helmChart(
        `${name}-chart`,
        {
          entry: catalogue.monitoring,
          source,
          release: monitoringRelease,
          namespace: addon.namespace,
          values: monitoringValues({ ...addon, registry, pullSecrets }),
          transforms: [
            ...[skipServiceAwait, dropEmptyApiGroups, dropSchemaDescriptions].map(changeObjects),
            hookObjects(["kubernetes:cert-manager.io/v1:Issuer", "kubernetes:cert-manager.io/v1:Certificate"], {
              onError: [webhookRetry()],
            }),
          ],
        },
        { parent: this, dependsOn: [secret, ...[opts.dependsOn ?? []].flat()] as pulumi.Resource[] },
      );
    }
    this.registerOutputs({ namespace: this.namespace });
  }
}
