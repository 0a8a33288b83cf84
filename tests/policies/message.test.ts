import assert from "node:assert/strict";
import { Field } from "../../policies/kubernetes/field.ts";
import { describe as describeFinding, describeTogether, readMessage } from "../../policies/message.ts";
import type { Finding } from "../../policies/rule.ts";
import { rules } from "../../policies/rules.ts";
import type { Waiver } from "../../policies/waivers.ts";

const [rule] = rules.filter(({ severity }) => severity === "high");
assert.ok(rule);
const finding = (name: string, more: Partial<Finding> = {}): Finding => ({
  verdict: "broken",
  object: { apiVersion: "apps/v1", kind: "Deployment", namespace: "shop", name, body: Field.root({}) },
  container: "app",
  path: "spec.replicas",
  problem: "is not set",
  ...more,
});
const waiver: Waiver = {
  rule: rule.id,
  object: "*",
  reason: "because: it is so",
  owner: "team",
  expires: "2027-03-31",
};
const place = {
  title: rule.title,
  object: "Deployment shop/one",
  container: "app",
  problem: "spec.replicas is not set",
};
const read = (text: string) => readMessage(`${rule.title}\n${text}\n`);

describe("the message of a policy event", () => {
  it("is read as it was written: broken, waived, not to be told yet", () => {
    assert.deepEqual(read(describeFinding(rule, finding("one"))), [
      { ...place, verdict: "broken", remedy: rule.remedy },
    ]);
    assert.deepEqual(read(describeFinding(rule, finding("one"), waiver)), [
      { ...place, verdict: "waived", waiver: { expires: "2027-03-31", owner: "team", reason: "because: it is so" } },
    ]);
    assert.deepEqual(read(describeFinding(rule, finding("one", { verdict: "cannot tell" }))), [
      { ...place, verdict: "cannot tell" },
    ]);
  });

  it("is read place by place where a rule's advice is told together", () => {
    const judgements = ["one", "two", "three", "four", "five"].map((name) => ({
      rule,
      level: "advisory" as const,
      finding: finding(name),
    }));
    const [first, ...more] = judgements;
    assert.ok(first);
    const told = read(describeTogether([first, ...more]));
    assert.deepEqual(
      told.map(({ object, problem }) => `${object} ${problem}`.trim()),
      ["one", "two", "three"].map((name) => `Deployment shop/${name} spec.replicas is not set`).concat("2 more places"),
    );
    assert.ok(told.every(({ remedy }) => remedy === rule.remedy));
  });

  it("is read with a waiver as the object, and with a reason of several lines", () => {
    const object = "Waiver of a for Deployment b/c (owner: d)";
    assert.deepEqual(readMessage(`T\n${object}: expires has passed.\nRemedy:\n  x`), [
      { title: "T", verdict: "broken", object, problem: "expires has passed", remedy: "x" },
    ]);
    const lines = describeFinding(rule, finding("one"), { ...waiver, reason: "first\nsecond" });
    assert.equal(read(lines)[0].waiver?.reason, "first\nsecond");
  });

  it("is one problem where another pack wrote it", () => {
    assert.deepEqual(readMessage("Title\nsome words\nand more"), [
      { title: "Title", verdict: "broken", object: "", problem: "some words\nand more" },
    ]);
  });
});
