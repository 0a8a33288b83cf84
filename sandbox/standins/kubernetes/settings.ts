import type { PropertyMap } from "../values.ts";
import type { Mutability } from "./force-new.ts";

/** What the provider is told by its arguments, by stack configuration (`kubernetes:…`) or by the environment. */
export interface Settings {
  /** Path or content; "" for the user's own. */
  kubeconfig: string;
  /** "" for the kubeconfig's current one. */
  context: string;
  /** Where objects go that name no namespace; "" leaves it to the API server. */
  namespace: string;
  /** Whether a create takes over an object that is already there. */
  upsertExistingObjects: boolean;
  /** Whether an update takes fields from other field managers. */
  enablePatchForce: boolean;
  mutable: Mutability;
}

/** Arguments that change nothing the stand-in does. */
const withoutEffect = [
  "clusterIdentifier",
  "kubeClientSettings",
  "suppressDeprecationWarnings",
  "suppressHelmHookWarnings",
];
const known = [
  "kubeconfig",
  "context",
  "namespace",
  "upsertExistingObjects",
  "enablePatchForce",
  "enableConfigMapMutable",
  "enableSecretMutable",
  "enableServerSideApply",
  "strictMode",
];

/** Reads the settings; an error names what the stand-in does not have. */
export function readSettings(variables: ReadonlyMap<string, string>, environment: NodeJS.ProcessEnv): Settings {
  const given = new Map([...variables].map(([key, value]) => [key.replace(/^kubernetes:config:/, ""), value]));
  const foreign = [...given.keys()].filter(
    (key) => !known.includes(key) && !withoutEffect.includes(key) && key !== "version",
  );
  if (foreign.length > 0) {
    throw new Error(
      `The stand-in for the kubernetes provider has no setting ${foreign.join(", ")}. It has: ${[...known, ...withoutEffect].join(", ")}.`,
    );
  }
  const flag = (name: string, variable: string, otherwise = false) => {
    const value = given.get(name) ?? environment[variable];
    return value === undefined ? otherwise : value === "true";
  };
  if (!flag("enableServerSideApply", "PULUMI_K8S_ENABLE_SERVER_SIDE_APPLY", true)) {
    throw new Error(
      "The stand-in for the kubernetes provider updates by server-side apply only: leave enableServerSideApply on.",
    );
  }
  return {
    kubeconfig: given.get("kubeconfig") ?? "",
    context: given.get("context") ?? "",
    namespace: given.get("namespace") ?? "",
    upsertExistingObjects: flag("upsertExistingObjects", "PULUMI_K8S_UPSERT_EXISTING_OBJECTS"),
    enablePatchForce: flag("enablePatchForce", "PULUMI_K8S_ENABLE_PATCH_FORCE"),
    mutable: {
      configMaps: flag("enableConfigMapMutable", "PULUMI_K8S_ENABLE_CONFIGMAP_MUTABLE"),
      secrets: flag("enableSecretMutable", "PULUMI_K8S_ENABLE_SECRET_MUTABLE"),
    },
  };
}

/** In strict mode: what is missing from a provider that must not guess its cluster, each as [property, reason]. */
export function strictModeFailures(
  provider: PropertyMap,
  name: string,
  pulumiConfig: string | undefined,
): [string, string][] {
  const configured: { strictMode?: string } = JSON.parse(pulumiConfig || "{}");
  const strict = provider.strictMode ?? configured.strictMode;
  if (strict !== "true" && strict !== true) return [];
  const failures: [string, string][] = name.startsWith("default")
    ? [["", "strict mode prohibits default provider"]]
    : [];
  for (const argument of ["kubeconfig", "context"]) {
    if (!provider[argument]) failures.push([argument, `strict mode requires Provider "${argument}" argument`]);
  }
  return failures;
}

/** The provider's changed arguments, and those of them that mean another cluster. */
export function providerChanges(old: PropertyMap, next: PropertyMap): { diffs: string[]; replaces: string[] } {
  const diffs = [...new Set([...Object.keys(old), ...Object.keys(next)])].filter(
    (key) => key !== "version" && JSON.stringify(old[key]) !== JSON.stringify(next[key]),
  );
  const identified = old.clusterIdentifier !== undefined && next.clusterIdentifier !== undefined;
  const identity = identified ? ["clusterIdentifier"] : ["kubeconfig", "context", "cluster"];
  return {
    diffs,
    replaces: next.clusterIdentifier !== undefined && !identified ? [] : diffs.filter((key) => identity.includes(key)),
  };
}
