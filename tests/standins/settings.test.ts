import assert from "node:assert/strict";
import { connect } from "../../sandbox/standins/kubernetes/cluster.ts";
import { identifying, readSettings } from "../../sandbox/standins/kubernetes/settings.ts";

describe("the kubernetes stand-in's settings", () => {
  const read = (given: Record<string, string>, environment: NodeJS.ProcessEnv = {}) =>
    readSettings(
      new Map(Object.entries(given).map(([key, value]) => [`kubernetes:config:${key}`, value])),
      environment,
    );

  it("come from arguments, then from the environment, then from defaults", () => {
    const environment = { PULUMI_K8S_UPSERT_EXISTING_OBJECTS: "true" };
    assert.equal(read({}, environment).upsert, true);
    assert.equal(read({ upsertExistingObjects: "false" }, environment).upsert, false);
    assert.equal(read({}).upsert, false);
    assert.deepEqual([...read({ enableSecretMutable: "true" }).mutable], ["Secret"]);
  });

  it("are refused where the stand-in does not have them", () => {
    assert.throws(
      () => read({ renderYamlToDirectory: "x" }),
      /has no setting renderYamlToDirectory\. It has: kubeconfig, /,
    );
  });

  it("mean another cluster when the identifier changes, else when kubeconfig or context do", () => {
    const one = { clusterIdentifier: "a", context: "x" };
    assert.deepEqual(identifying(one, { ...one, context: "y" }), []);
    assert.deepEqual(identifying(one, { ...one, clusterIdentifier: "b" }), ["clusterIdentifier"]);
    assert.deepEqual(identifying({ context: "x" }, { context: "y" }), ["context"]);
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

  it("is on this machine, and nowhere else", () => {
    for (const server of ["https://127.0.0.1:6443", "https://localhost:6443", "https://[::1]:6443"]) {
      assert.doesNotThrow(() => connect(kubeconfig(server), ""), server);
    }
    for (const server of ["https://10.0.0.1:6443", "https://127.0.0.1.example.com", "https://localhost.example.com"]) {
      assert.throws(() => connect(kubeconfig(server), ""), /is for the sandbox only, and .* is not on this machine/);
    }
  });

  it("is in a context that the kubeconfig has", () => {
    assert.throws(() => connect(kubeconfig("https://127.0.0.1:1"), "two"), /in context "two"; contexts are: one\./);
  });

  it("says when it cannot be reached", async () => {
    const cluster = connect(kubeconfig("https://127.0.0.1:65535"), "one");
    await assert.rejects(
      cluster.version(),
      /API server at https:\/\/127\.0\.0\.1:65535 cannot be reached: .*ECONNREFUSED/,
    );
  });
});
