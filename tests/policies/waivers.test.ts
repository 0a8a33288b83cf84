import assert from "node:assert/strict";
import { chartNeeds } from "../../policies/chart-needs.ts";
import { rules } from "../../policies/rules.ts";
import { Session } from "../../policies/session.ts";
import { readWaivers, type Waiver } from "../../policies/waivers.ts";
import { type Json, objectsOf } from "./objects.ts";

const waiver: Waiver = {
  rule: "no-nodeport",
  object: "Service shop/*",
  reason: "The old load balancer wants it",
  owner: "team-shop",
  expires: "2027-01-31",
};
const nodePort: Json = {
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "web", namespace: "shop" },
  spec: { type: "NodePort" },
};

function judge(objects: readonly Json[], given: Partial<ConstructorParameters<typeof Session>[0]>): string[] {
  const session = new Session({
    rules: rules.filter(({ id }) => ["no-nodeport", "waiver-valid"].includes(id)),
    levelOf: () => "mandatory",
    today: new Date("2026-12-01T12:00:00Z"),
    ...given,
  });
  return session
    .judgeAll(objects.flatMap(objectsOf))
    .map(({ rule, finding, waiver }) => `${rule.id} ${finding.verdict}${waiver ? " waived" : ""}`);
}

describe("waivers", () => {
  it("allow what they name, and are told", () => {
    assert.deepEqual(judge([nodePort], {}), ["no-nodeport broken"]);
    assert.deepEqual(judge([nodePort], { waivers: [waiver] }), ["no-nodeport broken waived"]);
    assert.deepEqual(judge([nodePort], { standing: [waiver] }), ["no-nodeport broken waived"]);
  });

  it("allow nothing else", () => {
    for (const other of [
      { object: "Service shop" },
      { object: "Service other/*" },
      { rule: "no-external-ips" },
      { container: "web" },
    ])
      assert.ok(judge([nodePort], { waivers: [{ ...waiver, ...other }] }).includes("no-nodeport broken"));
  });

  it("are broken themselves once they have expired, are not used, but not where their rule is off", () => {
    const unused = [{ ...nodePort, spec: {} }];
    assert.deepEqual(judge(unused, { waivers: [waiver] }), ["waiver-valid broken"]);
    assert.deepEqual(judge(unused, { standing: [waiver] }), []);
    const expired = { today: new Date("2027-02-01T00:00:00Z"), waivers: [waiver] };
    assert.deepEqual(judge([nodePort], expired), ["no-nodeport broken", "waiver-valid broken"]);
    assert.deepEqual(judge([nodePort], { today: new Date("2027-01-31T23:59:59Z"), waivers: [waiver] }), [
      "no-nodeport broken waived",
    ]);
    const levelOf = ({ id }: { id: string }) => (id === "no-nodeport" ? "disabled" : "mandatory");
    assert.deepEqual(judge([nodePort], { waivers: [waiver], levelOf }), []);
  });

  it("must be whole and name a rule that exists", () => {
    const { errors } = readWaivers(
      [
        waiver,
        { ...waiver, rule: "no-nodeports" },
        { ...waiver, expires: "2027-02-30" },
        { rule: "no-nodeport", why: "" },
        5,
      ],
      rules,
    );
    assert.deepEqual(errors, [
      'waivers[1].rule: there is no rule "no-nodeports". Did you mean "no-nodeport"?',
      "waivers[2].expires must be a day like 2027-03-31.",
      'waivers[3] has no key "why"; its keys are rule, object, reason, owner, expires, container.',
      "waivers[3].object must be a text.",
      "waivers[3].reason must be a text.",
      "waivers[3].owner must be a text.",
      "waivers[3].expires must be a text.",
      "waivers[4] must be a map with rule, object, reason, owner, expires.",
    ]);
    assert.deepEqual(readWaivers("all", rules).errors, ["waivers must be a list."]);
    assert.deepEqual(readWaivers(chartNeeds, rules).errors, []);
  });
});

describe("rule-unevaluated", () => {
  it("counts the mandatory rules that could not tell", () => {
    const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
    const session = (level: "advisory" | "mandatory") =>
      new Session({
        rules: rules.filter(({ id }) => ["no-nodeport", "no-external-ips", "rule-unevaluated"].includes(id)),
        levelOf: () => level,
      });
    const found = (level: "advisory" | "mandatory") =>
      session(level)
        .judgeAll(objectsOf({ ...nodePort, spec: unknown }))
        .filter(({ rule }) => rule.id === "rule-unevaluated")
        .map(({ finding }) => finding.problem);
    assert.deepEqual(found("mandatory"), [
      "keeps no-nodeport from being judged",
      "keeps no-external-ips from being judged",
    ]);
    assert.deepEqual(found("advisory"), []);
  });
});
