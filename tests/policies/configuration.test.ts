import assert from "node:assert/strict";
import { configurationErrors } from "../../policies/configuration.ts";
import { environmentOf } from "../../policies/environment.ts";
import { rules } from "../../policies/rules.ts";

describe("configurationErrors", () => {
  it("accepts every rule with its own options, and all", () => {
    const everything = rules.map((rule) => [rule.id, rule.options ?? {}] as const);
    assert.deepEqual(configurationErrors(rules, [["all", {}], ...everything]), []);
  });

  it("names every rule and option that does not exist, with the nearest one that does", () => {
    assert.deepEqual(
      configurationErrors(rules, [
        ["livenes-probe-set", {}],
        ["something-else-altogether", {}],
        ["cpu-limits-set", { mod: "require", mode: "require" }],
        ["memory-limits-set", { enforcementlevel: "advisory" }],
        ["all", { mode: "require" }],
      ]),
      [
        'There is no rule "livenes-probe-set". Did you mean "liveness-probe-set"?',
        'There is no rule "something-else-altogether".',
        'Rule "cpu-limits-set" has no option "mod". Did you mean "mode"?',
        'Rule "memory-limits-set" has no option "enforcementlevel". Did you mean "enforcementLevel"?',
        '"all" has no option "mode": it sets the level of every rule.',
      ],
    );
  });
});

describe("environmentOf", () => {
  it("believes the stack before the environment variable, and is strict if neither says anything", () => {
    assert.equal(environmentOf("dev", "staging"), "dev");
    assert.equal(environmentOf(undefined, "staging"), "staging");
    assert.equal(environmentOf(undefined, undefined), "prod");
    assert.equal(environmentOf("", ""), "prod");
  });

  it("refuses what is no environment", () => {
    assert.throws(
      () => environmentOf("production", "dev"),
      /^Error: keelson:environment in .* is "production"; it must be/,
    );
    assert.throws(() => environmentOf(undefined, "Dev"), /KEELSON_ENVIRONMENT is "Dev"/);
  });
});
