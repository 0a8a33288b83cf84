import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { Handover } from "./components/gitops/handover.ts";
import { inhabited } from "./components/model/system.ts";
import { Platform } from "./components/platform.ts";
import { clusterProblems } from "./settings/cluster-problems.ts";
import { lookAtCluster } from "./settings/look-at-cluster.ts";
import { assertNoneInTheWay } from "./settings/read.ts";
import { resolve } from "./settings/resolve.ts";
import { findSandbox } from "./settings/runtime.ts";
import { systems } from "./systems/index.ts";

// The SDK sends each answer of the engine back to it as a debug message, secrets in plain text, and event logs keep those.
Object.assign(pulumi.log, { debug: async () => undefined });
// Node strips types in place, so traces name the right lines as they are. The SDK has each one mapped all the same, and takes one
// for every promise: a quarter of the program's time.
Reflect.deleteProperty(Error, "prepareStackTrace");

const stack = pulumi.getStack();
const { platform, cluster, charts, secrets, notices } = resolve({
  config: pulumi.runtime.allConfig(),
  stack,
  systems,
  sandbox: findSandbox(),
});
// `up` begins with a preview: what is in the way in the cluster ends it there, before anything is changed.
if (pulumi.runtime.isDryRun() && !platform.delivery)
  assertNoneInTheWay(clusterProblems(await lookAtCluster({ cluster, platform }), platform), stack);
for (const notice of notices) await pulumi.log.info(notice);

const provider = new k8s.Provider("cluster", {
  ...(cluster.context ? { context: cluster.context } : {}),
  ...(cluster.kubeconfig ? { kubeconfig: cluster.kubeconfig } : {}),
  // What decides that this is another cluster, where every object would have to be made anew.
  ...((cluster.identifier ?? cluster.context) ? { clusterIdentifier: cluster.identifier ?? cluster.context } : {}),
  // Names are fixed, so changed configuration is updated in place; checksums roll the pods that read it.
  enableConfigMapMutable: true,
  enableSecretMutable: true,
  // The default of 50 requests a second is most of a first preview of some hundred services; the server has limits of its own.
  kubeClientSettings: { qps: 100, burst: 200 },
});
const { delivery } = platform;
const system = delivery
  ? new Handover(platform.name, { delivery, model: platform }, { providers: [provider] })
  : new Platform(platform.name, { model: platform, charts, secrets }, { providers: [provider] });

/** What is where, how to reach it and what to type next. */
export const namespace = inhabited(platform) ? platform.namespace : undefined;
export const { urls, services, data, commands } = system;
