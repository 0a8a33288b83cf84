import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseDocument } from "yaml";
import { stackResources } from "../sandbox/engine.ts";
import { type Sandbox, SandboxError } from "../sandbox/index.ts";
import { ownCheckout } from "../sandbox/paths.ts";
import { declaredAddons } from "./declared-addons.ts";

/** The component that installs each add-on, and with it the type of its children that only an owner has. */
const components: Record<string, string> = {
  certManager: "keelson:edge:CertManager$kubernetes:helm.sh/v4:Chart",
  clusterIssuers: "keelson:edge:ClusterIssuers$kubernetes:cert-manager.io/v1:ClusterIssuer",
  ingressNginx: "keelson:edge:IngressNginx$kubernetes:helm.sh/v4:Chart",
  monitoring: "keelson:observability:Monitoring$kubernetes:helm.sh/v4:Chart",
  velero: "keelson:operations:Velero$kubernetes:helm.sh/v4:Chart",
  externalSecrets: "keelson:security:ExternalSecrets$kubernetes:helm.sh/v4:Chart",
};

/** Which other stack deployed in the sandbox owns which add-on. */
export async function addonOwners(sandbox: Sandbox, stack: string): Promise<Map<string, string>> {
  const owned = new Map<string, string>();
  for (const other of sandbox.stacks.filter((name) => name !== stack)) {
    const urns = (await stackResources(ownCheckout, sandbox.paths, other)).map(({ urn }) => urn);
    for (const [addon, component] of Object.entries(components)) {
      if (urns.some((urn) => urn.includes(component))) owned.set(addon, other);
    }
  }
  return owned;
}

/**
 * Add-ons exist once per cluster, and the sandbox is one. Where another stack deployed in it owns one that this stack relies on,
 * the sandbox's copy of the stack file declares it present, and no longer when nobody else does.
 * @returns who owns which of them.
 * @throws SandboxError where the stack file cannot be read.
 */
export async function shareAddons(sandbox: Sandbox, stack: string): Promise<Map<string, string>> {
  const problem = sandbox.unreadable.get(stack);
  if (problem !== undefined) throw new SandboxError(problem);
  const owners = await addonOwners(sandbox, stack);
  const name = `Pulumi.${stack}.yaml`;
  const file = join(sandbox.paths.project, name);
  const [copy, source] = [
    parseDocument(await readFile(file, "utf8")),
    parseDocument(await readFile(join(ownCheckout, name), "utf8")),
  ];
  const place = (addon: string) => ["config", "keelson:addons", addon, "ownership"];
  // A stack that declares all of them present says so itself.
  if (source.getIn(["config", "keelson:addons"]) === "present") return sharedOf(sandbox, stack, owners);
  for (const addon of Object.keys(components)) {
    if (source.hasIn(place(addon))) copy.setIn(place(addon), source.getIn(place(addon)));
    else if (copy.hasIn(place(addon))) copy.deleteIn(place(addon));
  }
  await writeFile(file, String(copy));
  const shared = await sharedOf(sandbox, stack, owners);
  for (const addon of shared.keys()) copy.setIn(place(addon), "present");
  await writeFile(file, String(copy));
  return shared;
}

/** Those of the owned add-ons that a stack relies on. */
async function sharedOf(sandbox: Sandbox, stack: string, owners: Map<string, string>): Promise<Map<string, string>> {
  const declared = await declaredAddons(sandbox, stack);
  return new Map([...owners].filter(([addon]) => declared[addon]));
}
