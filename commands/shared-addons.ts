import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseDocument } from "yaml";
import { stackResources } from "../sandbox/engine.ts";
import type { Sandbox } from "../sandbox/index.ts";
import { ownCheckout } from "../sandbox/paths.ts";

/** The component that installs each add-on, and with it the type of its children that only an owner has. */
const owners = {
  certManager: "keelson:edge:CertManager$kubernetes:helm.sh/v4:Chart",
  clusterIssuers: "keelson:edge:ClusterIssuers$kubernetes:cert-manager.io/v1:ClusterIssuer",
  ingressNginx: "keelson:edge:IngressNginx$kubernetes:helm.sh/v4:Chart",
} as const;
type Addon = keyof typeof owners;

/**
 * cert-manager and ingress-nginx exist once per cluster, and the sandbox is one. Where another stack deployed in it owns them,
 * the sandbox's copy of the stack file declares them present, and no longer when nobody else does.
 * @returns who owns which of them.
 */
export async function shareAddons(sandbox: Sandbox, stack: string): Promise<Map<Addon, string>> {
  const owned = new Map<Addon, string>();
  for (const other of sandbox.stacks.filter((name) => name !== stack)) {
    const urns = (await stackResources(ownCheckout, sandbox.paths, other)).map(({ urn }) => urn);
    for (const addon of Object.keys(owners) as Addon[]) {
      if (urns.some((urn) => urn.includes(owners[addon]))) owned.set(addon, other);
    }
  }
  const name = `Pulumi.${stack}.yaml`;
  const file = join(sandbox.paths.project, name);
  const [copy, source] = [
    parseDocument(await readFile(file, "utf8")),
    parseDocument(await readFile(join(ownCheckout, name), "utf8")),
  ];
  for (const addon of Object.keys(owners) as Addon[]) {
    const place = ["config", "keelson:addons", addon, "ownership"];
    if (owned.has(addon)) copy.setIn(place, "present");
    else if (source.hasIn(place)) copy.setIn(place, source.getIn(place));
    else if (copy.hasIn(place)) copy.deleteIn(place);
  }
  await writeFile(file, String(copy));
  return owned;
}
