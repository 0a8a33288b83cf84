import assert from "node:assert/strict";
import fc from "fast-check";
import { unknownValues } from "../../policies/kubernetes/field.ts";
import type { Finding } from "../../policies/rule.ts";
import { rules as allRules } from "../../policies/rules.ts";
import {
  changed,
  container,
  findingsInResource,
  initContainer,
  type Json,
  objectAround,
  pathsIn,
  podBearing,
} from "./objects.ts";

/** The rules about what each container must have, whose interplay is looked at here; all others have their cases. */
const rules = allRules.filter(({ id }) =>
  /^(cpu|memory)-(requests|limits)-set$|^requests-explicit$|^(readiness|liveness)-probe-set$/.test(id),
);

const limits = ["cpu-limits-set", "memory-limits-set"];
const requests = ["cpu-requests-set", "memory-requests-set"];
const probes = ["readiness-probe-set", "liveness-probe-set"];

/** One change to a container on which all rules hold, and the rules that it breaks; probes only where it runs for long. */
const changes: { path: string[]; value?: unknown; breaks: string[]; onlyLongRunning?: boolean }[] = [
  { path: ["resources"], breaks: [...limits, ...requests] },
  { path: ["resources"], value: null, breaks: [...limits, ...requests] },
  { path: ["resources"], value: {}, breaks: [...limits, ...requests] },
  { path: ["resources", "limits"], breaks: limits },
  { path: ["resources", "requests"], breaks: ["requests-explicit"] },
  ...["cpu", "memory"].flatMap((resource) => [
    { path: ["resources", "limits", resource], breaks: [`${resource}-limits-set`] },
    { path: ["resources", "limits", resource], value: "0", breaks: [`${resource}-limits-set`] },
    { path: ["resources", "limits", resource], value: 0, breaks: [`${resource}-limits-set`] },
    { path: ["resources", "limits", resource], value: "-1", breaks: [`${resource}-limits-set`] },
    { path: ["resources", "limits", resource], value: "1 Gi", breaks: [`${resource}-limits-set`] },
    { path: ["resources", "limits", resource], value: "2", breaks: [] },
    { path: ["resources", "limits", resource], value: 0.5, breaks: [] },
    { path: ["resources", "requests", resource], breaks: ["requests-explicit"] },
    { path: ["resources", "requests", resource], value: "0", breaks: [`${resource}-requests-set`] },
    { path: ["resources", "requests", resource], value: "lots", breaks: [`${resource}-requests-set`] },
    { path: ["resources", "requests", resource], value: "1e-3", breaks: [] },
  ]),
  ...["readiness", "liveness"].flatMap((probe) => [
    { path: [`${probe}Probe`], breaks: [`${probe}-probe-set`], onlyLongRunning: true },
    { path: [`${probe}Probe`], value: null, breaks: [`${probe}-probe-set`], onlyLongRunning: true },
    { path: [`${probe}Probe`], value: { periodSeconds: 5 }, breaks: [`${probe}-probe-set`], onlyLongRunning: true },
    ...[{ exec: { command: ["true"] } }, { tcpSocket: { port: "http" } }, { grpc: { port: 9000 } }].map((value) => ({
      path: [`${probe}Probe`],
      value,
      breaks: [],
    })),
  ]),
  { path: ["image"], value: "other", breaks: [] },
  { path: ["name"], breaks: [] },
];

const [, , , deployment] = podBearing;

type Position = "container" | "init" | "sidecar";

/** A workload of any pod-bearing kind, of any Pulumi type for it, with the place of one of its containers. */
const workloads = fc
  .record({
    kind: fc.constantFrom(...podBearing),
    form: fc.constantFrom("plain", "Patch", "List"),
    containers: fc.integer({ min: 1, max: 3 }),
    inits: fc.array(fc.constantFrom<Position>("init", "sidecar"), { maxLength: 3 }),
    chosen: fc.nat(),
  })
  .map(({ kind, form, containers, inits, chosen }) => {
    const podSpec: Json = {
      containers: Array.from({ length: containers }, (_, index) => container(`app-${index}`)),
      initContainers: inits.map((position, index) =>
        position === "init" ? initContainer(`init-${index}`) : container(`init-${index}`, { restartPolicy: "Always" }),
      ),
    };
    const positions: { path: string[]; name: string; longRunning: boolean }[] = [
      ...Array.from({ length: containers }, (_, index) => ({
        path: ["containers", `${index}`],
        name: `app-${index}`,
        longRunning: kind.longRunning,
      })),
      ...inits.map((position, index) => ({
        path: ["initContainers", `${index}`],
        name: `init-${index}`,
        longRunning: kind.longRunning && position === "sidecar",
      })),
    ];
    const place = positions[chosen % positions.length];
    assert.ok(place);
    // Pulumi has neither patches nor lists of custom resources, and calls the core group by its name.
    const suffix = kind.kind === "Rollout" || form === "plain" ? "" : form;
    const group = kind.apiVersion === "v1" ? "core/v1" : kind.apiVersion;
    const object = objectAround(kind, podSpec);
    const prefix = suffix === "List" ? ["items", "1"] : [];
    return {
      type: `kubernetes:${group}:${kind.kind}${suffix}`,
      props: suffix === "List" ? { items: [structuredClone(object), object] } : object,
      podSpec: [...prefix, ...kind.path],
      container: [...prefix, ...kind.path, ...place.path],
      place,
      kind: kind.kind,
    };
  });

function findAll(type: string, props: Json): (Finding & { rule: string })[] {
  return rules.flatMap((rule) =>
    findingsInResource(rule, type, props).map((finding) => ({ ...finding, rule: rule.id })),
  );
}

/** A path as findings write it: `spec.containers[0].name`. */
function written(path: readonly string[]): string {
  return path.reduce((text, key) => (/^\d+$/.test(key) ? `${text}[${key}]` : `${text}${text && "."}${key}`), "");
}

describe("rules about containers", () => {
  it("hold on a complete workload of every kind, and break exactly where something is taken away", () => {
    fc.assert(
      fc.property(workloads, fc.constantFrom(...changes), ({ type, props, container, place, kind }, change) => {
        assert.deepEqual(findAll(type, props), []);
        const found = findAll(type, changed(props, [...container, ...change.path], change.value));
        const expected = change.onlyLongRunning && !place.longRunning ? [] : change.breaks;
        assert.deepEqual([...new Set(found.map(({ rule }) => rule))].sort(), [...expected].sort());
        for (const finding of found) {
          assert.equal(finding.verdict, "broken");
          assert.equal(finding.container, place.name);
          assert.equal(finding.object.kind, kind);
          assert.ok(finding.path.startsWith(`${written(container)}.`), finding.path);
        }
      }),
      { numRuns: 1500 },
    );
  });

  it("accept what the pod sets for all its containers", () => {
    const ofPod = { requests: { cpu: "1", memory: "1Gi" }, limits: { cpu: "2", memory: "2Gi" } };
    fc.assert(
      fc.property(workloads, ({ type, props, container, podSpec }) => {
        const bare = changed(props, [...container, "resources"]);
        assert.deepEqual(findAll(type, changed(bare, [...podSpec, "resources"], ofPod)), []);
        const limitsOnly = findAll(type, changed(bare, [...podSpec, "resources"], { limits: ofPod.limits }));
        assert.deepEqual([...new Set(limitsOnly.map(({ rule }) => rule))], ["requests-explicit"]);
      }),
    );
  });

  it("want no probes of a pod that runs to completion", () => {
    for (const kind of podBearing.filter(({ kind }) => kind === "Pod" || kind === "PodTemplate")) {
      for (const [restartPolicy, wanted] of Object.entries({ Never: [], OnFailure: [], Always: probes })) {
        const props = objectAround(kind, { restartPolicy, containers: [initContainer("app")] });
        const found = findAll(`kubernetes:core/v1:${kind.kind}`, props).map(({ rule }) => rule);
        assert.deepEqual(found, wanted, `${kind.kind} ${restartPolicy}`);
      }
    }
  });

  it("want no probes of an init container that ends, whatever its restartPolicy", () => {
    for (const [restartPolicy, wanted] of Object.entries({ Never: [], OnFailure: [], Always: probes })) {
      const props = objectAround(deployment, {
        containers: [container("app")],
        initContainers: [initContainer("init", { restartPolicy })],
      });
      const found = findAll("kubernetes:apps/v1:Deployment", props).map(({ rule }) => rule);
      assert.deepEqual(found, wanted, restartPolicy);
    }
  });

  it("tell every wrong field of a container, and a value that is not known yet once", () => {
    const told = (resources: unknown) =>
      findAll(
        "kubernetes:apps/v1:Deployment",
        objectAround(deployment, { containers: [container("app", { resources })] }),
      )
        .filter(({ rule }) => rule === "requests-explicit")
        .map(({ path }) => path);
    const field = "spec.template.spec.containers[0].resources";
    assert.deepEqual(told({ limits: { cpu: 1, memory: 1 } }), [`${field}.requests.cpu`, `${field}.requests.memory`]);
    assert.deepEqual(told([...unknownValues][0]), [field]);
  });

  it("never take a value that is not known yet for one that is right, or lose another container for it", () => {
    const cases = workloads.chain((workload) => {
      const broken = fc.constantFrom(...changes.filter(({ breaks }) => breaks.length > 0)).map(({ path, value }) => ({
        ...workload,
        props: changed(workload.props, [...workload.container, ...path], value),
      }));
      return broken.chain((broken) =>
        fc.record({
          broken: fc.constant(broken),
          path: fc.constantFrom(...pathsIn(broken.props)),
          mark: fc.constantFrom(...unknownValues),
        }),
      );
    });
    fc.assert(
      fc.property(cases, ({ broken: { type, props }, path, mark }) => {
        const after = findAll(type, changed(props, path, mark));
        for (const before of findAll(type, props)) {
          const same = after.filter(({ rule }) => rule === before.rule);
          assert.ok(
            same.some(({ verdict, path }) => verdict === "broken" && path === before.path) ||
              same.some((finding) => finding.verdict === "cannot tell" && finding.path === written(path)),
            `${before.rule} at ${before.path} with ${written(path)} unknown: ${JSON.stringify(same.map((f) => [f.verdict, f.path]))}`,
          );
        }
      }),
      { numRuns: 3000 },
    );
  });

  it("never take a value that is not known yet for a wrong one", () => {
    const cases = workloads.chain((workload) =>
      fc.record({ workload: fc.constant(workload), path: fc.constantFrom(...pathsIn(workload.props)) }),
    );
    fc.assert(
      fc.property(cases, fc.constantFrom(...unknownValues), ({ workload: { type, props }, path }, mark) => {
        const after = findAll(type, changed(props, path, mark));
        assert.deepEqual(
          after.filter(({ verdict }) => verdict !== "cannot tell"),
          [],
        );
      }),
      { numRuns: 1500 },
    );
  });

  it("say nothing about what makes no pods", () => {
    for (const type of ["kubernetes:core/v1:Service", "kubernetes:example.com/v1:Deployment", "aws:s3/bucket:Bucket"]) {
      assert.deepEqual(findAll(type, { spec: { template: { spec: { containers: [{}] } } } }), []);
    }
  });
});
