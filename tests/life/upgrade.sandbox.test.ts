import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { KubeConfig, KubernetesObjectApi, PatchStrategy } from "@kubernetes/client-node";
import { parse } from "yaml";
import { live } from "./cluster.ts";
import { changed } from "./engine-events.ts";
import { OwnSandbox } from "./own-sandbox.ts";
import { identity, type StateResource, stateOf } from "./stack-state.ts";

/** Exported from CodeLab's production when CodeLab was the only system, made by one set of plugins; passwords are words of the same length. */
const fixture = (plugins: string) => `tests/life/states/codelab-prod-${plugins}.json.gz`;

describe("a state of an earlier version", function () {
  this.timeout(600_000);
  let own: OwnSandbox;
  before(async () => {
    own = await OwnSandbox.started();
  });
  after(() => own.remove());

  it("is upgraded by up: nothing stateful is made anew, no password changes, and all is new afterwards", async () => {
    const exported = JSON.parse(gunzipSync(await readFile(fixture(own.sandbox.marker.plugins.nodejs))).toString());
    // The engine encrypts what it imports with the provider that the state names: this stack's own.
    const { encryptionsalt } = parse(await readFile(join(own.sandbox.paths.project, "Pulumi.prod.yaml"), "utf8"));
    exported.deployment.secrets_providers = { type: "passphrase", state: { salt: encryptionsalt } };
    const file = join(own.home, "exported.json");
    await writeFile(file, JSON.stringify(exported));
    await own.command("pulumi", "stack", "import", "--stack", "prod", "--file", file);
    await deployed(own, exported.deployment.resources);
    const before = await stateful(own);
    assert.ok(before.size > 15, "there is something to lose");
    const { events } = await own.up("prod");
    const after = await stateful(own);
    for (const [name, object] of before) assert.deepEqual(after.get(name), object, name);
    await own.previewWithoutChange("prod");
    assert.deepEqual(
      changed(events).filter((urn) => urn.includes("RandomPassword") && urns(exported).includes(urn)),
      [],
    );
    await own.previewWithoutChange("prod");
    assert.ok((await stateOf(own, "prod")).resources.length > urns(exported).length, "and there is more than before");
  });
});

function urns(exported: { deployment: { resources: StateResource[] } }): string[] {
  return exported.deployment.resources.map(({ urn }) => urn);
}

/** Makes every object of a state live, as the provider had: in the order of the state, and in the name of its own manager. */
async function deployed(own: OwnSandbox, resources: readonly StateResource[]): Promise<void> {
  const config = new KubeConfig();
  config.loadFromFile(own.sandbox.paths.kubeconfig);
  const client = KubernetesObjectApi.makeApiClient(config);
  const objects = resources.filter(({ custom, type }) => custom && type.startsWith("kubernetes:"));
  const rank = ({ type }: StateResource) =>
    ["Namespace", "CustomResourceDefinition"].indexOf(type.split(":").at(-1) ?? "");
  for (const { inputs, outputs } of objects.toSorted((a, b) => rank(b) - rank(a))) {
    const object = inPlainText(inputs) as { metadata: { name: string } };
    const manager = (outputs as { __fieldManager: string }).__fieldManager;
    await client.patch(object, undefined, undefined, manager, true, PatchStrategy.ServerSideApply);
  }
}

/** An object as the client takes it: secrets, which are text with a mark in a state, bare, and its own spelling of some names. */
function inPlainText(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inPlainText);
  if (typeof value !== "object" || value === null) return value;
  const { plaintext } = value as { plaintext?: string };
  if (plaintext !== undefined) return JSON.parse(plaintext);
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key.replace(/^x-kubernetes-.*$/, underscored), inPlainText(inner)]),
  );
}

function underscored(key: string): string {
  return key.replaceAll("-", "_");
}

/** What must outlive an upgrade, as this very object: by its identity, its uid and, of Secrets, what was generated or issued. */
async function stateful(own: OwnSandbox): Promise<Map<string, unknown>> {
  const objects = await live(own, "namespaces,statefulsets,persistentvolumeclaims,secrets");
  return new Map(
    objects.map((object) => {
      const { uid } = object.metadata as { uid?: string };
      // Hosts and addresses may change: a store's Service may get another name.
      const secrets = Object.entries(object.data ?? {}).filter(([key]) => /password|key|secret/.test(key));
      return [identity({ ...object }), { uid, secrets }];
    }),
  );
}
