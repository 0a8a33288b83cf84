import assert from "node:assert/strict";
import { sentence } from "../../policies/message.ts";
import { rules } from "../../policies/rules.ts";
import { changed, container, findingsIn, initContainer, type Json, objectAround, podBearing } from "./objects.ts";

const [pod, , , deployment] = podBearing;

function found(manifest: Json): string[] {
  const about = rules.filter(({ id }) =>
    /^(cpu|memory)-(requests|limits)-set$|^requests-explicit$|probe-set$/.test(id),
  );
  return about.flatMap((rule) =>
    findingsIn(rule, manifest).map(({ object, path }) => `${rule.id} ${object.kind} ${object.name} ${path}`),
  );
}

describe("rules on plain manifests", () => {
  it("find the same as in a program, also in a List", () => {
    const bare = objectAround(deployment, { containers: [changed(container("app"), ["livenessProbe"])] });
    const naked = objectAround(pod, {
      containers: [container("app")],
      initContainers: [initContainer("init", { resources: { limits: { memory: "1Gi" } } })],
    });
    const list = {
      apiVersion: "v1",
      kind: "List",
      items: [bare, { apiVersion: "v1", kind: "Service", spec: {} }, naked],
    };
    assert.deepEqual(found(bare), ["liveness-probe-set Deployment web spec.template.spec.containers[0].livenessProbe"]);
    assert.deepEqual(found(list), [
      "cpu-requests-set Pod web items[2].spec.initContainers[0].resources.requests.cpu",
      "cpu-limits-set Pod web items[2].spec.initContainers[0].resources.limits.cpu",
      "requests-explicit Pod web items[2].spec.initContainers[0].resources.requests.memory",
      "liveness-probe-set Deployment web items[0].spec.template.spec.containers[0].livenessProbe",
    ]);
  });

  it("tell what lacks its version or kind", () => {
    const schemaValid = rules.filter(({ id }) => id === "schema-valid");
    const told = [
      { apiVersion: "", kind: "Deployment", metadata: { name: "a" } },
      { apiVersion: "", kind: "Thing", metadata: { name: "a" } },
      { apiVersion: "v1", kind: "", metadata: { name: "a" } },
    ].map((manifest) =>
      schemaValid.flatMap((rule) =>
        findingsIn(rule, manifest).map((finding) => `${sentence(finding)} ${finding.remedy ?? ""}`),
      ),
    );
    assert.deepEqual(told, [
      ["Deployment a: apiVersion is not set. apiVersion: apps/v1"],
      ["Thing a: apiVersion is not set. "],
      ["object a: kind is not set. "],
    ]);
  });
});
