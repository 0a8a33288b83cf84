import type { OwnSandbox } from "./own-sandbox.ts";

/** A resource as the exported state has it. */
export interface StateResource {
  urn: string;
  type: string;
  id?: string;
  custom?: boolean;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
}

export interface StackState {
  /** The whole export. */
  text: string;
  resources: StateResource[];
  pending: unknown[];
}

/** A stack's state as `pulumi stack export` writes it, secrets encrypted unless asked for. */
export async function stateOf(own: OwnSandbox, stack: string, ...options: string[]): Promise<StackState> {
  const text = await own.command("pulumi", "stack", "export", "--stack", stack, ...options);
  const { deployment } = JSON.parse(text) as {
    deployment: { resources?: StateResource[]; pending_operations?: unknown[] };
  };
  return { text, resources: deployment.resources ?? [], pending: deployment.pending_operations ?? [] };
}

/** Every password that the stack generated, in plain text. */
export async function generatedPasswords(own: OwnSandbox, stack: string): Promise<string[]> {
  const { resources } = await stateOf(own, stack, "--show-secrets");
  return resources
    .filter(({ type }) => type === "random:index/randomPassword:RandomPassword")
    .map(({ urn, outputs }) => {
      const { plaintext } = (outputs?.result ?? {}) as { plaintext?: string };
      if (plaintext === undefined) throw new Error(`${urn} is not marked as secret in the state`);
      return JSON.parse(plaintext) as string;
    });
}

/** Group, kind, namespace and name of each Kubernetes object of a state, sorted; an object that is there twice is named twice. */
export function objectsOf(resources: readonly StateResource[]): string[] {
  return resources
    .filter(({ type, custom }) => custom && type.startsWith("kubernetes:"))
    .map(({ outputs, inputs }) => identity({ ...inputs, ...outputs }))
    .sort();
}

/** Group, kind, namespace and name of a Kubernetes object, without the version, of which a server serves several. */
export function identity(object: Record<string, unknown>): string {
  const { apiVersion, kind, metadata } = object as {
    apiVersion: string;
    kind: string;
    metadata: { name: string; namespace?: string };
  };
  const group = apiVersion.includes("/") ? `${apiVersion.split("/")[0]}/` : "";
  return `${group}${kind} ${metadata.namespace ? `${metadata.namespace}/` : ""}${metadata.name}`;
}
