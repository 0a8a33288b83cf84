import assert from "node:assert/strict";
import { parse } from "yaml";
import { withRelease } from "../../commands/release-settings.ts";
import type { Release } from "../../components/model/release.ts";
import { SettingsError } from "../../settings/read.ts";
import { resolve } from "../../settings/resolve.ts";
import { systems } from "../../systems/index.ts";

const file = `# yaml-language-server: $schema=./settings/stack.schema.json
config:
  keelson:system: ai-assistant-production # ours
  keelson:services:
    ai-assistant:
      image: { tag: v1.0.1 }
    milvus: { replicas: 1 }
  keelson:secrets:
    openai-api-key:
      secure: v1:abc
`;
const release: Release = { active: "blue", blue: { tag: "v1.0.1" }, green: { tag: "v2", check: 1 }, replicas: 3 };

describe("the release in a stack file", () => {
  it("leaves everything else as it is, comments and encrypted values included", () => {
    const text = withRelease(file, "ai-assistant", release);
    assert.ok(text.startsWith(file.split("  keelson:services")[0] ?? ""), text);
    assert.match(text, /secure: v1:abc/);
    assert.deepEqual(parse(text).config["keelson:releases"], { "ai-assistant": release });
  });

  it("takes over the version that the stack had set for the service", () => {
    const { config } = parse(withRelease(file, "ai-assistant", release));
    assert.deepEqual(config["keelson:services"], { milvus: { replicas: 1 } });
  });

  it("keeps times and tags as text, for every reader of YAML", () => {
    const previousUntil = "2026-03-01T12:00:00.000Z";
    for (const tag of ["2026-03-01", "20260301_1", "0755", "1.10", "off"]) {
      const dated: Release = { ...release, previousUntil, blue: { tag } };
      const text = withRelease(file, "ai-assistant", dated);
      for (const version of ["1.1", "1.2"] as const)
        assert.deepEqual(parse(text, { version }).config["keelson:releases"], { "ai-assistant": dated });
    }
  });

  it("gives the same text for the same release", () => {
    const once = withRelease(file, "ai-assistant", release);
    assert.equal(withRelease(once, "ai-assistant", release), once);
  });
});

describe("keelson:releases", () => {
  const sandbox = { kubeconfig: "/k", context: "c", server: "https://127.0.0.1:6443", charts: "/charts" };
  const settle = (system: string, more: Record<string, unknown>) => {
    const settings = { "keelson:system": system, "keelson:environment": "prod", ...more };
    const config = Object.fromEntries(
      Object.entries(settings).map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]),
    );
    return resolve({ config, stack: "test", systems, sandbox }).platform;
  };
  const problems = (system: string, more: Record<string, unknown>) => {
    try {
      settle(system, more);
    } catch (error) {
      if (error instanceof SettingsError) return error.problems.join("\n");
      throw error;
    }
    return "";
  };

  it("is what the platform deploys", () => {
    const { releases } = settle("ai-assistant-production", { "keelson:releases": { "ai-assistant": release } });
    assert.deepEqual(releases, { "ai-assistant": release });
  });

  it("is refused for services that are not released blue-green", () => {
    const found = problems("codelab", { "keelson:releases": { gateway: release, gatewy: release } });
    assert.match(found, /releases\.gateway: the service has no blue-green releases/);
    assert.match(found, /releases\.gatewy: there is no service "gatewy"/);
  });

  it("decides the version alone", () => {
    const services = { "ai-assistant": { image: { tag: "v9" } } };
    assert.match(
      problems("ai-assistant-production", {
        "keelson:releases": { "ai-assistant": release },
        "keelson:services": services,
      }),
      /services\.ai-assistant\.image\.tag: is decided by keelson:releases\.ai-assistant\.blue; remove it; npm run release/,
    );
    assert.equal(problems("ai-assistant-production", { "keelson:services": services }), "");
  });
});
