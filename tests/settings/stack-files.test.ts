import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { parse } from "yaml";
import { resolve } from "../../settings/resolve.ts";
import { stackFileSchema } from "../../settings/stack-file.ts";
import { systems } from "../../systems/index.ts";

const sandbox = { kubeconfig: "/k", context: "c", server: "https://127.0.0.1:6443", charts: "/charts" };
const files = readdirSync(".").filter((file) => /^Pulumi\..+\.yaml$/.test(file));
const validate = new Ajv({ strict: false, validateFormats: false }).compile(stackFileSchema());

/** A stack file's configuration as the engine hands it over. */
function configuration(file: string): Record<string, string> {
  const { config } = parse(readFileSync(file, "utf8")) as { config: Record<string, unknown> };
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]),
  );
}

describe("stack files", () => {
  it("are there for dev, staging and prod", () => {
    for (const stack of ["dev", "staging", "prod"]) assert.ok(files.includes(`Pulumi.${stack}.yaml`));
  });
  for (const file of files) {
    it(`${file} fits the JSON Schema that editors use`, () => {
      assert.ok(validate(parse(readFileSync(file, "utf8"))), JSON.stringify(validate.errors));
    });
    it(`${file} resolves`, () => {
      const stack = file.split(".")[1] ?? "";
      assert.ok(resolve({ config: configuration(file), stack, systems, sandbox }).platform.services);
    });
  }
});

describe("the JSON Schema", () => {
  it("is the one that is kept in the repository (npm run generate)", () => {
    assert.deepEqual(
      JSON.parse(readFileSync("settings/stack.schema.json", "utf8")),
      JSON.parse(JSON.stringify(stackFileSchema())),
    );
  });
  const config = { "keelson:system": "codelab", "keelson:environment": "dev" };
  it("refuses an unknown key of ours and lets others' keys be", () => {
    assert.ok(!validate({ config: { ...config, "keelson:domian": "x" } }));
    assert.ok(validate({ config: { ...config, "kubernetes:namespace": "x" } }));
  });
  it("wants secrets encrypted", () => {
    assert.ok(!validate({ config: { ...config, "keelson:secrets": { "openai-api-key": "plain" } } }));
    assert.ok(validate({ config: { ...config, "keelson:secrets": { "openai-api-key": { secure: "AAAB" } } } }));
  });
  it("knows the fields of services", () => {
    assert.ok(!validate({ config: { ...config, "keelson:services": { gateway: { replica: 2 } } } }));
    assert.ok(validate({ config: { ...config, "keelson:services": { gateway: { replicas: 2 } } } }));
  });
});
