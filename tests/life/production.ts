import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { inOrder, takesLong } from "../skip.ts";
import { filesOf, findCanaries } from "./canaries.ts";
import { live, madeByPulumi, remains, secretValues } from "./cluster.ts";
import { violations } from "./engine-events.ts";
import { modelOf, updateOne } from "./lives.ts";
import { type EngineRun, OwnSandbox } from "./own-sandbox.ts";
import { generatedPasswords, objectsOf, stateOf } from "./stack-state.ts";

/**
 * Lives the whole life of a stack of production, in a file of its own, so that several are lived at the same time.
 * @param updated the service that gets a new image in it
 * @param long lived only where everything is tested
 */
export function liveProduction(stack: string, updated: string, { long = false } = {}): void {
  describe(`the life of ${stack}`, function () {
    this.timeout(300_000);
    inOrder(this);
    let own: OwnSandbox;
    before(async function () {
      if (long) takesLong(this);
      own = await OwnSandbox.started();
    });
    after(() => own?.remove());
    const { model, issued } = modelOf(stack);
    const given = new Map(issued.map((name) => [name, `canary${randomBytes(16).toString("hex")}`]));
    const runs: Record<string, EngineRun> = {};
    let passwords: Record<string, string>;

    it("comes up without a violation", async () => {
      for (const [name, value] of given) await own.set(stack, `keelson:secrets["${name}"]`, value, "--secret");
      runs.preview = await own.preview(stack);
      runs.up = await own.up(stack);
      assert.deepEqual(violations(runs.up.events), []);
      assert.deepEqual(await madeByPulumi(own), objectsOf((await stateOf(own, stack)).resources));
      passwords = await secretValues(own);
    });

    it("has the application's and the data's pods admitted at Pod Security restricted", async () => {
      const [namespace] = (await live(own, "namespaces")).filter(({ metadata }) => metadata.name === model.namespace);
      assert.equal(namespace?.metadata.labels?.["pod-security.kubernetes.io/enforce"], "restricted");
      const pods = (await live(own, "pods")).filter(({ metadata }) => metadata.namespace === model.namespace);
      const engines = Object.values(model.data).map(({ engine }) => engine);
      for (const app of [...Object.keys(model.services), ...engines])
        assert.ok(
          pods.some(({ metadata }) => metadata.labels?.["app.kubernetes.io/name"] === app),
          `a pod of ${app} runs`,
        );
      const refused = (await live(own, "events"))
        .filter(({ reason }) => reason === "FailedCreate")
        // A controller can be faster than the ServiceAccount of its pods; it tries again.
        .filter(({ message }) => !message?.includes("error looking up service account"));
      assert.deepEqual(
        refused.map(({ message }) => message),
        [],
      );
    });

    it("shows no change in preview and refresh", async () => {
      await own.previewWithoutChange(stack);
      await own.refreshWithoutChange(stack);
    });

    it("keeps every secret out of state, outputs, event logs, what it prints, its files and logs", async () => {
      const generated = await generatedPasswords(own, stack);
      assert.ok(generated.length >= 3, "it generates passwords");
      const canaries = [...given.values(), ...generated];
      const inCluster = { cluster: Object.values(passwords).join("\n") };
      assert.equal(findCanaries(canaries, inCluster).length, canaries.length, "every canary is at work in the cluster");
      const { bin, cluster, pulumiHome } = own.sandbox.paths;
      const texts = {
        "exported state": (await stateOf(own, stack)).text,
        "stack outputs": await own.command("pulumi", "stack", "output", "--stack", stack, "--json", "--show-secrets"),
        "printed by preview": runs.preview?.output ?? "",
        "printed by up": runs.up?.output ?? "",
        // Executables, and the store of the API server, which holds the Secrets themselves.
        ...(await filesOf(own.home, [bin, cluster, join(pulumiHome, "plugins")])),
      };
      assert.ok(
        Object.keys(texts).some((path) => path.endsWith(`${stack}.json`)),
        "the state's files are among them",
      );
      assert.deepEqual(findCanaries(canaries, texts), []);
    });

    it("touches one service and its jobs only when that service's image tag changes", () =>
      updateOne(own, stack, updated));

    it("refuses destroy, and keeps namespace, volumes and passwords", async () => {
      const claims = await claimsAndVolumes();
      const { exitCode, output } = await own.attempt(["destroy", "--stack", stack, "--yes", "--skip-preview"]);
      assert.notEqual(exitCode, 0);
      assert.match(output, /protected/);
      assert.deepEqual(generated(await secretValues(own)), generated(passwords));
      assert.deepEqual(await claimsAndVolumes(), claims);
    });

    it("is whole again after up, with the same passwords", async () => {
      await own.up(stack);
      assert.deepEqual(ofTheSystem(await secretValues(own)), ofTheSystem(passwords));
      await own.previewWithoutChange(stack);
    });

    it("leaves nothing of its own when it is destroyed after protection was lifted", async () => {
      await own.set(stack, "keelson:protect", "false");
      await own.up(stack);
      await own.destroy(stack);
      assert.deepEqual(await madeByPulumi(own), []);
      assert.deepEqual(await remains(own), []);
      assert.deepEqual(
        (await stateOf(own, stack)).resources.filter(({ type }) => type !== "pulumi:pulumi:Stack"),
        [],
      );
    });

    it("comes up again, with other passwords, and goes", async () => {
      await own.up(stack);
      assert.notDeepEqual(await secretValues(own), passwords);
      await own.destroy(stack);
    });

    /** Without the Secrets of add-ons, which have nothing to keep. */
    function ofTheSystem(values: Record<string, string>): Record<string, string> {
      return Object.fromEntries(Object.entries(values).filter(([place]) => place.startsWith(`${model.namespace}/`)));
    }

    /** Without Secrets that hold nothing generated, either: they come back from the configuration and the data stores. */
    function generated(values: Record<string, string>): Record<string, string> {
      const others = Object.entries(model.secrets)
        .filter(([, keys]) => !Object.values(keys).some((source) => "generate" in source))
        .map(([name]) => `${model.namespace}/${name} `);
      return Object.fromEntries(
        Object.entries(ofTheSystem(values)).filter(([place]) => !others.some((other) => place.startsWith(other))),
      );
    }

    /** Claims with the volumes they are bound to. */
    async function claimsAndVolumes(): Promise<string[]> {
      const claims = await live(own, "persistentvolumeclaims");
      assert.ok(claims.length > 0);
      return claims.map(({ metadata, spec }) => `${metadata.name} ${String(spec?.volumeName)}`).sort();
    }
  });
}
