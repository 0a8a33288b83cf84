import assert from "node:assert/strict";
import { objectsOfResource } from "../../policies/kubernetes/pulumi-resource.ts";

function objects(type: string, props: Record<string, unknown> = {}): string[] {
  return objectsOfResource({ type, props, name: "res", resource: { urn: "urn:res" } }).map(
    ({ apiVersion, kind, namespace, name }) => `${apiVersion} ${kind} ${namespace ?? "-"}/${name}`,
  );
}

describe("objectsOfResource", () => {
  it("knows group, version and kind of a Pulumi type", () => {
    assert.deepEqual(objects("kubernetes:core/v1:Pod"), ["v1 Pod -/res"]);
    assert.deepEqual(objects("kubernetes:networking.k8s.io/v1:Ingress"), ["networking.k8s.io/v1 Ingress -/res"]);
    assert.deepEqual(objects("kubernetes:example.com/v1:Widget"), ["example.com/v1 Widget -/res"]);
    assert.deepEqual(objects("random:index/randomPassword:RandomPassword"), []);
    assert.deepEqual(objects("pulumi:providers:kubernetes"), []);
  });

  it("takes a patch for the kind it patches, but no custom resource that is merely called so", () => {
    assert.deepEqual(objects("kubernetes:apps/v1:DeploymentPatch"), ["apps/v1 Deployment -/res"]);
    assert.deepEqual(objects("kubernetes:networking.k8s.io/v1:IngressPatch"), ["networking.k8s.io/v1 Ingress -/res"]);
    assert.deepEqual(objects("kubernetes:example.com/v1:SecurityPatch"), ["example.com/v1 SecurityPatch -/res"]);
  });

  it("takes a list apart, with the kind of each item if it has one", () => {
    const items = [{ metadata: { name: "a", namespace: "shop" } }, { kind: "Service", apiVersion: "v1" }];
    assert.deepEqual(objects("kubernetes:apps/v1:DeploymentList", { items }), [
      "apps/v1 Deployment shop/a",
      "v1 Service -/res[1]",
    ]);
    assert.deepEqual(objects("kubernetes:example.com/v1:AllowList", { spec: {} }), ["example.com/v1 AllowList -/res"]);
  });
});
