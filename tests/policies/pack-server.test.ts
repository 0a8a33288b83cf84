import assert from "node:assert/strict";
import { unknownValues } from "../../policies/kubernetes/field.ts";
import { rules } from "../../policies/rules.ts";
import { container, initContainer, objectAround, podBearing, podSpec } from "./objects.ts";
import { PackServer, type Resource, urnOf } from "./pack-server.ts";

const [, , , deployment] = podBearing;
const [unknown] = unknownValues;

function deploymentOf(containers: unknown, more = {}): Resource {
  return {
    type: "kubernetes:apps/v1:Deployment",
    name: "web",
    props: objectAround(deployment, podSpec({ containers }, more)),
  };
}

describe("the pack as the engine runs it", function () {
  this.timeout(30_000);
  let pack: PackServer;
  before(async () => {
    pack = await PackServer.start({ KEELSON_POLICY_ADVICE: "each" });
  });
  after(() => pack.stop());
  beforeEach(async () => {
    await pack.announceStack({});
    await pack.configure({});
  });

  it("has nothing to say about a complete workload, or about what is not of Kubernetes", async () => {
    assert.deepEqual(await pack.analyze(deploymentOf([container("app")])), []);
    assert.deepEqual(await pack.analyze({ type: "random:index/randomPassword:RandomPassword", name: "web" }), []);
  });

  it("reports object, container, field and remedy of a violation", async () => {
    const [violation, ...more] = await pack.analyze(
      deploymentOf([container("app"), container("helper", { livenessProbe: undefined })]),
    );
    assert.equal(more.length, 0);
    assert.equal(violation?.rule, "liveness-probe-set");
    assert.equal(violation.level, "mandatory");
    assert.match(
      violation.message,
      /Deployment shop\/web, container helper: spec\.template\.spec\.containers\[1\]\.livenessProbe/,
    );
    assert.match(violation.message, /Remedy:\n {2}livenessProbe:\n/);
  });

  it("judges every container although another one has a value that is not known yet", async () => {
    const found = await pack.analyze(
      deploymentOf([
        container("a", { resources: unknown }),
        container("b", { livenessProbe: undefined }),
        unknown,
        container("d", { livenessProbe: { exec: unknown } }),
      ]),
    );
    const told = found
      .filter(({ rule }) => /requests|limits-set|probe-set/.test(rule))
      .map(({ rule, level, message }) => `${rule} ${level} ${/container (\S+):/.exec(message)?.[1]}`);
    assert.deepEqual(
      told.sort(),
      [
        ...rules
          .filter(({ id }) => /^(cpu|memory)-(requests|limits)-set$|^requests-explicit$/.test(id))
          .flatMap(({ id }) => [`${id} advisory #3`, `${id} advisory a`]),
        "liveness-probe-set advisory #3",
        "liveness-probe-set mandatory b",
        "liveness-probe-set advisory d",
      ].sort(),
    );
    for (const { level, message } of found) {
      assert.equal(/\nCannot tell yet\. Deployment .* is not known yet\./.test(message), level === "advisory");
    }
  });

  it("takes the levels from the environment in the stack's configuration, and is strict without", async () => {
    const strict = await pack.levels();
    assert.deepEqual(strict, Object.fromEntries(rules.map((rule) => [rule.id, rule.levels.prod])));
    await pack.announceStack({ "keelson:environment": "dev", "keelson:system": "codelab" });
    assert.deepEqual(await pack.levels(), Object.fromEntries(rules.map((rule) => [rule.id, rule.levels.dev])));
    assert.notDeepEqual(await pack.levels(), strict);
    const [violation] = await pack.analyze(deploymentOf([container("app", { livenessProbe: undefined })]));
    assert.equal(violation?.level, "advisory");
  });

  it("refuses an environment that does not exist", async () => {
    await assert.rejects(
      pack.announceStack({ "keelson:environment": "prd" }),
      /"prd"; it must be one of dev, staging, prod\./,
    );
  });

  it("applies configured levels and options", async () => {
    await pack.configure({
      "liveness-probe-set": { level: "disabled" },
      "cpu-limits-set": { level: "advisory", options: { mode: "forbid" } },
    });
    const found = await pack.analyze(deploymentOf([container("app", { livenessProbe: undefined })]));
    assert.deepEqual(
      found.map(({ rule, level }) => [rule, level]),
      [["cpu-limits-set", "advisory"]],
    );
    assert.match(
      found[0]?.message ?? "",
      /limits\.cpu is set, and CPU limits are forbidden here\.\nRemedy:\n {2}Remove/,
    );
  });

  it("refuses a rule or an option that does not exist, all of them at once", async () => {
    await assert.rejects(
      pack.configure({ "readyness-probe-set": {}, "cpu-limits-set": { options: { modus: "forbid" } }, all: {} }),
      (error: Error) => {
        assert.match(error.message, /There is no rule "readyness-probe-set"\. Did you mean "readiness-probe-set"\?/);
        assert.match(error.message, /Rule "cpu-limits-set" has no option "modus"\. Did you mean "mode"\?/);
        assert.doesNotMatch(error.message, /\bat\b.*\.ts/);
        return true;
      },
    );
  });

  it("finds a chart that rendered nothing, and judges the children of one that did", async () => {
    const chart: Resource = { type: "kubernetes:helm.sh/v4:Chart", name: "redis" };
    const child = {
      ...deploymentOf([container("app")], { initContainers: [initContainer("init")] }),
      parent: urnOf(chart),
    };
    const rendered = async (...resources: Resource[]) =>
      (await pack.analyzeStack(resources)).filter(({ rule }) => rule === "chart-rendered");
    assert.deepEqual(await rendered(chart, child), []);
    const [violation, ...more] = await rendered(chart, { ...child, parent: "" });
    assert.equal(more.length, 0);
    assert.equal(violation?.rule, "chart-rendered");
    assert.equal(violation.urn, urnOf(chart));
    assert.match(violation.message, /Chart redis: rendered no objects/);
  });

  it("judges the whole stack, and tells what a waiver allows as advice", async () => {
    const service = {
      type: "kubernetes:core/v1:Service",
      name: "web",
      props: { metadata: { name: "web", namespace: "shop" }, spec: { selector: { app: "nobody" } } },
    };
    const dangling = async () =>
      (await pack.analyzeStack([service])).filter(({ rule }) => /^service-selects|^waiver/.test(rule));
    const [violation] = await dangling();
    assert.equal(violation?.level, "mandatory");
    assert.equal(violation.urn, urnOf(service));
    const waiver = {
      rule: "service-selects-workload",
      object: "Service shop/web",
      reason: "Its pods come by hand",
      owner: "team-shop",
      expires: "2999-12-31",
    };
    await pack.configure({ "waiver-valid": { options: { waivers: [waiver] } } });
    const [waived, ...more] = await dangling();
    assert.deepEqual([waived?.level, more], ["advisory", []]);
    assert.match(waived?.message ?? "", /Waived until 2999-12-31 by team-shop: Its pods come by hand/);
    await pack.configure({ "waiver-valid": { options: { waivers: [{ ...waiver, object: "Service shop/other" }] } } });
    assert.deepEqual(
      (await dangling()).map(({ rule }) => rule),
      ["service-selects-workload", "waiver-valid"],
    );
    await assert.rejects(
      pack.configure({ "waiver-valid": { options: { waivers: [{ ...waiver, reason: "" }] } } }),
      /waivers\[0\]\.reason must be a text/,
    );
  });

  it("writes no value of an object into a message", async () => {
    const found = await pack.analyze(
      deploymentOf([container("app", { resources: { limits: { cpu: "hunter2", memory: "hunter2" } } })]),
    );
    assert.ok(found.length >= 4);
    assert.doesNotMatch(JSON.stringify(found), /hunter2/);
  });
});

describe("the pack's environment variable", function () {
  this.timeout(30_000);

  it("sets the levels where no stack is announced", async () => {
    const pack = await PackServer.start({ KEELSON_ENVIRONMENT: "dev" });
    try {
      assert.equal((await pack.levels())["liveness-probe-set"], "advisory");
      await pack.announceStack({ "keelson:environment": "prod" });
      assert.equal((await pack.levels())["liveness-probe-set"], "mandatory");
    } finally {
      await pack.stop();
    }
  });

  it("ends the pack with one line if it is wrong", async () => {
    await assert.rejects(
      PackServer.start({ KEELSON_ENVIRONMENT: "prd" }),
      (error: Error) =>
        error.message.trim() ===
        'the environment variable KEELSON_ENVIRONMENT is "prd"; it must be one of dev, staging, prod.',
    );
  });
});
