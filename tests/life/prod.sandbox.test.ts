import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { filesOf, findCanaries } from "./canaries.ts";
import { live, madeByPulumi, remains, secretValues } from "./cluster.ts";
import { changed, violations } from "./engine-events.ts";
import { type EngineRun, OwnSandbox } from "./own-sandbox.ts";
import { generatedPasswords, objectsOf, stateOf } from "./stack-state.ts";

describe("the life of stack prod", function () {
  this.timeout(300_000);
  this.bail(true);
  const stack = "prod";
  const issued = `canary${randomBytes(16).toString("hex")}`;
  const runs: Record<string, EngineRun> = {};
  let own: OwnSandbox;
  let passwords: Record<string, string>;

  before(async () => {
    own = await OwnSandbox.started();
    await own.set(stack, 'keelson:secrets["openai-api-key"]', issued, "--secret");
  });
  after(() => own.remove());

  it("comes up without a violation", async () => {
    runs.preview = await own.preview(stack);
    runs.up = await own.up(stack);
    assert.deepEqual(violations(runs.up.events), []);
    assert.deepEqual(await madeByPulumi(own), objectsOf((await stateOf(own, stack)).resources));
    passwords = await secretValues(own);
  });

  it("has the application's and the data's pods admitted at Pod Security restricted", async () => {
    const [namespace] = (await live(own, "namespaces")).filter(({ metadata }) => metadata.name === "codelab");
    assert.equal(namespace?.metadata.labels?.["pod-security.kubernetes.io/enforce"], "restricted");
    const pods = (await live(own, "pods")).filter(({ metadata }) => metadata.namespace === "codelab");
    for (const app of ["gateway", "agent-runtime", "auth-service", "llm-proxy", "postgresql", "redis"])
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
    assert.ok(generated.length >= 5, "CodeLab generates passwords");
    const canaries = [issued, ...generated];
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
      Object.keys(texts).some((path) => path.endsWith("prod.json")),
      "the state's files are among them",
    );
    assert.deepEqual(findCanaries(canaries, texts), []);
  });

  it("touches one service only when that service's image tag changes", async () => {
    await own.set(stack, "keelson:services.gateway.image.tag", "1.0.1");
    const planned = changed((await own.preview(stack)).events);
    const { events } = await own.up(stack);
    assert.ok(planned.some((urn) => urn.endsWith("::codelab-gateway-deployment")));
    assert.deepEqual(
      planned.filter((urn) => !/::codelab-gateway-[a-z]+$/.test(urn)),
      [],
    );
    assert.deepEqual(changed(events), planned);
    const images = await own.command("kubectl", "get", "pods", "-n", "codelab", "-o", "jsonpath={..image}");
    assert.match(images, /gateway:1\.0\.1\b/);
    assert.doesNotMatch(images, /gateway:1\.0\.0\b/);
  });

  it("refuses destroy, and keeps namespace, volumes and passwords", async () => {
    const claims = await claimsAndVolumes();
    const { exitCode, output } = await own.attempt(["destroy", "--stack", stack, "--yes", "--skip-preview"]);
    assert.notEqual(exitCode, 0);
    assert.match(output, /protected/);
    assert.deepEqual(ofTheSystem(await secretValues(own)), ofTheSystem(passwords));
    assert.deepEqual(await claimsAndVolumes(), claims);
  });

  it("is whole again after up, with the same passwords", async () => {
    await own.up(stack);
    assert.deepEqual(await secretValues(own), passwords);
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

  it("comes up again", async () => {
    await own.up(stack);
    await own.previewWithoutChange(stack);
    assert.notDeepEqual(await secretValues(own), passwords);
  });

  /** Without the Secrets of add-ons, which are made again from what others issued. */
  function ofTheSystem(values: Record<string, string>): Record<string, string> {
    return Object.fromEntries(Object.entries(values).filter(([place]) => place.startsWith("codelab/")));
  }

  /** Claims with the volumes they are bound to. */
  async function claimsAndVolumes(): Promise<string[]> {
    const claims = await live(own, "persistentvolumeclaims");
    assert.ok(claims.length > 0);
    return claims.map(({ metadata, spec }) => `${metadata.name} ${String(spec?.volumeName)}`).sort();
  }
});
