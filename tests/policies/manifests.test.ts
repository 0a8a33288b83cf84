import assert from "node:assert/strict";
import { parse } from "yaml";
import { rules } from "../../policies/rules.ts";
import { changed, container, findingsIn, initContainer, type Json, objectAround, podBearing } from "./objects.ts";

const [pod, , , deployment] = podBearing;

function found(manifest: Json): string[] {
  return rules.flatMap((rule) =>
    findingsIn(rule, manifest).map(({ object, path }) => `${rule.id} ${object.kind} ${object.name} ${path}`),
  );
}

/** A container with a remedy written into it: maps are joined, all else replaced. */
function merged(into: Json, remedy: Json): Json {
  const entries = Object.entries(remedy).map(([key, value]) => {
    const there = into[key];
    const both = typeof there === "object" && there !== null && typeof value === "object" && value !== null;
    return [key, both ? merged(there as Json, value as Json) : value];
  });
  return { ...into, ...Object.fromEntries(entries) };
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
});

describe("the remedy of a rule", () => {
  for (const rule of rules.filter(({ sees }) => sees === "object")) {
    it(`${rule.id}: makes the rule hold and breaks no other`, () => {
      const remedy: Json = parse(rule.remedy);
      const bare = [{ name: "app" }, { name: "app", resources: { limits: { cpu: "1", memory: "1Gi" } } }];
      const broken = bare.find((app) => findingsIn(rule, objectAround(deployment, { containers: [app] })).length > 0);
      assert.ok(broken, "the rule has nothing to remedy");
      const before = found(objectAround(deployment, { containers: [broken] }));
      const after = found(objectAround(deployment, { containers: [merged(broken, remedy)] }));
      assert.ok(!after.some((finding) => finding.startsWith(rule.id)), after.join("\n"));
      const isNew = (finding: string) => !before.includes(finding);
      assert.deepEqual(after.filter(isNew), []);
    });
  }
});
