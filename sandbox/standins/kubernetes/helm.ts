import { ExecaError, execa } from "execa";
import { parseAllDocuments } from "yaml";
import { isObject, type Json, type JsonObject, textAt } from "../values.ts";

/**
 * The objects of a chart: CRDs included, hooks left out, lists taken apart.
 * @param inputs of the `helm.v4.Chart`
 * @param apiVersions what the API server has beside what helm takes for granted
 */
export async function renderChart(
  release: string,
  inputs: JsonObject,
  kubernetesVersion: string,
  apiVersions: readonly string[],
): Promise<JsonObject[]> {
  const chart = textAt(inputs, "chart");
  const named = {
    namespace: textAt(inputs, "namespace"),
    version: textAt(inputs, "version"),
    repo: textAt(inputs, "repositoryOpts", "repo"),
    "kube-version": kubernetesVersion,
    "api-versions": apiVersions.join(","),
  };
  const flags = Object.entries(named).flatMap(([flag, value]) => (value === "" ? [] : [`--${flag}`, value]));
  try {
    // The values go in by standard input: they are nowhere on disk and in no list of processes.
    const { stdout } = await execa(
      "helm",
      ["template", release, chart, "--no-hooks", "--include-crds", "--values", "-", ...flags],
      { input: JSON.stringify(inputs.values ?? {}), maxBuffer: 200_000_000 },
    );
    return parseManifests(stdout);
  } catch (error) {
    if (!(error instanceof ExecaError)) throw error;
    const said = error.code === "ENOENT" ? "helm is not on PATH" : error.stderr || error.shortMessage;
    throw new Error(
      `helm could not render chart ${chart} for ${release}: ${String(said)
        .replace(/^Error: /m, "")
        .trim()}`,
    );
  }
}

/** Tags of YAML 1.1 that Kubernetes does not read: times and numbers in base 60 are texts. */
const textTags = new Set(["tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:binary"]);

/** The objects in a stream of YAML documents, read as Kubernetes does: YAML 1.1, where `0755` is 493 and `on` is true. */
export function parseManifests(text: string): JsonObject[] {
  const documents = parseAllDocuments(text, {
    version: "1.1",
    // Else a chart that gives a key twice, which helm lets pass, could not be read; the last one counts.
    uniqueKeys: false,
    customTags: (tags) =>
      tags.filter((tag) => typeof tag === "string" || !(textTags.has(tag.tag) || tag.format === "TIME")),
  });
  return [...documents].flatMap((document) => {
    const [error] = document.errors;
    if (error) throw new Error(`The rendered chart is no valid YAML: ${error.message}`);
    const value: Json = document.toJS();
    return isObject(value) ? expand(value) : [];
  });
}

function expand(object: JsonObject): JsonObject[] {
  if (!textAt(object, "kind").endsWith("List") || !Array.isArray(object.items)) return [object];
  return object.items.filter(isObject).flatMap(expand);
}
