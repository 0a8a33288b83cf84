import assert from "node:assert/strict";
import fc from "fast-check";
import { parseManifests } from "../../sandbox/standins/kubernetes/helm.ts";
import {
  kindOfType,
  refuseForeign,
  replacingFields,
  settled,
  typeToken,
} from "../../sandbox/standins/kubernetes/objects.ts";
import { secretPaths } from "../../sandbox/standins/kubernetes/offline.ts";
import { hasFailed, missingOf } from "../../sandbox/standins/kubernetes/readiness.ts";
import { readSettings } from "../../sandbox/standins/kubernetes/settings.ts";
import { checkpoint, hide, parseCheckpoint, refreshed } from "../../sandbox/standins/kubernetes/state.ts";
import { isSecret, type JsonObject, secret, unknown } from "../../sandbox/standins/values.ts";

describe("objects of Kubernetes' own kinds", () => {
  const pod = (container: JsonObject, spec: JsonObject = {}): JsonObject => ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "pod" },
    spec: { containers: [{ name: "main", ...container }], ...spec },
  });

  it("lose what the API server drops, and keep what means something", () => {
    const kept = { env: [{ name: "EMPTY", value: "" }], securityContext: { privileged: false, runAsUser: 0 } };
    const spec = { automountServiceAccountToken: false, volumes: [{ name: "a", emptyDir: {} }] };
    const given = pod({ ...kept, args: [], resources: null }, { ...spec, hostNetwork: false });
    assert.deepEqual(settled(given), pod(kept, spec));
  });

  it("have a Secret's texts encoded, over data of the same key", () => {
    const given: JsonObject = {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "a" },
      data: { kept: "YQ==", replaced: "Yg==" },
      stringData: { replaced: "c" },
    };
    assert.deepEqual(settled(given).data, { kept: "YQ==", replaced: "Yw==" });
    assert.equal("stringData" in settled(given), false);
  });

  it("stay whole when they are custom, or when something in them is not known yet", () => {
    const custom: JsonObject = {
      apiVersion: "a.b/v1",
      kind: "C",
      metadata: { name: "c" },
      spec: { list: [], no: null },
    };
    const early = { apiVersion: "v1", kind: "Secret", stringData: unknown };
    for (const object of [custom, early]) assert.deepEqual(settled(object), object);
  });

  it("are refused where the official provider would do what the stand-in cannot", () => {
    const annotated = (annotations: JsonObject) => ({ kind: "Pod", metadata: { name: "a", annotations } });
    assert.doesNotThrow(() => refuseForeign(annotated({ "pulumi.com/skipAwait": "true", "other/key": "x" }), "pod"));
    assert.throws(() => refuseForeign({ kind: "Pod", metadata: {} }, "pod"), /Give Pod "pod" a fixed name/);
    for (const key of ["pulumi.com/waitFor", "config.kubernetes.io/depends-on"]) {
      assert.throws(() => refuseForeign(annotated({ [key]: "x" }), "pod"), new RegExp(`does not have ${key}`));
    }
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
  const fieldsOf = (object: JsonObject, given: Record<string, string> = {}) =>
    replacingFields(object, readSettings(new Map(Object.entries(given)), {}));

  it("replace it where a field cannot change", () => {
    assert.ok(fieldsOf({ kind: "Deployment" }).includes("spec.selector"));
    assert.ok(!fieldsOf({ kind: "Deployment" }).includes("spec.replicas"));
  });

  it("replace a ConfigMap or Secret unless the provider lets it change", () => {
    const mutable = { enableConfigMapMutable: "true" };
    assert.ok(fieldsOf({ kind: "ConfigMap" }).includes("data"));
    assert.ok(!fieldsOf({ kind: "ConfigMap" }, mutable).includes("data"));
    assert.ok(fieldsOf({ kind: "ConfigMap", immutable: true }, mutable).includes("data"));
    assert.ok(fieldsOf({ kind: "Secret" }, mutable).includes("data"));
  });

  it("are found by a refresh where others made them, and nowhere else", () => {
    const given = { cpu: "1000m", args: [], kept: "a", gone: "b", env: [{ value: "", name: "E" }, { name: "F" }] };
    const applied = { cpu: "1", kept: "a", gone: "b", env: [{ name: "E" }, { name: "F" }], dnsPolicy: "x" };
    assert.deepEqual(refreshed(given, applied, { ...applied, dnsPolicy: "y" }), given);
    const { gone, ...live } = { ...applied, kept: "c", env: [{ name: "E" }, { name: "G" }] };
    const { gone: _, ...rest } = given;
    assert.deepEqual(refreshed(given, applied, live), {
      ...rest,
      kept: "c",
      env: [{ value: "", name: "E" }, { name: "G" }],
    });
    assert.deepEqual(refreshed([1, 2], [1, 2], [1]), [1]);
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
        const origin = { fieldManager: "manager", initialApiVersion: "v1" };
        assert.deepEqual(parseCheckpoint(checkpoint(inputs, live, inputs, origin)), { live, origin });
      }),
    );
  });

  it("hides what was a secret: fields, whole lists, and all of a Secret", () => {
    const given: JsonObject = { spec: { env: [{ value: secret("x") }, { value: "y" }], plain: "z" } };
    const hidden = hide({ kind: "Pod", spec: { env: [{ value: "x" }, { value: "y" }], plain: "z" } }, given);
    assert.deepEqual(secretPaths(hidden), [
      ["spec", "env", "0", "value"],
      ["spec", "env", "1", "value"],
    ]);
    const whole = hide({ kind: "Secret", data: { "tls.crt": "x" } }, {});
    assert.ok(isSecret(whole.data));
    assert.deepEqual(secretPaths(whole), [["data", "tls.crt"]]);
  });
});

describe("readiness", () => {
  const workload = (kind: string, spec: JsonObject, status: JsonObject): JsonObject => ({
    kind,
    metadata: { name: "a", generation: 2 },
    spec,
    status: { observedGeneration: 2, ...status },
  });
  const done = { replicas: 2, updatedReplicas: 2, availableReplicas: 2 };

  for (const [what, object, expected] of [
    ["a finished rollout", workload("Deployment", { replicas: 2 }, done), true],
    ["a rollout not seen yet", workload("Deployment", { replicas: 2 }, { ...done, observedGeneration: 1 }), false],
    ["old Pods that are still there", workload("Deployment", { replicas: 2 }, { ...done, replicas: 3 }), false],
    ["no Pods wanted", workload("Deployment", { replicas: 0 }, {}), true],
    [
      "a StatefulSet with a Pod to come",
      workload("StatefulSet", { replicas: 2 }, { updatedReplicas: 2, availableReplicas: 1 }),
      false,
    ],
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
      assert.equal(missingOf(object as JsonObject).length === 0, expected);
    });
  }

  it("is not waited for where an annotation says so", () => {
    const metadata = { name: "a", annotations: { "pulumi.com/skipAwait": "true" } };
    assert.deepEqual(missingOf({ kind: "Deployment", metadata }), []);
  });

  it("gives up on a failed Job", () => {
    const conditions = [{ type: "Failed", status: "True", reason: "BackoffLimitExceeded", message: "too often" }];
    const job = workload("Job", {}, { conditions });
    assert.ok(hasFailed(job));
    assert.deepEqual(missingOf(job), ["the Job failed: BackoffLimitExceeded: too often"]);
  });

  it("names the container and its reason", () => {
    const status = {
      containerStatuses: [
        { name: "main", state: { waiting: { reason: "ImagePullBackOff", message: "no such image" } } },
      ],
    };
    assert.deepEqual(missingOf({ kind: "Pod", metadata: { name: "p" }, status }), [
      "Pod p: container main: ImagePullBackOff: no such image",
    ]);
  });
});
