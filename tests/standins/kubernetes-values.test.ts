import assert from "node:assert/strict";
import fc from "fast-check";
import { changes, prune } from "../../sandbox/standins/kubernetes/diff.ts";
import { replacingFields } from "../../sandbox/standins/kubernetes/force-new.ts";
import { parseManifests } from "../../sandbox/standins/kubernetes/helm.ts";
import { normalize } from "../../sandbox/standins/kubernetes/normalize.ts";
import { canonicalQuantity } from "../../sandbox/standins/kubernetes/quantity.ts";
import { readiness } from "../../sandbox/standins/kubernetes/readiness.ts";
import { checkpoint, hide, parseCheckpoint } from "../../sandbox/standins/kubernetes/state.ts";
import { kindOfType, typeToken } from "../../sandbox/standins/kubernetes/types.ts";
import { isSecret, type JsonObject, secret, secretPaths, unknown } from "../../sandbox/standins/values.ts";

const immutableData = { configMaps: false, secrets: false };

describe("quantities", () => {
  // Each pair as the API server of Kubernetes 1.36 writes it back.
  for (const [written, canonical] of [
    ["1000m", "1"],
    ["0.5", "500m"],
    [0.5, "500m"],
    ["1024Mi", "1Gi"],
    ["1.5Gi", "1536Mi"],
    ["100M", "100M"],
    ["1000k", "1M"],
    ["1e3", "1e3"],
    ["0", "0"],
    ["0Mi", "0"],
    ["64Mi", "64Mi"],
    ["1048576", "1048576"],
    ["-1500m", "-1500m"],
    ["many", "many"],
  ] as const) {
    it(`are canonical: ${written} is ${canonical}`, () => assert.equal(canonicalQuantity(written), canonical));
  }

  it("stay the same the second time", () => {
    const suffix = fc.constantFrom("", "m", "k", "M", "G", "Ki", "Mi", "Gi");
    fc.assert(
      fc.property(fc.nat(99_999), fc.nat(999), suffix, (whole, fraction, unit) => {
        const once = canonicalQuantity(`${whole}.${fraction}${unit}`);
        assert.equal(canonicalQuantity(once), once);
      }),
    );
  });
});

describe("objects of Kubernetes' own kinds", () => {
  const pod = (container: JsonObject, spec: JsonObject = {}): JsonObject => ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "pod" },
    spec: { containers: [{ name: "main", ...container }], ...spec },
  });

  it("lose what the API server drops, and keep what means something", () => {
    const given = pod(
      {
        args: [],
        env: [{ name: "EMPTY", value: "" }],
        securityContext: { privileged: false, runAsUser: 0 },
        volumeMounts: [{ name: "a", readOnly: false }],
        readinessProbe: { initialDelaySeconds: 0 },
        resources: { limits: { cpu: "1000m" }, requests: {} },
      },
      {
        hostNetwork: false,
        automountServiceAccountToken: false,
        nodeSelector: {},
        volumes: [{ name: "a", emptyDir: {} }],
      },
    );
    const kept = pod(
      {
        env: [{ name: "EMPTY" }],
        securityContext: { privileged: false, runAsUser: 0 },
        volumeMounts: [{ name: "a" }],
        readinessProbe: {},
        resources: { limits: { cpu: "1" } },
      },
      { automountServiceAccountToken: false, volumes: [{ name: "a", emptyDir: {} }] },
    );
    assert.deepEqual(normalize(given), kept);
    assert.deepEqual(normalize(kept), kept);
  });

  it("keep the user's own keys, even where they are called like a field", () => {
    const labels = { hostNetwork: "", rules: "", limits: "1000m" };
    const given: JsonObject = {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "a", labels },
      data: { empty: "" },
    };
    assert.deepEqual(normalize(given), given);
  });

  it("have a Secret's texts encoded, over data of the same key", () => {
    const given: JsonObject = {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "a" },
      data: { kept: "YQ==\n", replaced: "Yg==" },
      stringData: { replaced: "c" },
    };
    assert.deepEqual(normalize(given).data, { kept: "YQ==", replaced: "Yw==" });
    assert.equal("stringData" in normalize(given), false);
  });

  it("stay whole when they are custom, or when something in them is not known yet", () => {
    const custom: JsonObject = {
      apiVersion: "a.b/v1",
      kind: "C",
      metadata: { name: "c" },
      spec: { list: [], text: "" },
    };
    assert.deepEqual(normalize(custom), custom);
    const early = pod({ args: [], image: unknown });
    assert.deepEqual(normalize(early), early);
  });

  it("come from YAML as Kubernetes reads it", () => {
    const text = [
      "a: 0755",
      "b: on",
      "c: 12:30:45",
      "d: 2001-12-14",
      "e: 1_000",
      'f: "0755"',
      "g: ~",
      "---",
      "# nothing",
      "---",
      "kind: ConfigMapList",
      "items: [{ kind: ConfigMap }]",
    ].join("\n");
    assert.deepEqual(parseManifests(text), [
      { a: 493, b: true, c: "12:30:45", d: "2001-12-14", e: 1000, f: "0755", g: null },
      { kind: "ConfigMap" },
    ]);
  });

  it("have types as the SDK names them", () => {
    for (const [apiVersion, kind, token] of [
      ["v1", "ConfigMap", "kubernetes:core/v1:ConfigMap"],
      ["apps/v1", "Deployment", "kubernetes:apps/v1:Deployment"],
      ["cert-manager.io/v1", "ClusterIssuer", "kubernetes:cert-manager.io/v1:ClusterIssuer"],
    ] as const) {
      assert.equal(typeToken(apiVersion, kind), token);
      assert.deepEqual(kindOfType(token), { apiVersion, kind });
    }
  });
});

describe("changes of an object", () => {
  const object = (spec: JsonObject): JsonObject => ({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "a" },
    spec,
  });
  const between = (live: JsonObject, next: JsonObject, old: JsonObject) =>
    Object.fromEntries(changes(prune(live, old) as JsonObject, next, old, replacingFields(next, immutableData)));

  it("are none for what the API server added, dropped or defaulted", () => {
    const given = object({ paused: false, template: { spec: { containers: [{ name: "a", args: [] }] } } });
    const live = object({
      replicas: 1,
      template: { spec: { dnsPolicy: "x", containers: [{ name: "a", image: "" }] } },
    });
    assert.deepEqual(between(live, given, given), {});
  });

  it("are found where a zero is new", () => {
    const next = object({ automountServiceAccountToken: false });
    assert.deepEqual(between(object({}), next, object({})), {
      "spec.automountServiceAccountToken": { kind: "add", replaces: false },
    });
  });

  it("are named by path, and replace where a field cannot change", () => {
    const old = object({ selector: { matchLabels: { app: "a" } }, replicas: 1, strategy: "x" });
    const next = object({ selector: { matchLabels: { app: "b", "a.b/c": "d" } }, replicas: 2 });
    assert.deepEqual(between(old, next, old), {
      "spec.selector.matchLabels.app": { kind: "update", replaces: true },
      'spec.selector.matchLabels["a.b/c"]': { kind: "add", replaces: true },
      "spec.replicas": { kind: "update", replaces: false },
      "spec.strategy": { kind: "delete", replaces: false },
    });
  });

  it("are seen when others made them", () => {
    const given = object({ replicas: 2 });
    assert.deepEqual(between(object({ replicas: 5 }), given, given), {
      "spec.replicas": { kind: "update", replaces: false },
    });
  });

  it("replace a ConfigMap or Secret unless the provider lets it change", () => {
    const config: JsonObject = { apiVersion: "v1", kind: "ConfigMap" };
    const secretObject: JsonObject = { apiVersion: "v1", kind: "Secret" };
    assert.ok(replacingFields(config, immutableData).includes(".data"));
    assert.ok(!replacingFields(config, { configMaps: true, secrets: false }).includes(".data"));
    assert.ok(replacingFields({ ...config, immutable: true }, { configMaps: true, secrets: true }).includes(".data"));
    assert.ok(!replacingFields(secretObject, { configMaps: false, secrets: true }).includes(".data"));
  });
});

describe("the state of an object", () => {
  it("gives back what it was made of", () => {
    const json = fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.oneof(fc.string(), fc.integer(), fc.boolean()), {
      noNullPrototype: true,
    });
    fc.assert(
      fc.property(json, (spec) => {
        const inputs: JsonObject = { apiVersion: "v1", kind: "Thing", metadata: { name: "a" }, spec };
        const live: JsonObject = { ...inputs, status: { ready: true } };
        const parsed = parseCheckpoint(checkpoint(inputs, live, inputs, "manager"));
        assert.deepEqual(parsed, { inputs, live, fieldManager: "manager", initialApiVersion: "v1" });
      }),
    );
  });

  it("hides what was a secret: fields, whole lists, and all of a Secret", () => {
    const given: JsonObject = { spec: { env: [{ value: secret("x") }, { value: "y" }], plain: "z" } };
    const hidden = hide({ kind: "Pod", spec: { env: [{ value: "x" }, { value: "y" }], plain: "z" } }, given);
    assert.deepEqual(secretPaths(hidden), ["spec.env[0].value", "spec.env[1].value"]);
    const whole = hide({ kind: "Secret", data: { "tls.crt": "x" } }, {});
    assert.ok(isSecret(whole.data));
    assert.deepEqual(secretPaths(whole), ['data["tls.crt"]']);
  });
});

describe("readiness", () => {
  const workload = (kind: string, spec: JsonObject, status: JsonObject): JsonObject => ({
    kind,
    metadata: { name: "a", generation: 2 },
    spec,
    status: { observedGeneration: 2, ...status },
  });
  const done = { replicas: 2, updatedReplicas: 2, availableReplicas: 2, readyReplicas: 2 };

  for (const [what, object, expected] of [
    ["a finished rollout", workload("Deployment", { replicas: 2 }, done), true],
    ["a rollout not seen yet", workload("Deployment", { replicas: 2 }, { ...done, observedGeneration: 1 }), false],
    ["old Pods that are still there", workload("Deployment", { replicas: 2 }, { ...done, replicas: 3 }), false],
    ["no Pods wanted", workload("Deployment", { replicas: 0 }, {}), true],
    ["a StatefulSet with a Pod to come", workload("StatefulSet", { replicas: 2 }, { readyReplicas: 1 }), false],
    [
      "a DaemonSet on all nodes",
      workload("DaemonSet", {}, { desiredNumberScheduled: 1, updatedNumberScheduled: 1, numberAvailable: 1 }),
      true,
    ],
    ["a running Job", workload("Job", {}, {}), false],
    ["a complete Job", workload("Job", {}, { conditions: [{ type: "Complete", status: "True" }] }), true],
    ["a Service with no address", workload("Service", { type: "LoadBalancer" }, {}), false],
    ["a headless Service", workload("Service", { clusterIP: "None", selector: { a: "b" } }, {}), true],
    ["a Service whose Endpoints are not there", workload("Service", { selector: { a: "b" } }, {}), false],
    ["an unbound claim", workload("PersistentVolumeClaim", {}, { phase: "Pending" }), false],
    ["a kind without conditions", workload("ConfigMap", {}, {}), true],
  ] as const) {
    it(`is ${expected} for ${what}`, () => {
      const { ready, reasons } = readiness(object as JsonObject);
      assert.equal(ready, expected);
      assert.equal(reasons.length > 0, !expected);
    });
  }

  it("follows the annotations", () => {
    const annotated = (annotations: JsonObject, status: JsonObject = {}): JsonObject => ({
      kind: "Deployment",
      metadata: { name: "a", generation: 1, annotations },
      status,
    });
    assert.equal(readiness(annotated({ "pulumi.com/skipAwait": "true" })).ready, true);
    const waiting = { "pulumi.com/waitFor": "condition=Ready" };
    assert.equal(readiness(annotated(waiting)).ready, false);
    assert.equal(readiness(annotated(waiting, { conditions: [{ type: "Ready", status: "True" }] })).ready, true);
    assert.throws(() => readiness(annotated({ "pulumi.com/waitFor": "jsonpath={.a}=b" })), /knows "condition=/);
  });

  it("gives up on a failed Job", () => {
    const conditions = [{ type: "Failed", status: "True", reason: "BackoffLimitExceeded", message: "too often" }];
    const state = readiness(workload("Job", {}, { conditions }));
    assert.deepEqual([state.failed, state.reasons], [true, ["the Job failed: BackoffLimitExceeded: too often"]]);
  });

  it("names the container and its reason", () => {
    const status = {
      containerStatuses: [
        { name: "main", state: { waiting: { reason: "ImagePullBackOff", message: "no such image" } } },
      ],
    };
    assert.deepEqual(readiness({ kind: "Pod", metadata: { name: "p" }, status }).reasons, [
      "Pod p: container main: ImagePullBackOff: no such image",
    ]);
  });
});
