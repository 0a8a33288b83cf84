import { ExecaError, execa } from "execa";
import { parseAllDocuments } from "yaml";
import { isObject, type Json, type JsonObject, textAt } from "../values.ts";

/** What a chart is rendered with. */
export interface Rendering {
  release: string;
  namespace: string;
  /** A folder, a `repository/name` or an `oci://` address. */
  chart: string;
  version: string;
  /** The repository's address; "" for a folder or OCI. */
  repository: string;
  values: JsonObject;
  skipCrds: boolean;
  plainHttp: boolean;
  devel: boolean;
  kubernetesVersion: string;
  /** What the API server has; empty for what helm takes for granted. */
  apiVersions: readonly string[];
}

/** The objects of a chart: CRDs included unless skipped, hooks left out, lists taken apart. */
export async function renderChart(rendering: Rendering): Promise<JsonObject[]> {
  const { release, chart, namespace, version, repository, kubernetesVersion } = rendering;
  const named = { namespace, version, repo: repository, "kube-version": kubernetesVersion };
  const flags = Object.entries(named).flatMap(([flag, value]) => (value === "" ? [] : [`--${flag}`, value]));
  if (!rendering.skipCrds) flags.push("--include-crds");
  if (rendering.plainHttp) flags.push("--plain-http");
  if (rendering.devel) flags.push("--devel");
  const known = rendering.apiVersions.length > 0 ? ["--api-versions", rendering.apiVersions.join(",")] : [];
  try {
    // The values go in by standard input: they are nowhere on disk and in no list of processes.
    const { stdout } = await execa(
      "helm",
      ["template", release, chart, "--no-hooks", "--values", "-", ...flags, ...known],
      { input: JSON.stringify(rendering.values), stderr: "pipe", maxBuffer: 200_000_000 },
    );
    return parseManifests(stdout);
  } catch (error) {
    if (!(error instanceof ExecaError)) throw error;
    if (error.code === "ENOENT")
      throw new Error("helm is not on PATH: the stand-in for the kubernetes provider renders charts with it.");
    const said = String(error.stderr ?? "")
      .replace(/^Error: /m, "")
      .trim();
    throw new Error(`helm could not render chart ${chart} for ${release}: ${said || error.shortMessage}`);
  }
}

/** Tags of YAML 1.1 that Kubernetes does not read: times and numbers in base 60 are texts. */
const textTags = new Set(["tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:binary"]);

/** The objects in a stream of YAML documents, read as Kubernetes does: YAML 1.1, where `0755` is 493 and `on` is true. */
export function parseManifests(text: string): JsonObject[] {
  const documents = parseAllDocuments(text, {
    version: "1.1",
    merge: true,
    // Else a chart that gives a key twice, which helm lets pass, could not be read; the last one counts.
    uniqueKeys: false,
    customTags: (tags) =>
      tags.filter((tag) => typeof tag === "string" || !(textTags.has(tag.tag) || tag.format === "TIME")),
  });
  if (!Array.isArray(documents)) return [];
  return documents.flatMap((document) => {
    const [error] = document.errors;
    if (error) throw new Error(`The rendered chart is no valid YAML: ${error.message}`);
    const value: Json = document.toJS();
    return isObject(value) && Object.keys(value).length > 0 ? expand(value) : [];
  });
}

function expand(object: JsonObject): JsonObject[] {
  if (!textAt(object, "kind").endsWith("List") || !Array.isArray(object.items)) return [object];
  return object.items.filter(isObject).flatMap(expand);
}
