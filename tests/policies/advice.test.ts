import assert from "node:assert/strict";
import { PackServer, type Resource } from "./pack-server.ts";

const deployment = (name: string): Resource => ({
  type: "kubernetes:apps/v1:Deployment",
  name,
  props: { apiVersion: "apps/v1", kind: "Deployment", metadata: { name, namespace: "shop" }, spec: {} },
});
const stack = ["one", "two", "three", "four", "five"].map(deployment);

/** What the pack says of each resource, and then of all together, of one rule. */
async function told(pack: PackServer, resources: readonly Resource[], rule: string) {
  const each = [];
  for (const resource of resources) each.push(...(await pack.analyze(resource)));
  const together = await pack.analyzeStack(resources);
  const of = (found: typeof together) => found.filter((violation) => violation.rule === rule);
  return { each: of(each), together: of(together) };
}

describe("advice", () => {
  let pack: PackServer;
  afterEach(() => pack.stop());

  it("of one rule is one message: how many and the first few, with the remedy if it is serious", async () => {
    pack = await PackServer.start();
    await pack.configure({
      "labels-standard": { level: "disabled" },
      "selector-matches-template": { level: "advisory" },
    });
    const minor = await told(pack, stack, "owner-annotation");
    assert.deepEqual(minor.each, []);
    assert.deepEqual(
      minor.together.map(({ level }) => level),
      ["advisory"],
    );
    assert.match(
      minor.together[0]?.message ?? "",
      /\nDeployment shop\/five: .*\nAnd 4 more; KEELSON_POLICY_ADVICE=each tells each, with the remedy\.$/,
    );
    const serious = await told(pack, stack, "selector-matches-template");
    assert.deepEqual([serious.each.length, serious.together.length], [0, 1]);
    assert.match(
      serious.together[0]?.message ?? "",
      /shop\/five: .*\n.*shop\/four: .*\n.*shop\/one: .*\nAnd 2 more; KEELSON_POLICY_ADVICE=each tells each\.\nRemedy:\n/,
    );
  });

  it("is the same in whatever order the engine tells of the resources", async () => {
    pack = await PackServer.start();
    const [one, other] = [
      await told(pack, stack, "owner-annotation"),
      await told(pack, stack.toReversed(), "owner-annotation"),
    ];
    assert.deepEqual(one, other);
  });

  it("about a single resource is told of that one", async () => {
    pack = await PackServer.start();
    const { together } = await told(pack, [deployment("one")], "owner-annotation");
    assert.match(together[0]?.urn ?? "", /::one$/);
  });

  it("is told of each where that is wanted", async () => {
    pack = await PackServer.start({ KEELSON_POLICY_ADVICE: "each" });
    const { each, together } = await told(pack, stack, "owner-annotation");
    assert.deepEqual([each.length, together.length], [5, 0]);
  });

  it("waits with levels as they are configured, and what stops a deployment never does", async () => {
    pack = await PackServer.start();
    await pack.configure({
      "owner-annotation": { level: "mandatory" },
      "selector-matches-template": { level: "advisory" },
    });
    const owner = await told(pack, stack, "owner-annotation");
    assert.deepEqual([owner.each.length, owner.together.length], [5, 0]);
  });

  it("refuses to be told in a way that there is not", async () => {
    const start = PackServer.start({ KEELSON_POLICY_ADVICE: "all" }).then((started) => {
      pack = started;
    });
    await assert.rejects(start, /KEELSON_POLICY_ADVICE is "all"; it must be one of together, each\./);
    pack = await PackServer.start();
  });
});
