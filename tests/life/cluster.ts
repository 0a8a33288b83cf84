import { simulatedAddon } from "../../sandbox/simulated-addons.ts";
import type { OwnSandbox } from "./own-sandbox.ts";
import { identity } from "./stack-state.ts";

/** The parts of live objects that these tests look at. */
export interface LiveObject {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    labels?: Record<string, string>;
    managedFields?: { manager?: string }[];
  };
  data?: Record<string, string>;
  reason?: string;
  message?: string;
  spec?: Record<string, unknown>;
}

/** Live objects of some kinds, of every namespace. */
export async function live(own: OwnSandbox, kinds: string, ...options: string[]): Promise<LiveObject[]> {
  const text = await own.command("kubectl", "get", kinds, "-A", "-o", "json", ...options);
  return (JSON.parse(text) as { items: LiveObject[] }).items;
}

/** Identities of all objects that Pulumi created in the cluster, sorted. What controllers made of them does not count. */
export async function madeByPulumi(own: OwnSandbox): Promise<string[]> {
  const kinds = (await own.command("kubectl", "api-resources", "--verbs=list,delete", "-o", "name"))
    .split("\n")
    .filter((kind) => kind && !kind.startsWith("events"));
  const objects = await live(own, kinds.join(","), "--show-managed-fields");
  return objects
    .filter(({ metadata }) => metadata.managedFields?.some(({ manager }) => manager?.startsWith("pulumi-kubernetes")))
    .map((object) => identity({ ...object }))
    .sort();
}

/** What a system leaves in a cluster beside its own objects: namespaces, volumes, claims, kinds and pods, by their names. */
export async function remains(own: OwnSandbox): Promise<string[]> {
  const builtIn = /^Namespace (default|kube-.*)$/;
  const kinds = "namespaces,persistentvolumes,persistentvolumeclaims,customresourcedefinitions,pods";
  // What the sandbox plays of add-ons belongs to the cluster.
  const objects = await live(own, kinds, "--selector", `!${simulatedAddon}`);
  return objects.map((object) => `${object.kind} ${object.metadata.name}`).filter((name) => !builtIn.test(name));
}

/** Values of all Secrets that the components made, by namespace, name and key. */
export async function secretValues(own: OwnSandbox): Promise<Record<string, string>> {
  const secrets = await live(own, "secrets", "--selector", "app.kubernetes.io/managed-by=pulumi");
  return Object.fromEntries(
    secrets.flatMap(({ metadata, data = {} }) =>
      Object.entries(data).map(([key, value]) => [`${metadata.namespace}/${metadata.name} ${key}`, value]),
    ),
  );
}
