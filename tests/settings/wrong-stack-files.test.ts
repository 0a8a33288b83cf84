import assert from "node:assert/strict";
import { problems } from "./resolved.ts";

describe("a wrong stack file", () => {
  const wrong: [string, Record<string, unknown>, RegExp][] = [
    [
      "an unknown system",
      { "keelson:system": "codlab" },
      /keelson:system: there is no system "codlab"; did you mean "codelab"\?/,
    ],
    [
      "an unknown environment",
      { "keelson:environment": "production" },
      /keelson:environment: is no allowed value; one of: dev, staging, prod/,
    ],
    ["an unknown key", { "keelson:domian": "x.example.com" }, /keelson:domian: unknown key; did you mean "domain"\?/],
    [
      "an unknown service",
      { "keelson:services": { gatway: { replicas: 2 } } },
      /keelson:services\.gatway: CodeLab has no service "gatway"; did you mean "gateway"\?/,
    ],
    [
      "an unknown data store",
      { "keelson:data": { mysql: {} } },
      /keelson:data\.mysql: CodeLab has no data store "mysql"; one of: postgres, redis/,
    ],
    [
      "an unknown key of a service",
      { "keelson:services": { gateway: { replica: 2 } } },
      /keelson:services\.gateway\.replica: unknown key; did you mean "replicas"\?/,
    ],
    [
      "min above max",
      { "keelson:services": { gateway: { autoscaling: { min: 20 } } } },
      /keelson:services\.gateway\.autoscaling\.min: min 20 is above max 10; at most 10/,
    ],
    [
      "a request above its limit",
      { "keelson:services": { gateway: { resources: { requests: { cpu: "2" } } } } },
      /gateway\.resources\.requests\.cpu: request 2 is above the limit 1000m/,
    ],
    [
      "a quantity that is none",
      { "keelson:services": { gateway: { resources: { limits: { memory: "1gb" } } } } },
      /gateway\.resources\.limits\.memory: .*512Mi/,
    ],
    [
      "memory without a unit",
      { "keelson:data": { postgres: { storage: { size: "50" } } } },
      /keelson:data\.postgres\.storage\.size: .*unit/,
    ],
    ["a host that is none", { "keelson:domain": "https://x" }, /keelson:domain: does not fit; must be a host name/],
    [
      "a tag that is none",
      { "keelson:services": { gateway: { image: { tag: "a b" } } } },
      /gateway\.image\.tag: .*"1\.0\.0"/,
    ],
    [
      "a digest that is none",
      { "keelson:services": { gateway: { image: { digest: "sha256:12" } } } },
      /gateway\.image\.digest: .*64 hexadecimal/,
    ],
    [
      "replicas without replication",
      { "keelson:data": { redis: { architecture: "standalone" } } },
      /keelson:data\.redis\.replicas: there are no replicas in architecture standalone/,
    ],
    [
      "a pull Secret that is none",
      { "keelson:pullSecrets": ["registry"], "keelson:secrets": { registry: "canary" } },
      /keelson:secrets\.registry: is no Docker configuration; the content of a config\.json/,
    ],
    [
      "a volume that shrinks",
      { "keelson:data": { postgres: { storage: { size: "20Gi" } } } },
      /keelson:data\.postgres\.storage\.size: 20Gi is less than the 50Gi that the system declares, and a volume never shrinks; at least 50Gi/,
    ],
    [
      "a shared volume that shrinks",
      { "keelson:services": { "agent-runtime": { volumes: { data: { size: "1Gi" } } } } },
      /keelson:services\.agent-runtime\.volumes\.data\.size: 1Gi is less than the 10Gi/,
    ],
    [
      "a rotation of nothing",
      { "keelson:rotation": { "api-key": 1 } },
      /keelson:rotation\.api-key: there is no secret "api-key"; did you mean "api-keys"\?/,
    ],
    [
      "a secret that nothing uses",
      { "keelson:secrets": { "openai-key": "x" } },
      /keelson:secrets\.openai-key: nothing uses this secret; did you mean "openai-api-key"\?/,
    ],
    ["a chart source that is none", { "keelson:charts": "downstream" }, /keelson:charts: .*upstream/],
    ["a mirror that is none", { "keelson:charts": { mirror: "https://x" } }, /keelson:charts\.mirror: .*oci:\/\//],
    ["a registry that is none", { "keelson:registry": "https://x" }, /keelson:registry: .*registry\.example\.com/],
    [
      "an address range that is none",
      { "keelson:network": { apiServer: { cidrs: ["10.0.0.1"] } } },
      /keelson:network\.apiServer\.cidrs\[0\]:/,
    ],
    [
      "copies that a store of another engine has",
      { "keelson:data": { redis: { readReplicas: { count: 1 } } } },
      /keelson:data\.redis\.readReplicas: a store of redis has no "readReplicas"; did you mean "replicas"\? \(one of: architecture, existing, image, replicas, resources, rotation, storage\)/,
    ],
    [
      "dumps of a store that has none",
      { "keelson:data": { redis: { backup: { timeoutSeconds: 60 } } } },
      /keelson:data\.redis\.backup: a store of redis has no "backup"; one of: /,
    ],
    [
      "an unknown volume of a service",
      { "keelson:services": { "agent-runtime": { volumes: { nope: { size: "5Gi" } } } } },
      /keelson:services\.agent-runtime\.volumes\.nope: service "agent-runtime" has no claim "nope"; one of: data/,
    ],
    [
      "the size of a volume that is no claim",
      {
        "keelson:system": "the-bot",
        "keelson:services": { "thebot-backend": { volumes: { media: { size: "5Gi" } } } },
      },
      /keelson:services\.thebot-backend\.volumes\.media: service "thebot-backend" has no claim "media"; /,
    ],
    [
      "blue-green releases of a service that has none",
      { "keelson:services": { gateway: { blueGreen: { retentionSeconds: 60 } } } },
      /keelson:services\.gateway\.blueGreen: service "gateway" has no blue-green releases; remove it/,
    ],
  ];
  for (const [what, config, message] of wrong) {
    it(`is told about ${what}`, () => {
      const found = problems(config);
      assert.equal(found.length, 1, found.join("\n"));
      assert.match(found[0] ?? "", message);
      assert.match(found[0] ?? "", /^Pulumi\.prod\.yaml: /);
    });
  }

  it("is told about all of it at once", () => {
    const found = problems({ ...wrong[2]?.[1], ...wrong[6]?.[1], ...wrong[4]?.[1], ...wrong[17]?.[1] }, false);
    assert.equal(found.length, 7, found.join("\n"));
  });

  it("never repeats a secret", () => {
    assert.ok(
      !problems({ "keelson:secrets": { "openai-api-key": ["canary-value"], nobody: "canary-other" } })
        .join()
        .includes("canary-"),
    );
  });

  it("wants no issued secret where a store has them, and none beside it", () => {
    const secretStore = { name: "vault" };
    const cluster = { context: "c" };
    // An add-on's credentials stay a secret of the stack.
    const secrets = { "velero-credentials": "x" };
    assert.deepEqual(
      problems({ "keelson:secretStore": secretStore, "keelson:cluster": cluster, "keelson:secrets": secrets }, false),
      [],
    );
    assert.deepEqual(
      problems({
        "keelson:secretStore": { ...secretStore, places: { "openai-api-kye": { key: "x" } } },
        "keelson:secrets": { "openai-api-key": "x" },
      }),
      [
        "Pulumi.prod.yaml: keelson:secrets.openai-api-key: comes from the secret store; remove it here, or remove keelson:secretStore",
        'Pulumi.prod.yaml: keelson:secretStore.places.openai-api-kye: nothing uses this secret; did you mean "openai-api-key"? (one of: openai-api-key)',
      ],
    );
    assert.deepEqual(problems({ "keelson:secretStore": { ...secretStore, refreshInterval: "hourly" } }), [
      'Pulumi.prod.yaml: keelson:secretStore.refreshInterval: does not fit; must be a duration such as "1h" or "15m"',
    ]);
  });
});
