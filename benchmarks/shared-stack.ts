import { copyFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseDocument } from "yaml";
import type { Laboratory } from "./laboratory.ts";

interface StateResource {
  urn: string;
  parent?: string;
  dependencies?: string[];
  propertyDependencies?: Record<string, string[] | null>;
  deletedWith?: string;
}

interface State {
  deployment: { resources: StateResource[] };
}

/** The name under which a stack and its root resource appear in a state. */
function renamed(state: string, from: string, to: string): string {
  return state
    .replaceAll(`urn:pulumi:${from}::`, `urn:pulumi:${to}::`)
    .replaceAll(`pulumi:pulumi:Stack::keelson-${from}`, `pulumi:pulumi:Stack::keelson-${to}`)
    .replaceAll(`"keelson-${from}"`, `"keelson-${to}"`);
}

/** A state without the resources whose names begin with a prefix, and without what refers to them. */
export function withoutResources(text: string, prefix: string): string {
  const state = JSON.parse(text) as State;
  const gone = new Set(
    state.deployment.resources.map(({ urn }) => urn).filter((urn) => urn.split("::").at(-1)?.startsWith(prefix)),
  );
  const kept = (urns: string[]) => urns.filter((urn) => !gone.has(urn));
  state.deployment.resources = state.deployment.resources
    .filter(({ urn }) => !gone.has(urn))
    .map((resource) => ({
      ...resource,
      ...(resource.dependencies ? { dependencies: kept(resource.dependencies) } : {}),
      ...(resource.propertyDependencies
        ? {
            propertyDependencies: Object.fromEntries(
              Object.entries(resource.propertyDependencies).map(([key, urns]) => [key, kept(urns ?? [])]),
            ),
          }
        : {}),
    }));
  return JSON.stringify(state);
}

/** What the definitions of kinds are of a state: how many, and their size and the state's in bytes. */
export function definitionsIn(text: string): { count: number; size: number; whole: number } {
  const { resources } = (JSON.parse(text) as State).deployment;
  const size = (some: StateResource[]) => some.reduce((sum, resource) => sum + JSON.stringify(resource).length, 0);
  const definitions = resources.filter(({ urn }) => urn.includes(":CustomResourceDefinition::"));
  return { count: definitions.length, size: size(definitions), whole: size(resources) };
}

/**
 * Makes a second stack of a deployed one, over the same objects, that declares the cluster add-ons present: as if they belonged to
 * a stack of their own.
 * @returns the state of the deployed stack.
 */
export async function shareAddonsOf(lab: Laboratory, stack: string, shared: string): Promise<string> {
  const { project } = lab.sandbox.paths;
  const [from, to] = [lab.path("owned.json"), lab.path("shared.json")];
  await lab.pulumi(["stack", "export", "--stack", stack, "--show-secrets", "--file", from]);
  const state = await readFile(from, "utf8");
  await writeFile(to, withoutResources(renamed(state, stack, shared), "codelab-addons-"));
  const file = join(project, `Pulumi.${shared}.yaml`);
  await lab.pulumi(["stack", "init", shared, "--no-select"]);
  const salt: unknown = parseDocument(await readFile(file, "utf8")).get("encryptionsalt");
  await copyFile(join(project, `Pulumi.${stack}.yaml`), file);
  const settings = parseDocument(await readFile(file, "utf8"));
  settings.set("encryptionsalt", salt);
  for (const addon of ["certManager", "clusterIssuers", "ingressNginx", "monitoring", "velero"]) {
    settings.setIn(["config", "keelson:addons", addon, "ownership"], "present");
  }
  await writeFile(file, String(settings));
  await lab.pulumi(["stack", "import", "--stack", shared, "--file", to]);
  // Velero's schedule is made by either stack.
  const env = { PULUMI_K8S_UPSERT_EXISTING_OBJECTS: "true" };
  await lab.pulumi(["up", "--stack", shared, "--yes", "--skip-preview", "--suppress-progress"], { env });
  return state;
}
