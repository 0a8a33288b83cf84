import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import type { Schema, Shape } from "./kubernetes/schema.ts";

/** A schema of an API server's OpenAPI, as far as it is needed. */
interface OpenApi {
  readonly type?: string;
  readonly format?: string;
  readonly $ref?: string;
  readonly allOf?: readonly OpenApi[];
  readonly oneOf?: readonly OpenApi[];
  readonly items?: OpenApi;
  readonly additionalProperties?: OpenApi | boolean;
  readonly properties?: Readonly<Record<string, OpenApi>>;
  readonly "x-kubernetes-group-version-kind"?: readonly { group: string; version: string; kind: string }[];
}
type Schemas = Readonly<Record<string, OpenApi>>;

/** Kinds of which every group has one, and which nobody writes down. */
const everywhere = ["DeleteOptions", "WatchEvent", "Status", "APIGroup", "APIResourceList", "APIVersions"];

/** The table of what the given schemas say, each type under the shortest name that is its own. */
export function tableOf(version: string, schemas: Schemas): Schema {
  const kinds: Record<string, string> = {};
  const types: Record<string, Record<string, Shape>> = {};
  for (const [name, schema] of Object.entries(schemas))
    for (const { group, version, kind } of schema["x-kubernetes-group-version-kind"] ?? [])
      if (!kind.endsWith("List") && !everywhere.includes(kind)) {
        kinds[`${group}${group && "/"}${version} ${kind}`] = shortName(name);
        describe(name);
      }
  return { version, kinds: sorted(kinds), types: sorted(types) };

  function describe(name: string): void {
    const short = shortName(name);
    if (types[short]) return;
    const fields: Record<string, Shape> = {};
    types[short] = fields;
    for (const [field, schema] of Object.entries(schemas[name]?.properties ?? {})) fields[field] = shapeOf(schema);
  }

  function shapeOf(schema: OpenApi): Shape {
    const reference = schema.$ref ?? schema.allOf?.[0]?.$ref;
    if (reference !== undefined) {
      const name = reference.slice(reference.lastIndexOf("/") + 1);
      const target = schemas[name] ?? {};
      if (!target.properties) return shapeOf(target);
      describe(name);
      return `#${shortName(name)}`;
    }
    const types = schema.oneOf?.map(({ type }) => type) ?? [];
    if (types.includes("string")) return types.includes("integer") ? "x" : "q";
    switch (schema.type) {
      case "string":
        return "s";
      case "boolean":
        return "b";
      case "integer":
        return "i";
      case "number":
        return "n";
      case "array":
        return `[${shapeOf(schema.items ?? {})}`;
      case "object":
        return typeof schema.additionalProperties === "object" ? `{${shapeOf(schema.additionalProperties)}` : "a";
      default:
        return "a";
    }
  }
}

/** `core.v1.Pod` for `io.k8s.api.core.v1.Pod`. */
function shortName(name: string): string {
  return name.replace(/^io\.k8s\.(api|apimachinery\.pkg\.apis)\./, "").replace(/^io\.k8s\..*\.pkg\.apis\./, "");
}

function sorted<Value>(record: Readonly<Record<string, Value>>): Record<string, Value> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** What the cluster of kubectl's current context answers. */
function ask(path: string): unknown {
  return JSON.parse(execFileSync("kubectl", ["get", "--raw", path], { encoding: "utf8", maxBuffer: 2 ** 28 }));
}

/** Groups of Kubernetes itself; definitions of custom kinds come and go. */
function isOfKubernetes(path: string): boolean {
  return /^(api\/v1|apis\/([a-z]+|[a-z.]+\.k8s\.io)\/v\w+)$/.test(path) && !path.includes("metrics.k8s.io");
}

if (import.meta.main) {
  const { minor } = ask("/version") as { minor: string };
  const { paths } = ask("/openapi/v3") as { paths: Record<string, { serverRelativeURL: string }> };
  const schemas: Record<string, OpenApi> = {};
  for (const [path, { serverRelativeURL }] of Object.entries(paths))
    if (isOfKubernetes(path))
      Object.assign(schemas, (ask(serverRelativeURL) as { components?: { schemas?: Schemas } }).components?.schemas);
  const table = tableOf(`1.${minor.replace(/\D/g, "")}`, schemas);
  const lines = [
    `{"version":${JSON.stringify(table.version)},"kinds":{`,
    Object.entries(table.kinds)
      .map(([kind, type]) => `${JSON.stringify(kind)}:${JSON.stringify(type)}`)
      .join(",\n"),
    '},"types":{',
    Object.entries(table.types)
      .map(([type, fields]) => `${JSON.stringify(type)}:${JSON.stringify(fields)}`)
      .join(",\n"),
    "}}",
  ];
  writeFileSync(new URL("kubernetes/schema.json", import.meta.url), `${lines.join("\n")}\n`);
  console.log(`${Object.keys(table.kinds).length} kinds, ${Object.keys(table.types).length} types.`);
}
