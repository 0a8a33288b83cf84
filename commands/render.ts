import { stringify } from "yaml";
import { environments } from "../components/model/system.ts";
import { type RenderedObject, renderOffline, SandboxError } from "../sandbox/offline.ts";
import { systems } from "../systems/index.ts";
import { Arguments } from "./arguments.ts";

const help = `npm run --silent render -- --system SYSTEM --environment ENVIRONMENT [--json] [--show-secrets]

Prints every Kubernetes object that the system's stack would create, chart children included, as YAML documents. Needs no cluster.

  --system        one of: ${Object.keys(systems).join(", ")}
  --environment   one of: ${environments.join(", ")}
  --json          one JSON array instead of YAML documents
  --show-secrets  show a fixed placeholder for each secret value instead of a mask
  --help          this text`;

const mask = "[secret]";

/** kubectl, Helm and Argo CD read YAML 1.1, to which a bare `no` or `Off` is no text. */
const yaml = { compat: "yaml-1.1", lineWidth: 0, aliasDuplicateObjects: false } as const;

/** Group, kind, namespace and name: what an object is, as one text to sort by. */
function identity({ apiVersion, kind, metadata }: Record<string, unknown>): string {
  const { namespace = "", name = "" } = metadata as { namespace?: string; name?: string };
  return [namespace, kind, name, apiVersion].join("\u0000");
}

/** The same object with its keys in order, at every depth, so that the same stack prints the same bytes. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}

/** The object with all values of a Secret, and all others that the engine knows to be secret, masked. */
function masked({ object, secrets }: RenderedObject): Record<string, unknown> {
  const copy = structuredClone(object);
  if (copy.kind === "Secret") {
    for (const field of ["data", "stringData"]) {
      const values = copy[field];
      if (typeof values === "object" && values !== null)
        copy[field] = Object.fromEntries(Object.keys(values).map((key) => [key, mask]));
    }
  } else for (const path of secrets) maskPath(copy, path);
  return copy;
}

function maskPath(value: unknown, [key = "", ...rest]: string[]): void {
  if (typeof value !== "object" || value === null || !(key in value)) return;
  const holder = value as Record<string, unknown>;
  if (rest.length) maskPath(holder[key], rest);
  else if (holder[key] !== mask) holder[key] = mask;
}

const args = new Arguments("render", help, {
  system: { type: "string" },
  environment: { type: "string" },
  json: { type: "boolean" },
  "show-secrets": { type: "boolean" },
});
const config = {
  "keelson:system": args.required("system", Object.keys(systems)),
  "keelson:environment": args.required("environment", environments),
};
try {
  const rendered = await renderOffline({ config, log: (line) => console.error(line) });
  const objects = rendered
    .map((item) => sorted(args.flag("show-secrets") ? item.object : masked(item)) as Record<string, unknown>)
    .sort((a, b) => (identity(a) < identity(b) ? -1 : 1));
  process.stdout.write(
    args.flag("json")
      ? `${JSON.stringify(objects, null, 2)}\n`
      : objects.map((object) => `---\n${stringify(object, yaml)}`).join(""),
  );
} catch (error) {
  if (!(error instanceof SandboxError)) throw error;
  console.error(`render: ${error.message}`);
  process.exit(1);
}
