import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Delivery } from "../model/gitops.ts";
import type { PlatformModel } from "../model/system.ts";
import type { Description } from "../outputs.ts";
import { deliveryObjects } from "./delivery-objects.ts";

export interface HandoverArgs {
  /** The tool that delivers the system, and from where. */
  delivery: Delivery;
  /** The system that is delivered. */
  model: Pick<PlatformModel, "name" | "environment" | "namespace">;
}

/**
 * Hands a system over to a tool that delivers it from git: the tool's objects, and nothing of the system itself, which would
 * otherwise have two that write it.
 */
export class Handover extends pulumi.ComponentResource implements Description {
  readonly urls: Record<string, pulumi.Output<string>> = {};
  readonly services: Description["services"] = {};
  readonly data: Description["data"] = {};
  readonly commands: Description["commands"];

  constructor(name: string, { delivery, model }: HandoverArgs, opts?: pulumi.ComponentResourceOptions) {
    super("keelson:gitops:Handover", name, {}, opts);
    const objects = deliveryObjects(delivery, {
      system: model.name,
      environment: model.environment,
      namespace: model.namespace,
    });
    const made: pulumi.Resource[] = [];
    for (const object of objects) {
      made.push(
        new k8s.apiextensions.CustomResource(`${name}-${object.kind.toLowerCase()}`, object, {
          parent: this,
          dependsOn: [...made],
        }),
      );
    }
    this.commands = Object.fromEntries(
      objects.map(({ kind, apiVersion, metadata }) => [
        kind,
        `kubectl get ${kind.toLowerCase()}.${apiVersion.split("/")[0]} ${metadata.name} --namespace ${metadata.namespace} --output yaml`,
      ]),
    );
    this.registerOutputs();
  }
}
