import assert from "node:assert/strict";
import { SettingsError } from "../../settings/read.ts";
import { resolve } from "../../settings/resolve.ts";
import { systems } from "../../systems/index.ts";

const sandbox = { kubeconfig: "/k", context: "keelson-sandbox", server: "https://127.0.0.1:6443", charts: "/charts" };
const base = { "keelson:system": "codelab", "keelson:environment": "prod" };

/** What CodeLab's production comes to with these settings. */
export function run(config: Record<string, unknown> = {}, inSandbox = true) {
  const text = Object.fromEntries(
    Object.entries({ ...base, ...config }).map(([key, value]) => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
  return resolve({ config: text, stack: "prod", systems, sandbox: inSandbox ? sandbox : undefined });
}

/** What is wrong with these settings of CodeLab's production. */
export function problems(config: Record<string, unknown>, inSandbox = true): readonly string[] {
  try {
    run(config, inSandbox);
  } catch (error) {
    assert.ok(error instanceof SettingsError, String(error));
    return error.problems;
  }
  return [];
}
