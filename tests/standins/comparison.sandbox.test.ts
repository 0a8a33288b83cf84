import assert from "node:assert/strict";
import { parseQuantity } from "../../components/model/quantity.ts";
import { skip } from "../skip.ts";
import { type Lab, officialEnvironment, openLab } from "./lab.ts";

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Resource = { urn: string; [key: string]: Json };
interface Deployed {
  resources: Resource[];
  objects: Json[];
}

/** What differs from run to run with one and the same plugin: times, identifiers, addresses, order of arrival. */
const changing = new Set([
  "created",
  "modified",
  "sourcePosition",
  "stackTrace",
  "uid",
  "resourceVersion",
  "creationTimestamp",
  "lastTransitionTime",
  "lastUpdateTime",
  "managedFields",
  "terminatingReplicas",
  "time",
  "clusterIP",
  "clusterIPs",
  "__fieldManager",
]);
/** What only the bridge of the official random plugin keeps for itself. */
const bridge = new Set(["__pulumi_raw_state_delta"]);
/** Where generated values are, in states and objects. */
const generated = new Set(["plaintext", "ciphertext", "data"]);

/**
 * What inputs mean: the official plugin drops what is empty and rewrites quantities before it records them, the stand-in
 * leaves most of that to the API server. The live objects, which have to be the same to the letter, hold both to it.
 */
function meaning(value: Json, key = ""): Json {
  if (Array.isArray(value)) return value.map((item) => meaning(item));
  if (typeof value !== "object" || value === null) return value;
  if (key === "limits" || key === "requests") {
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, parseQuantity(String(item)) ?? item]));
  }
  const fields = Object.entries(value).map(([name, item]): [string, Json] => [name, meaning(item, name)]);
  return Object.fromEntries(
    fields.filter(([, item]) =>
      typeof item === "object" && item !== null ? Object.keys(item).length > 0 : Boolean(item),
    ),
  );
}

/** The same, with what changes from run to run left out and generated values masked. */
function stable(value: Json, key = ""): Json {
  if (key === "dependencies" && Array.isArray(value)) return [...value].sort();
  if (key === "provider" && typeof value === "string") return value.replace(/::[^:]+$/, "");
  if (Array.isArray(value)) return value.map((item) => stable(item));
  if (typeof value === "string" && generated.has(key)) return "generated";
  if (typeof value !== "object" || value === null) return value;
  const isSecret = value.kind === "Secret";
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !changing.has(name) && !bridge.has(name))
      .map(([name, item]) => {
        if (isSecret && name === "data" && typeof item === "object" && item !== null) {
          return [name, "ciphertext" in item ? "generated" : Object.keys(item).sort()];
        }
        return [name, stable(name === "inputs" || name === "__inputs" ? meaning(item) : item, name)];
      })
      .sort(([one], [other]) => (one as string).localeCompare(other as string)),
  );
}

/** A provider's id is made up by the engine. */
function withoutProviderIds({ id, ...resource }: Resource): Json {
  return stable(resource.urn.includes("::pulumi:providers:") || id === undefined ? resource : { ...resource, id });
}

describe("the stand-ins beside the official plugins", function () {
  this.timeout(300_000);
  let lab: Lab;
  let official: Deployed;
  let standIns: Deployed;

  async function deploy(env: NodeJS.ProcessEnv): Promise<Deployed> {
    const run = async (...args: string[]) => {
      const { exitCode, output } = await lab.pulumi(args, env);
      assert.equal(exitCode, 0, output);
      return output;
    };
    await run("up", "--yes", "--skip-preview");
    await run("config", "set", "lab:tag", "1.30");
    await run("up", "--yes", "--skip-preview");
    await run("config", "rm", "lab:tag");
    const { deployment } = JSON.parse(await run("stack", "export")) as { deployment: { resources: Resource[] } };
    const kinds = "configmaps,secrets,services,deployments,networkpolicies,widgets.lab.keelson.dev";
    const lists = [await lab.get("-n", "lab", kinds), await lab.get("namespaces/lab", "crds/widgets.lab.keelson.dev")];
    await run("destroy", "--yes", "--skip-preview");
    await lab.sandbox.run("kubectl", ["delete", "crds", "--all"]);
    const objects = lists.flatMap((list) => (list as { items: Json[] }).items);
    return { resources: deployment.resources, objects };
  }

  before(async function () {
    lab = await openLab();
    const env = await officialEnvironment(lab);
    if (typeof env === "string") return skip(this, env);
    const { exitCode, output } = await lab.pulumi(["stack", "init"], env);
    assert.equal(exitCode, 0, output);
    official = await deploy(env);
    standIns = await deploy({});
  });
  after(() => lab.close());

  it("make the same resources: URNs, types, parents, options, inputs and outputs", () => {
    const byUrn = ({ resources }: Deployed) =>
      Object.fromEntries(resources.map((resource) => [resource.urn, withoutProviderIds(resource)]));
    assert.deepEqual(Object.keys(byUrn(standIns)).sort(), Object.keys(byUrn(official)).sort());
    assert.deepEqual(byUrn(standIns), byUrn(official));
  });

  it("leave the same live objects", () => {
    const byName = ({ objects }: Deployed) =>
      Object.fromEntries(
        objects.map((object) => {
          const { kind, metadata } = object as { kind: string; metadata: { name: string } };
          return [`${kind} ${metadata.name}`, stable(object)];
        }),
      );
    assert.ok(standIns.objects.length >= 14, `only ${standIns.objects.length} objects are there`);
    assert.deepEqual(byName(standIns), byName(official));
  });

  it("own the same fields under the same managers, apart from those that were given for nothing", () => {
    // The official plugin does not send what is empty: here an empty text, a zero and an empty map.
    const empty = /"f:(value|initialDelaySeconds)":\{\},?|,?"f:metadata":\{"f:labels":\{\}\}/g;
    const owners = ({ objects }: Deployed) =>
      objects.map((object) => {
        const { kind, metadata } = object as {
          kind: string;
          metadata: { name: string; managedFields?: { manager: string; operation: string; fieldsV1: Json }[] };
        };
        // An object without fields of its own has no owners; the name of the one that updates ends in random digits.
        const ours = (metadata.managedFields ?? [])
          .filter(({ manager }) => manager.startsWith("pulumi"))
          .map(({ manager, operation, fieldsV1 }) => {
            const fields = JSON.stringify(stable(fieldsV1)).replace(empty, "").replaceAll(",}", "}");
            return `${manager.slice(0, 18)} ${operation} ${fields}`;
          });
        return [kind, metadata.name, ours.sort()];
      });
    assert.deepEqual(owners(standIns), owners(official));
  });
});
