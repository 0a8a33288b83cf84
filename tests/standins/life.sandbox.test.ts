import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { configure, forget, killWhen, type Lab, openLab, processesOf, writePack } from "./lab.ts";

interface Item {
  kind: string;
  metadata: { name: string; uid: string };
  data?: Record<string, string>;
  status?: { availableReplicas?: number };
}

describe("a stack on the stand-ins", function () {
  this.timeout(300_000);
  let lab: Lab;
  before(async () => {
    lab = await openLab();
  });
  after(() => lab.close());

  /** Runs pulumi, expects success, gives back what it printed. */
  const run = async (...args: string[]) => {
    const { exitCode, output } = await lab.pulumi(args);
    assert.equal(exitCode, 0, output);
    return output;
  };
  const up = () => run("up", "--yes", "--skip-preview");
  const item = async (...args: string[]) => (await lab.get(...args, "-n", "lab")) as Item;
  const password = async () =>
    Buffer.from((await item("secret", "secret")).data?.password ?? "", "base64").toString("utf8");

  it("tells a program which stack it is in, and runs a pack's rules", async () => {
    const pack = await writePack(
      lab,
      `import { PolicyPack } from "@pulumi/policy";
       new PolicyPack("lab-pack", { policies: [{ name: "no-claims", description: "No Widgets.", enforcementLevel: "mandatory",
         validateResource: ({ type, props }, report) => { if (type.endsWith(":Widget")) report(props.metadata.name); } }] });`,
    );
    const { exitCode, output } = await lab.pulumi(["preview", "--policy-pack", pack]);
    assert.notEqual(exitCode, 0);
    assert.match(output, /no-claims {2}\(kubernetes:lab\.keelson\.dev\/v1:Widget: demo:lab\/demo\)/);
    assert.match(output, /\[mandatory\].* no-claims {2}\(kubernetes:lab\.keelson\.dev\/v1:Widget: widget\)/);
  });

  it("comes up with every workload awaited, a CRD before its custom resources, and no hook", async () => {
    await up();
    for (const [name, replicas] of [
      ["web", 2],
      ["demo", 1],
    ] as const) {
      assert.equal((await item("deployment", name)).status?.availableReplicas, replicas);
    }
    assert.equal((await item("widgets.lab.keelson.dev", "demo")).kind, "Widget");
    assert.deepEqual((await item("jobs")) as unknown as { items: [] }, { ...(await item("jobs")), items: [] });
  });

  it("keeps secrets out of the state, in clear and in base64", async () => {
    const secret = await password();
    assert.match(secret, /^[A-Za-z0-9]{24}$/);
    const state = await run("stack", "export");
    for (const text of [secret, Buffer.from(secret).toString("base64"), "token-of-the-chart"]) {
      assert.ok(
        !state.includes(text) && !state.includes(Buffer.from(text).toString("base64")),
        "a secret is in the state",
      );
    }
  });

  it("shows no change in a preview nor after a refresh", async () => {
    await run("preview", "--expect-no-changes");
    await run("refresh", "--yes", "--skip-preview", "--expect-no-changes");
    await run("preview", "--expect-no-changes");
  });

  it("sees what others changed, and sets it right", async () => {
    await lab.sandbox.run("kubectl", ["patch", "configmap", "config", "-n", "lab", "-p", '{"data":{"fixed":"2"}}']);
    const refreshed = await run("refresh", "--yes", "--skip-preview");
    assert.match(refreshed, /~ 1 updated/);
    await up();
    assert.equal((await item("configmap", "config")).data?.fixed, "1");
  });

  it("updates in place what a new tag touches, and nothing else", async () => {
    const before = await item("configmap", "config");
    await configure(lab, { tag: "1.30" });
    const output = await up();
    assert.match(output, /~ 3 updated/);
    const after = await item("configmap", "config");
    assert.deepEqual([after.metadata.uid, after.data], [before.metadata.uid, { fixed: "1", tag: "1.30" }]);
    await run("preview", "--expect-no-changes");
  });

  it("replaces an object whose change the API server would refuse", async () => {
    const before = await item("deployment", "web");
    await configure(lab, { app: "renamed" });
    const preview = await run("preview", "--diff");
    assert.match(preview, /\+-kubernetes:apps\/v1:Deployment: \(replace\)/);
    await up();
    assert.notEqual((await item("deployment", "web")).metadata.uid, before.metadata.uid);
    await run("preview", "--expect-no-changes");
  });

  it("says why a rollout does not get ready, and continues from there", async () => {
    await configure(lab, { unschedulable: "true", timeout: "3s" });
    const { exitCode, output } = await lab.pulumi(["up", "--yes", "--skip-preview"]);
    assert.notEqual(exitCode, 0);
    assert.match(output, /\* Deployment lab\/web was not ready within 3 s\n\s+\* 1 of 2 Pods are of the new version/);
    assert.match(output, /\* Pod web-\S+: Unschedulable: 0\/3 nodes are available/);
    await forget(lab, "unschedulable");
    await forget(lab, "timeout");
    await up();
    await run("preview", "--expect-no-changes");
  });

  for (const [what, message] of Object.entries({
    unnamed: /metadata\.name is missing: .* Give ConfigMap "unnamed" a fixed name/,
    patch: /has no kubernetes:core\/v1:NamespacePatch\. It has the kinds of Kubernetes itself/,
    release: /has no kubernetes:helm\.sh\/v3:Release\. It has/,
    yaml: /has no component kubernetes:yaml\/v2:ConfigGroup\. It has kubernetes:helm\.sh\/v4:Chart/,
    chartArgument: /helm\.v4\.Chart verified: the stand-in does not have verify\. It has: name, /,
    uuid: /has no random:index\/randomUuid:RandomUuid\. It has: random:index\/randomPassword:RandomPassword with length, /,
  })) {
    it(`refuses what it does not have: ${what}`, async () => {
      await configure(lab, { refused: what });
      const { exitCode, output } = await lab.pulumi(["preview"]);
      await forget(lab, "refused");
      assert.notEqual(exitCode, 0);
      assert.match(output, message);
    });
  }

  it("leaves no process behind when the engine is killed, and the next run converges", async () => {
    await configure(lab, { tag: "1.31", unschedulable: "true" });
    await killWhen(lab, ["up", "--yes", "--skip-preview"], "Deployment web updating");
    await sleep(2000);
    assert.deepEqual(await processesOf(lab), []);
    await forget(lab, "unschedulable");
    await run("cancel", "--yes");
    await up();
    await run("preview", "--expect-no-changes");
  });

  it("renders offline, with placeholders, without an API server", async () => {
    const file = join(lab.home, "objects.ndjson");
    const empty = { PULUMI_BACKEND_URL: `file://${join(lab.home, "scratch")}`, KUBECONFIG: "/nonexistent" };
    await lab.sandbox.run("mkdir", ["-p", join(lab.home, "scratch")]);
    assert.equal((await lab.pulumi(["stack", "init"], empty)).exitCode, 0);
    const { exitCode, output } = await lab.pulumi(["preview"], { ...empty, KEELSON_OFFLINE: file });
    assert.equal(exitCode, 0, output);
    const lines = (await readFile(file, "utf8")).trim().split("\n");
    const rendered = lines.map((line) => JSON.parse(line) as { urn: string; object: Item; secrets: string[][] });
    const secret = rendered.find(({ urn }) => urn.endsWith("core/v1:Secret::secret"));
    const decoded = Object.values(secret?.object.data ?? {}).map((value) => Buffer.from(value, "base64").toString());
    assert.deepEqual(decoded, ["5e884898-password-placeh", "postgres://user:5e884898-password-placeh@host"]);
    assert.deepEqual(secret?.secrets, [
      ["data", "password"],
      ["data", "url"],
    ]);
    assert.deepEqual(rendered.map(({ object }) => `${object.kind} ${object.metadata.name}`).sort(), [
      "ConfigMap config",
      "ConfigMap demo-config",
      "ConfigMap demo-empty",
      "CustomResourceDefinition widgets.lab.keelson.dev",
      "Deployment demo",
      "Deployment web",
      "Namespace lab",
      "NetworkPolicy deny",
      "Secret demo-secret",
      "Secret secret",
      "Service demo",
      "Service web",
      "Widget demo",
      "Widget own",
    ]);
  });

  it("goes down to what is kept on purpose", async () => {
    await run("destroy", "--yes", "--skip-preview");
    const { items } = (await lab.get("namespaces,crds")) as { items: Item[] };
    const names = items.map(({ metadata }) => metadata.name);
    assert.ok(!names.includes("lab"));
    assert.ok(names.includes("widgets.lab.keelson.dev"));
  });
});
