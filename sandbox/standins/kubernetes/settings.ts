/** What the provider is told by its arguments, by stack configuration (`kubernetes:…`) or by the environment. */
export interface Settings {
  /** Path or content; "" for the user's own. */
  kubeconfig: string;
  /** "" for the kubeconfig's current one. */
  context: string;
  /** Whether a create takes over an object that is already there. */
  upsert: boolean;
  /** Whether an update takes fields from other field managers. */
  force: boolean;
  /** The kinds, ConfigMap and Secret, whose data changes in place; else it replaces the object. */
  mutable: ReadonlySet<string>;
}

/** All settings, with the environment variables that do the same. The last ones change nothing that the stand-in does. */
const known: Record<string, string> = {
  kubeconfig: "",
  context: "",
  upsertExistingObjects: "PULUMI_K8S_UPSERT_EXISTING_OBJECTS",
  enablePatchForce: "PULUMI_K8S_ENABLE_PATCH_FORCE",
  enableConfigMapMutable: "PULUMI_K8S_ENABLE_CONFIGMAP_MUTABLE",
  enableSecretMutable: "PULUMI_K8S_ENABLE_SECRET_MUTABLE",
  clusterIdentifier: "",
  kubeClientSettings: "",
  version: "",
};

/** Reads the settings; an error names what the stand-in does not have. */
export function readSettings(variables: ReadonlyMap<string, string>, environment: NodeJS.ProcessEnv): Settings {
  const given = new Map([...variables].map(([key, value]) => [key.replace(/^kubernetes:config:/, ""), value]));
  const foreign = [...given.keys()].filter((key) => !(key in known));
  if (foreign.length > 0) {
    throw new Error(
      `The stand-in for the kubernetes provider has no setting ${foreign.join(", ")}. It has: ${Object.keys(known).join(", ")}.`,
    );
  }
  const isOn = (name: string) => (given.get(name) ?? environment[known[name] ?? ""]) === "true";
  return {
    kubeconfig: given.get("kubeconfig") ?? "",
    context: given.get("context") ?? "",
    upsert: isOn("upsertExistingObjects"),
    force: isOn("enablePatchForce"),
    mutable: new Set(["ConfigMap", "Secret"].filter((kind) => isOn(`enable${kind}Mutable`))),
  };
}

/** The changed arguments that mean another cluster: its identifier where there is one, else how it is reached. */
export function identifying(old: Record<string, unknown>, news: Record<string, unknown>): string[] {
  const identity = old.clusterIdentifier && news.clusterIdentifier ? ["clusterIdentifier"] : ["kubeconfig", "context"];
  return identity.filter((argument) => old[argument] !== news[argument]);
}
