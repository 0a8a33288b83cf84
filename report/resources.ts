import type { EngineEvent, ResourceState, Step } from "./events.ts";
import type { Operation } from "./model.ts";
import type { Secrecy } from "./secrecy.ts";

/** A Kubernetes object or other resource, as the program wanted it before and wants it now. */
export interface Resource {
  readonly urn: string;
  readonly type: string;
  /** What the engine does with it; `same` where nothing. */
  readonly operation: Operation | "same";
  readonly before?: ResourceState;
  readonly after?: ResourceState;
  /** Fields that make the engine replace it. */
  readonly keys: readonly string[];
  /** Fields that the engine says change, and how. */
  readonly differs: Readonly<Record<string, string>>;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  /** The nearest component around it. */
  readonly component: string;
  /** URN of the chart that renders it. */
  readonly chart?: string;
  readonly protect: boolean;
}

/** Types whose resources belong to a component rather than being one. */
const ownTypes = /^(kubernetes|random|pulumi|tls|command|docker|aws|gcp|azure|azure-native):/;
const chartTypes = /^kubernetes:helm\.sh\/v\d+:(Chart|Release)$/;
/** Components of the Kubernetes provider that render objects and are none themselves. */
export const rendererTypes =
  /^kubernetes:(helm\.sh\/v\d+:Chart|yaml(\/v2)?:Config(Group|File)|kustomize(\/v2)?:Directory)$/;

/** Providers that the engine makes by itself; it does not count them either. */
const defaultProvider = /^urn:[^$]*::pulumi:providers:[^:]*::default_/;

/** The last part of a URN: the resource's name in the program. */
export function nameOfUrn(urn: string): string {
  return urn.split("::").slice(3).join("::") || urn;
}

/** Every resource of a run, sorted by URN, steps of the same one taken together. Secrets are masked. */
export function resourcesOf(events: readonly EngineEvent[], secrecy: Secrecy): Resource[] {
  const steps = new Map<string, Step[]>();
  for (const { resourcePreEvent } of events) {
    const step = resourcePreEvent?.metadata;
    // What a refresh found is the old state of the step after it.
    if (step && step.op !== "refresh") steps.set(step.urn, [...(steps.get(step.urn) ?? []), step]);
  }
  const states = new Map(
    [...steps].map(([urn, all]) => [urn, all.find((step) => step.new)?.new ?? all.find((step) => step.old)?.old]),
  );
  const parentOf = (urn: string) => states.get(urn)?.parent || undefined;
  const root = [...states.keys()].find((urn) => isComponent(urn) && !isComponent(parentOf(urn) ?? ""));
  const told = [...steps.keys()].filter((urn) => !defaultProvider.test(urn));
  return told.sort().map((urn) => {
    const all = steps.get(urn) ?? [];
    const around = ancestors(urn, parentOf);
    return resource(urn, all, around, root && nameOfUrn(root), secrecy);
  });
}

function resource(
  urn: string,
  steps: readonly Step[],
  around: readonly string[],
  root: string | undefined,
  secrecy: Secrecy,
): Resource {
  const type = steps[0]?.type ?? "";
  const masked = (state: ResourceState | null | undefined) =>
    state ? { ...state, inputs: secrecy.inputs(state.type, state.inputs ?? {}) } : undefined;
  const operation = operationOf(steps.map(({ op }) => op));
  const newState = steps.find((step) => step.new)?.new;
  const before = operation === "create" ? undefined : masked(steps.find((step) => step.old)?.old);
  const after = operation === "delete" || operation === "forget" ? undefined : masked(newState);
  const { kind, metadata } = ((after ?? before)?.inputs ?? {}) as {
    kind?: unknown;
    metadata?: { name?: unknown; namespace?: unknown };
  };
  const own = around.filter((one) => isComponent(one)).map(nameOfUrn)[0];
  const chart = around.find((one) => chartTypes.test(typeOfUrn(one)));
  const isObject = type.startsWith("kubernetes:");
  const detailed = steps.find((step) => step.detailedDiff)?.detailedDiff ?? {};
  return {
    urn,
    type,
    operation,
    ...(before ? { before } : {}),
    ...(after ? { after } : {}),
    keys: [...new Set(steps.flatMap(({ keys }) => keys ?? []))].sort(),
    differs: Object.fromEntries(Object.entries(detailed).map(([path, { diffKind }]) => [path, diffKind])),
    kind: isObject && typeof kind === "string" ? kind : (type.split(":").at(-1) ?? type),
    ...(isObject && typeof metadata?.namespace === "string" ? { namespace: secrecy.text(metadata.namespace) } : {}),
    name: secrecy.text(isObject && typeof metadata?.name === "string" ? metadata.name : nameOfUrn(urn)),
    component: secrecy.text(own === undefined ? "stack" : withoutRoot(own, root)),
    ...(chart ? { chart } : {}),
    protect: steps.some((step) => step.old?.protect || step.new?.protect),
  };
}

/** The operations of all steps as one. */
function operationOf(ops: readonly string[]): Operation | "same" {
  const is = (...names: string[]) => ops.some((op) => names.includes(op));
  if (is("replace", "create-replacement", "delete-replaced", "import-replacement", "read-replacement"))
    return "replace";
  if (is("create") && is("delete")) return "replace";
  if (is("create")) return "create";
  if (is("import")) return "import";
  if (is("update")) return "update";
  if (is("delete")) return "delete";
  if (is("discard", "read-discard", "discard-replaced", "remove-pending-replace")) return "forget";
  if (is("read")) return "read";
  return "same";
}

function ancestors(urn: string, parentOf: (urn: string) => string | undefined): string[] {
  const seen: string[] = [];
  for (let parent = parentOf(urn); parent !== undefined && !seen.includes(parent); parent = parentOf(parent))
    seen.push(parent);
  return seen;
}

function typeOfUrn(urn: string): string {
  return urn.split("::")[2]?.split("$").at(-1) ?? "";
}

function isComponent(urn: string): boolean {
  return urn !== "" && !ownTypes.test(typeOfUrn(urn));
}

/** A component's name without that of the platform around it: `codelab-gateway` is `gateway`. */
function withoutRoot(name: string, root: string | undefined): string {
  return root !== undefined && name.startsWith(`${root}-`) ? name.slice(root.length + 1) : name;
}

/** Kind, namespace and name: what people call a resource. */
export function calledOf({
  kind,
  namespace,
  name,
}: {
  kind: string;
  namespace?: string | undefined;
  name: string;
}): string {
  return `${kind} ${namespace === undefined ? "" : `${namespace}/`}${name}`;
}
