import assert from "node:assert/strict";
import { beforeUpdate } from "../../commands/doctor/before.ts";
import { backups, images, names, tools } from "../../commands/doctor/declared.ts";
import type { ClusterFacts } from "../../commands/doctor/facts.ts";
import { exitStatus, type Finding } from "../../commands/doctor/verdict.ts";
import { healthy, live, modelOf, node, pod, wrong } from "./facts.ts";

const model = modelOf("codelab", "prod");
const preflight = (facts: ClusterFacts, of = model) => beforeUpdate(facts, of);

describe("the doctor before an update", () => {
  it("finds nothing wrong with a cluster that is as it shall be", () => {
    assert.deepEqual(wrong(preflight(healthy())), []);
    assert.equal(exitStatus(preflight(healthy())), 0);
  });

  it("does not mind a cluster that is still empty", () => {
    const { namespaces: _, own: __, ...rest } = healthy();
    assert.deepEqual(wrong(preflight({ ...rest, namespaces: [], own: {} })), []);
  });

  const cases: [string, (facts: ClusterFacts) => Partial<ClusterFacts>, string, Finding["verdict"], RegExp][] = [
    [
      "a cluster that is too old",
      () => ({ version: "v1.29.3" }),
      "Kubernetes",
      "failed",
      /v1\.29\.3.*older than 1\.30/,
    ],
    [
      "a namespace of somebody else",
      () => ({ namespaces: [live("codelab", {}, { labels: { "app.kubernetes.io/managed-by": "Helm" } })] }),
      "namespace",
      "failed",
      /not codelab's \(managed by Helm/,
    ],
    [
      "a namespace that nobody marked",
      () => ({ namespaces: [live("codelab")] }),
      "namespace",
      "failed",
      /no label says whose/,
    ],
    [
      "a storage class that is missing",
      () => ({
        storageClasses: (healthy().storageClasses ?? []).map((one) => ({
          ...one,
          metadata: { ...one.metadata, name: "gp3" },
        })),
      }),
      "storage classes",
      "failed",
      /standard does not exist \(wanted by .*agent-runtime\/data/,
    ],
    [
      "too few nodes",
      () => ({ nodes: [node("a", "4", "16Gi")] }),
      "capacity",
      "failed",
      /1 nodes have 4 cores .*codelab needs/,
    ],
    [
      "nodes that others fill",
      (facts) => ({
        pods: [
          ...(facts.pods ?? []),
          pod("big", "other", { spec: { containers: [{ resources: { requests: { cpu: "190" } } }] } }),
        ],
      }),
      "capacity",
      "failed",
      /2 cores/,
    ],
    [
      "nodes that are cordoned",
      (facts) => ({ nodes: (facts.nodes ?? []).map((one) => ({ ...one, spec: { unschedulable: true } })) }),
      "capacity",
      "failed",
      /0 nodes/,
    ],
    [
      "a cluster that autoscalers outgrow",
      () => ({ nodes: [node("a", "20", "60Gi")] }),
      "capacity",
      "warning",
      /enough for .*autoscalers may ask for/,
    ],
    [
      "a quota that is nearly used up",
      (facts) => ({
        own: { ...facts.own, quotas: [live("quota", { status: { hard: { pods: "50" }, used: { pods: "48" } } })] },
      }),
      "quota",
      "warning",
      /pods is used up \(48 of 50\)/,
    ],
    [
      "an add-on that is only said to be there",
      () => ({ definitions: [] }),
      "VPA",
      "failed",
      /verticalpodautoscalers.* is not there/,
    ],
    [
      "an API that does not answer",
      () => ({ apiServices: [live("v1beta1.metrics.k8s.io")] }),
      "metrics-server",
      "failed",
      /does not answer/,
    ],
  ];
  for (const [what, change, check, verdict, message] of cases) {
    it(`tells of ${what}, and of nothing else`, () => {
      const facts = healthy();
      const found = wrong(preflight({ ...facts, ...change(facts) }));
      assert.deepEqual(
        found.map((one) => [one.check, one.verdict]),
        [[check, verdict]],
      );
      assert.match(found[0]?.message ?? "", message);
      assert.ok(found[0]?.todo);
    });
  }

  it("tells of a class of Ingress that is missing where the controller is another's", () => {
    const present = modelOf("codelab", "prod", { "keelson:addons": { ingressNginx: { ownership: "present" } } });
    const found = wrong(preflight({ ...healthy(), ingressClasses: [] }, present)).map(({ check }) => check);
    assert.deepEqual(found, ["ingress class", "ingress-nginx"]);
  });

  it("says that it cannot tell where it may not look", () => {
    const { nodes: _, storageClasses: __, ...rest } = healthy();
    const found = wrong(preflight(rest));
    assert.deepEqual(
      found.map(({ check, verdict }) => [check, verdict]),
      [
        ["storage classes", "cannot tell"],
        ["capacity", "cannot tell"],
      ],
    );
    assert.equal(exitStatus(found), 0);
  });

  it("looks at programs, images, names and backups", () => {
    const tool = { name: "pulumi", wanted: ">=3.200.0", needed: true };
    assert.equal(tools([{ ...tool, found: "3.259.0" }])[0]?.verdict, "ok");
    assert.equal(tools([{ ...tool, found: "3.99.0" }])[0]?.verdict, "failed");
    assert.match(tools([{ ...tool, found: undefined }])[0]?.message ?? "", /not on PATH/);
    assert.equal(tools([{ ...tool, found: undefined, needed: false }])[0]?.verdict, "warning");
    assert.deepEqual(wrong(images(model)), []);
    const moving = modelOf("codelab", "prod", { "keelson:services": { gateway: { image: { tag: "latest" } } } });
    assert.match(
      wrong(images(moving))[0]?.message ?? "",
      /gateway runs ghcr\.io\/codelab\/gateway:latest, which moves/,
    );
    assert.match(
      wrong(names({ "a.example.com": undefined, "b.example.com": ["192.0.2.1"] }))[0]?.message ?? "",
      /^a\.example\.com/,
    );
    assert.match(backups(model)[0]?.message ?? "", /Velero/);
    assert.equal(
      backups({
        ...model,
        addons: {},
        data: Object.fromEntries(
          Object.entries(model.data).map(([name, store]) => [name, { ...store, backup: undefined }]),
        ) as typeof model.data,
      })[0]?.verdict,
      "warning",
    );
  });
});
