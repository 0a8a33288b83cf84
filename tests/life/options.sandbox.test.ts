import assert from "node:assert/strict";
import { inOrder } from "../skip.ts";
import { live, madeByPulumi } from "./cluster.ts";
import { OwnSandbox } from "./own-sandbox.ts";
import { stateOf } from "./stack-state.ts";

describe("options that change where things come from", function () {
  this.timeout(600_000);
  inOrder(this);
  let own: OwnSandbox;

  before(async () => {
    own = await OwnSandbox.started();
    // The controller of another stack, as far as this one sees of it.
    await own.command("kubectl", "create", "namespace", "ingress-nginx");
  });
  after(() => own.remove());

  describe("a secret store", () => {
    const stack = "dev";
    const keys = async () => {
      const secrets = await live(own, "secrets");
      return Object.keys(secrets.find(({ metadata }) => metadata.name === "api-keys")?.data ?? {}).sort();
    };

    it("has what others issued, and Pulumi none of it", async () => {
      await own.set(stack, "keelson:addons", "present");
      await own.set(stack, "keelson:secretStore.name", "vault");
      await own.up(stack);
      const fetched = await live(own, "externalsecrets.external-secrets.io");
      assert.deepEqual(
        fetched.map(({ metadata }) => metadata.name),
        ["api-keys"],
      );
      assert.deepEqual(await keys(), ["internal-api-key"]);
      assert.ok(!(await stateOf(own, stack, "--show-secrets")).text.includes("sandbox-placeholder"));
    });

    it("may add to a Secret of ours, and no update takes it away", async () => {
      const value = Buffer.from("from the store").toString("base64");
      const patch = JSON.stringify({ data: { "openai-api-key": value } });
      await own.command("kubectl", "patch", "secret", "api-keys", "--namespace", "codelab-dev", "--patch", patch);
      await own.refreshWithoutChange(stack);
      await own.previewWithoutChange(stack);
      assert.deepEqual(await keys(), ["internal-api-key", "openai-api-key"]);
    });

    it("leaves nothing behind", async () => {
      await own.destroy(stack);
      assert.deepEqual(await madeByPulumi(own), []);
    });
  });

  it("delivery from git makes the tool's objects alone, and leaves nothing behind", async () => {
    const stack = "staging";
    const flux = { repository: "https://github.com/your-org/your-app", path: "./chart", kind: "HelmRelease" };
    for (const [key, value] of Object.entries(flux)) await own.set(stack, `keelson:gitops.flux.${key}`, value);
    await own.up(stack);
    assert.deepEqual(await madeByPulumi(own), [
      "helm.toolkit.fluxcd.io/HelmRelease flux-system/codelab-staging",
      "source.toolkit.fluxcd.io/GitRepository flux-system/codelab-staging",
    ]);
    await own.previewWithoutChange(stack);
    await own.destroy(stack);
    assert.deepEqual(await madeByPulumi(own), []);
  });
});
