import { mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
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

/** A stack beside the sandbox's own. */
export interface SharedStack {
  /** Where it is: its project folder and its backend. */
  place: { cwd: string; env: NodeJS.ProcessEnv };
  /** State of the stack that it was made of. */
  state: string;
}

/**
 * Makes a second stack of a deployed one, over the same objects, that declares the cluster add-ons present: as if they belonged to
 * a stack of their own. It has the same name, by which the namespace knows its stack, and so a backend of its own.
 */
export async function shareAddonsOf(lab: Laboratory, stack: string): Promise<SharedStack> {
  const { project } = lab.sandbox.paths;
  const [cwd, backend] = [lab.path("shared"), lab.path("shared-state")];
  const [from, to] = [lab.path("owned.json"), lab.path("shared.json")];
  const place = { cwd, env: { PULUMI_BACKEND_URL: `file://${backend}` } };
  const name = `Pulumi.${stack}.yaml`;
  await mkdir(backend, { recursive: true });
  await mkdir(cwd);
  for (const entry of await readdir(project)) if (entry !== name) await symlink(join(project, entry), join(cwd, entry));

  await lab.pulumi(["stack", "export", "--stack", stack, "--show-secrets", "--file", from]);
  const state = await readFile(from, "utf8");
  await writeFile(to, withoutResources(state, "codelab-addons-"));
  await lab.pulumi(["stack", "init", stack, "--no-select"], place);
  const file = join(cwd, name);
  const salt: unknown = parseDocument(await readFile(file, "utf8")).get("encryptionsalt");
  const settings = parseDocument(await readFile(join(project, name), "utf8"));
  settings.set("encryptionsalt", salt);
  for (const addon of ["certManager", "clusterIssuers", "ingressNginx", "monitoring", "velero"]) {
    settings.setIn(["config", "keelson:addons", addon, "ownership"], "present");
  }
  await writeFile(file, String(settings));
  await lab.pulumi(["stack", "import", "--stack", stack, "--file", to], place);
  // Velero's schedule is made by either stack.
  const env = { ...place.env, PULUMI_K8S_UPSERT_EXISTING_OBJECTS: "true" };
  await lab.pulumi(["up", "--stack", stack, "--yes", "--skip-preview", "--suppress-progress"], { ...place, env });
  return { place, state };
}
