import * as pulumi from "@pulumi/pulumi";

/**
 * The project's own program, with one field taken from every container that it makes, chart children included. `REMOVED_FIELD`
 * says which, as a dotted path. Runs in the place of index.ts.
 */
const path = (process.env.REMOVED_FIELD ?? "").split(".");

function without(value: unknown, [key = "", ...rest]: string[]): unknown {
  if (typeof value !== "object" || value === null || !(key in value)) return value;
  const { [key]: inner, ...others } = value as Record<string, unknown>;
  return rest.length ? { ...others, [key]: without(inner, rest) } : others;
}

function fromContainers(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(fromContainers);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      ["containers", "initContainers"].includes(key) && Array.isArray(inner)
        ? inner.map((container) => without(container, path))
        : fromContainers(inner),
    ]),
  );
}

if (process.env.REMOVED_FIELD) {
  pulumi.runtime.registerResourceTransform(({ type, props, opts }) =>
    /^kubernetes:(core|apps|batch)\//.test(type) ? { props: fromContainers(props) as typeof props, opts } : undefined,
  );
}

// Only now, so that the transform is there before the first resource.
await import("../../index.ts");
