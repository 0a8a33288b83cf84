import assert from "node:assert/strict";
import { SettingsError } from "../../settings/read.ts";
import { resolve } from "../../settings/resolve.ts";
import { systems } from "../../systems/index.ts";

const secrets = { "openai-api-key": "x", "velero-credentials": "x" };
const right = {
  "keelson:system": "codelab",
  "keelson:environment": "prod",
  "keelson:cluster": { context: "c" },
  "keelson:secrets": secrets,
};

/** The keys that a stack of production outside the sandbox is told about, each with what is wrong. */
function told(config: Record<string, unknown>): string[] {
  const texts = Object.entries({ ...right, ...config })
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]);
  try {
    resolve({ config: Object.fromEntries(texts), stack: "prod", systems, sandbox: undefined });
  } catch (error) {
    assert.ok(error instanceof SettingsError, String(error));
    return error.problems.map((problem) => /keelson:(.*?: .*?);/.exec(problem)?.[1] ?? problem).sort();
  }
  return [];
}

describe("one mistake", () => {
  it("is none here", () => assert.deepEqual(told({}), []));

  it("in a key does not hide those beside it", () => {
    const services = { gateway: { replicas: "3" }, foo: {}, "auth-service": { autoscaling: { min: 99 } } };
    assert.deepEqual(told({ "keelson:services": services }), [
      "services.auth-service.autoscaling.min: min 99 is above max 5",
      'services.foo: CodeLab has no service "foo"',
      "services.gateway.replicas: has the wrong type",
    ]);
    assert.deepEqual(told({ "keelson:rotation": { "api-keys": -1, nope: 2 } }), [
      "rotation.api-keys: is too small",
      'rotation.nope: there is no secret "nope"',
    ]);
  });

  it("in the system's form does not hide what needs the whole of it", () => {
    const found = told({
      "keelson:addons": { monitoring: { storage: { size: "50" } } },
      "keelson:data": { redis: { replicas: { storage: { size: "1Gi" } }, readReplicas: { count: 1 } } },
      "keelson:cluster": undefined,
      "keelson:secrets": undefined,
      "keelson:releases": { gatway: {} },
      "keelson:services": { gateway: { autoscaling: { min: 20 } } },
    });
    assert.deepEqual(
      found.map((line) => line.split(":")[0]),
      [
        "addons.monitoring.storage.size",
        "cluster",
        "data.redis.readReplicas",
        "releases.gatway",
        "secrets.openai-api-key",
        "secrets.velero-credentials",
        "services.gateway.autoscaling.min",
      ],
    );
  });

  it("in the name of the system does not hide a missing cluster", () =>
    assert.deepEqual(told({ "keelson:system": "codlab", "keelson:cluster": undefined }), [
      "cluster: is missing: prod never takes the cluster that happens to be current",
      'system: there is no system "codlab"',
    ]));
});

describe("what depends on a mistake", () => {
  const cases: [string, Record<string, unknown>, string[]][] = [
    [
      "a secret of the wrong type is not missing",
      { "keelson:secrets": { ...secrets, "openai-api-key": 5 } },
      ["secrets.openai-api-key: has the wrong type"],
    ],
    [
      "secrets that cannot be read are not missing",
      { "keelson:secrets": "{" },
      ["secrets: is no YAML (MISSING_CHAR, line 1)"],
    ],
    [
      "a cluster with a typing mistake is not missing",
      { "keelson:cluster": { contxt: "c" } },
      ["cluster.context: is missing", "cluster.contxt: unknown key"],
    ],
    [
      "secrets may be in a store with a typing mistake",
      { "keelson:secretStore": { nam: "vault" }, "keelson:secrets": undefined },
      ["secretStore.nam: unknown key", "secretStore.name: is missing"],
    ],
    [
      "secrets may be those of a tool with a typing mistake",
      { "keelson:gitops": { argoCD: {} }, "keelson:secrets": undefined },
      ["gitops.argoCD: unknown key"],
    ],
    [
      "a secret may be one of pull Secrets with a typing mistake",
      { "keelson:pullSecrets": ["reg", "Other"], "keelson:secrets": { ...secrets, reg: '{"auths":{}}' } },
      ["pullSecrets[1]: does not fit"],
    ],
    [
      "an add-on that is not wanted needs no secret, whatever is wrong with another",
      {
        "keelson:addons": { velero: false, certManger: {} },
        "keelson:secrets": { "openai-api-key": "x" },
      },
      ["addons.certManger: unknown key"],
    ],
    [
      "a password may be that of an existing server with a typing mistake",
      {
        "keelson:data": { postgres: { existing: { hots: "db.example.com" } } },
        "keelson:secrets": { ...secrets, "postgres-password": "x" },
      },
      ["data.postgres.existing.host: is missing", "data.postgres.existing.hots: unknown key"],
    ],
    [
      "a tag may be decided by no release that is wrong",
      {
        "keelson:system": "ai-assistant-production",
        "keelson:services": { "ai-assistant": { image: { tag: "v2" } } },
        "keelson:releases": { "ai-assistant": { active: "red", blue: { tag: "v1" } } },
        "keelson:secretStore": { name: "vault" },
        "keelson:secrets": undefined,
      },
      ["releases.ai-assistant.active: is no allowed value"],
    ],
    [
      "a bound may fit another that is wrong",
      { "keelson:services": { gateway: { autoscaling: { min: 20, max: "30" } } } },
      ["services.gateway.autoscaling.max: has the wrong type"],
    ],
  ];
  for (const [what, config, expected] of cases)
    it(`is not told: ${what}`, () => assert.deepEqual(told(config), expected));
});

it("a secret beside gitops is told to go for that reason", () => {
  const argoCd = { repository: "https://github.com/acme/app", path: "deploy" };
  assert.deepEqual(told({ "keelson:gitops": { argoCd }, "keelson:secrets": { "openai-api-key": "x" } }), [
    "secrets.openai-api-key: is not used: the stack hands its system over",
  ]);
});
