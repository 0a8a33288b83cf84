import assert from "node:assert/strict";
import type { Resource } from "../../policies/kubernetes/object.ts";
import { objectsOfResource } from "../../policies/kubernetes/pulumi-resource.ts";
import { rules } from "../../policies/rules.ts";
import { findings, type Json } from "./objects.ts";

/** What a rule says of a resource of a Pulumi program with the given options. */
function found(id: string, type: string, options: Omit<Resource, "urn"> = {}, props: Json = {}): string[] {
  const rule = rules.find((one) => one.id === id);
  assert.ok(rule, id);
  const objects = objectsOfResource({ type, name: "web", props, resource: { urn: "urn:web", ...options } });
  return findings(rule, objects).map(({ problem }) => problem);
}

describe("rules about the resources of a Pulumi program", () => {
  it("no-opaque-release refuses a release", () => {
    assert.equal(found("no-opaque-release", "kubernetes:helm.sh/v3:Release").length, 1);
    assert.equal(found("no-opaque-release", "kubernetes:helm.sh/v4:Chart").length, 0);
  });

  it("explicit-provider refuses a default provider", () => {
    const urn = (name: string) => `urn:pulumi:s::p::pulumi:providers:kubernetes::${name}::b2d-1`;
    for (const [name, count] of Object.entries({ default: 1, default_4_32_0: 1, cluster: 0 }))
      assert.equal(
        found("explicit-provider", "kubernetes:core/v1:Service", { provider: urn(name) }).length,
        count,
        name,
      );
    assert.equal(found("explicit-provider", "kubernetes:core/v1:Service").length, 0);
  });

  it("no-unsafe-opts refuses to look away", () => {
    const service = "kubernetes:core/v1:Service";
    assert.equal(found("no-unsafe-opts", service, { ignoreChanges: ["spec"] }).length, 1);
    assert.equal(found("no-unsafe-opts", service, { ignoreChanges: ["spec.template.spec.containers"] }).length, 1);
    assert.equal(found("no-unsafe-opts", service, { ignoreChanges: ["spec.replicas", "metadata.labels"] }).length, 0);
    assert.equal(found("no-unsafe-opts", service, { deleteBeforeReplace: true }).length, 1);
    assert.equal(found("no-unsafe-opts", "kubernetes:core/v1:ConfigMap", { deleteBeforeReplace: true }).length, 0);
    const annotations = { "pulumi.com/skipAwait": "true" };
    assert.equal(found("no-unsafe-opts", service, {}, { metadata: { annotations } }).length, 1);
  });

  it("stateful-protected wants what holds data protected", () => {
    const claim = "kubernetes:core/v1:PersistentVolumeClaim";
    assert.equal(found("stateful-protected", claim).length, 1);
    assert.equal(found("stateful-protected", claim, { protect: true }).length, 0);
    const set = "kubernetes:apps/v1:StatefulSet";
    assert.equal(found("stateful-protected", set).length, 0);
    assert.equal(found("stateful-protected", set, {}, { spec: { volumeClaimTemplates: [{}] } }).length, 1);
  });

  it("hpa-no-fixed-replicas accepts replicas that Pulumi ignores changes of", () => {
    const rule = rules.find(({ id }) => id === "hpa-no-fixed-replicas");
    assert.ok(rule);
    const judge = (ignoreChanges: string[]) =>
      findings(rule, [
        ...objectsOfResource({
          type: "kubernetes:autoscaling/v2:HorizontalPodAutoscaler",
          name: "web",
          props: { metadata: { name: "web" }, spec: { scaleTargetRef: { kind: "Deployment", name: "web" } } },
          resource: { urn: "urn:hpa" },
        }),
        ...objectsOfResource({
          type: "kubernetes:apps/v1:Deployment",
          name: "web",
          props: { metadata: { name: "web" }, spec: { replicas: 2 } },
          resource: { urn: "urn:web", ignoreChanges },
        }),
      ]);
    assert.equal(judge([]).length, 1);
    assert.equal(judge(["spec.replicas"]).length, 0);
  });

  it("ingress-tls-covers-hosts takes issuers for the cluster's where the program makes none", () => {
    const rule = rules.find(({ id }) => id === "ingress-tls-covers-hosts");
    assert.ok(rule);
    const ingress = {
      metadata: { name: "web", annotations: { "cert-manager.io/cluster-issuer": "shared" } },
      spec: { tls: [{ hosts: ["a.example.com"], secretName: "web-tls" }], rules: [{ host: "a.example.com" }] },
    };
    const judge = (...issuers: string[]) =>
      findings(rule, [
        ...objectsOfResource({
          type: "kubernetes:networking.k8s.io/v1:Ingress",
          name: "web",
          props: ingress,
          resource: { urn: "urn:web" },
        }),
        ...issuers.flatMap((name) =>
          objectsOfResource({
            type: "kubernetes:cert-manager.io/v1:ClusterIssuer",
            name,
            props: { metadata: { name } },
            resource: { urn: `urn:${name}` },
          }),
        ),
      ]);
    assert.equal(judge().length, 0);
    assert.equal(judge("shared").length, 0);
    assert.equal(judge("other").length, 1);
  });
});
