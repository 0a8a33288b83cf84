import assert from "node:assert/strict";
import { connect } from "../../sandbox/standins/kubernetes/cluster.ts";
import { providerChanges, readSettings, strictModeFailures } from "../../sandbox/standins/kubernetes/settings.ts";

describe("the kubernetes stand-in's settings", () => {
  const read = (given: Record<string, string>, environment: NodeJS.ProcessEnv = {}) =>
    readSettings(
      new Map(Object.entries(given).map(([key, value]) => [`kubernetes:config:${key}`, value])),
      environment,
    );

  it("come from arguments, then from the environment, then from defaults", () => {
    const environment = { PULUMI_K8S_UPSERT_EXISTING_OBJECTS: "true" };
    assert.equal(read({}, environment).upsertExistingObjects, true);
    assert.equal(read({ upsertExistingObjects: "false" }, environment).upsertExistingObjects, false);
    assert.equal(read({}).upsertExistingObjects, false);
    assert.deepEqual(read({ enableSecretMutable: "true" }).mutable, { configMaps: false, secrets: true });
  });

  it("are refused where the stand-in does not have them", () => {
    assert.throws(
      () => read({ renderYamlToDirectory: "x" }),
      /has no setting renderYamlToDirectory\. It has: kubeconfig, /,
    );
    assert.throws(() => read({ enableServerSideApply: "false" }), /by server-side apply only/);
  });

  it("in strict mode name the cluster, by arguments or stack configuration", () => {
    const whole = { kubeconfig: "k", context: "c" };
    assert.deepEqual(strictModeFailures(whole, "default_4_32_0", undefined), []);
    assert.deepEqual(strictModeFailures(whole, "cluster", '{"strictMode":"true"}'), []);
    const failures = strictModeFailures({ strictMode: "true" }, "default_4_32_0", undefined);
    assert.deepEqual(
      failures.map(([argument]) => argument),
      ["", "kubeconfig", "context"],
    );
  });

  it("mean another cluster when the identifier changes, else when kubeconfig or context do", () => {
    const one = { clusterIdentifier: "a", context: "x" };
    assert.deepEqual(providerChanges(one, { ...one, context: "y" }), { diffs: ["context"], replaces: [] });
    assert.deepEqual(providerChanges(one, { ...one, clusterIdentifier: "b" }).replaces, ["clusterIdentifier"]);
    assert.deepEqual(providerChanges({ context: "x" }, { context: "y" }).replaces, ["context"]);
    assert.deepEqual(providerChanges({ context: "x" }, one).replaces, []);
    assert.deepEqual(providerChanges(one, { ...one, version: "2" }), { diffs: [], replaces: [] });
  });
});

describe("the kubernetes stand-in's cluster", () => {
  const kubeconfig = (server: string) =>
    JSON.stringify({
      apiVersion: "v1",
      kind: "Config",
      "current-context": "one",
      contexts: [{ name: "one", context: { cluster: "one", user: "one" } }],
      clusters: [{ name: "one", cluster: { server } }],
      users: [{ name: "one", user: {} }],
    });

  it("is on this machine, and nowhere else", async () => {
    for (const server of ["https://127.0.0.1:6443", "https://localhost:6443", "https://[::1]:6443"]) {
      await assert.doesNotReject(connect(kubeconfig(server), ""), server);
    }
    for (const server of ["https://10.0.0.1:6443", "https://127.0.0.1.example.com", "https://localhost.example.com"]) {
      await assert.rejects(connect(kubeconfig(server), ""), /is for the sandbox only, and .* is not on this machine/);
    }
  });

  it("is in a context that the kubeconfig has", async () => {
    await assert.rejects(connect(kubeconfig("https://127.0.0.1:1"), "two"), /has no context "two"; it has: one\./);
  });

  it("says when it cannot be reached", async () => {
    const cluster = await connect(kubeconfig("https://127.0.0.1:1"), "one");
    await assert.rejects(cluster.version(), /API server at https:\/\/127\.0\.0\.1:1 cannot be reached: .*ECONNREFUSED/);
  });
});
