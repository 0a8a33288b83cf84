import assert from "node:assert/strict";
import { clusterProblems } from "../../settings/cluster-problems.ts";
import { lookAtCluster } from "../../settings/look-at-cluster.ts";
import { describeProblem } from "../../settings/read.ts";
import { systems } from "../../systems/index.ts";
import { modelOf } from "../../topology/model.ts";

const model = modelOf(systems, "codelab", "prod");
const everything = { storageClasses: ["standard"], namespaceLabels: undefined };
const lines = (view: Partial<Parameters<typeof clusterProblems>[0]>, changed = model) =>
  clusterProblems({ ...everything, ...view }, changed).map((problem) => describeProblem(problem, "Pulumi.prod.yaml"));

describe("what in a cluster is in the way", () => {
  it("is nothing where it has what the system names, or cannot be asked", () => {
    assert.deepEqual(lines({}), []);
    assert.deepEqual(lines({ storageClasses: undefined }), []);
  });

  it("is a storage class that is not there, by each setting that names it", () => {
    const found = lines({ storageClasses: ["gp3", "efs"] });
    assert.equal(found.length, 4, found.join("\n"));
    assert.ok(
      found.includes(
        'Pulumi.prod.yaml: keelson:data.postgres.storage.class: the cluster has no storage class "standard"; one of: efs, gp3',
      ),
      found.join("\n"),
    );
    assert.ok(found.some((line) => line.includes("keelson:services.agent-runtime.volumes.data.class")));
  });

  it("is a storage class of dumps that is not there", () => {
    const dumps = JSON.stringify({ postgres: { backup: { storage: { class: "nope" } } } });
    const backedUp = modelOf(systems, "codelab", "prod", { "keelson:data": dumps });
    assert.deepEqual(lines({ storageClasses: ["standard"] }, backedUp), [
      'Pulumi.prod.yaml: keelson:data.postgres.backup.storage.class: the cluster has no storage class "nope"; one of: standard',
    ]);
  });

  it("is a namespace that somebody else made", () => {
    const ours = { "app.kubernetes.io/managed-by": "pulumi", "app.kubernetes.io/instance": "codelab" };
    assert.deepEqual(lines({ namespaceLabels: ours }), []);
    assert.deepEqual(lines({ namespaceLabels: {} }), [
      'Pulumi.prod.yaml: keelson:namespace: the cluster holds the namespace "codelab" for somebody else (no label says whose it is); another namespace, or remove that one',
    ]);
    assert.match(
      lines({ namespaceLabels: { ...ours, "app.kubernetes.io/instance": "shop" } })[0] ?? "",
      /a part of shop/,
    );
  });

  it("is a namespace of another stack of the same system", () => {
    const ours = { "app.kubernetes.io/managed-by": "pulumi", "app.kubernetes.io/instance": "codelab" };
    const of = (stack: string) => lines({ namespaceLabels: { ...ours, "keelson.dev/stack": stack } });
    assert.deepEqual(of("prod"), []);
    assert.deepEqual(of("prod-eu"), [
      'Pulumi.prod.yaml: keelson:namespace: the cluster holds the namespace "codelab" for the stack prod-eu of the same system; another namespace; after a rename of the stack: kubectl label namespace codelab keelson.dev/stack=prod --overwrite',
    ]);
  });

  it("is not known without a cluster", async () => {
    const nothing = { storageClasses: undefined, namespaceLabels: undefined };
    assert.deepEqual(await lookAtCluster({ cluster: { kubeconfig: "/nowhere" }, platform: model }), nothing);
  });
});
