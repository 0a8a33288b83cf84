import { Field, NotKnown } from "../../policies/kubernetes/field.ts";
import type { Alarm } from "../model.ts";
import type { Resource } from "../resources.ts";

/** An alarm before it has got its object. */
export type Warning = Pick<Alarm, "kind" | "message" | "detail">;

/** A resource that changes, as alarms look at it. */
export interface Changed extends Resource {
  /** `apps/Deployment`, `/Service`; the type where it is no Kubernetes object. */
  readonly groupKind: string;
  readonly old: Field | undefined;
  readonly now: Field | undefined;
}

/** A resource with its inputs as fields. */
export function changed(resource: Resource): Changed {
  const [, groupVersion = "", kind] = /^kubernetes:([^:]+):([^:]+)$/.exec(resource.type) ?? [];
  const group = groupVersion.includes("/") ? groupVersion.split("/")[0] : "";
  return {
    ...resource,
    groupKind: kind === undefined ? resource.type : `${group === "core" ? "" : group}/${kind}`,
    old: resource.before && Field.root(resource.before.inputs ?? {}),
    now: resource.after && Field.root(resource.after.inputs ?? {}),
  };
}

/** What a reading gives, or nothing where it meets a value that is not known yet. */
export function known<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof NotKnown) return undefined;
    throw error;
  }
}

/** What the second list has that the first has not. */
export function added(before: readonly string[], after: readonly string[]): string[] {
  return [...new Set(after)].filter((one) => !before.includes(one)).sort();
}

/** A warning with its detail, where there is one. */
export function warning(kind: Warning["kind"], message: string, detail?: string): Warning {
  return { kind, message, ...(detail ? { detail } : {}) };
}
