import assert from "node:assert/strict";
import { merge } from "../../settings/merge.ts";
import { SettingsError } from "../../settings/read.ts";
import { resolve } from "../../settings/resolve.ts";
import { systems } from "../../systems/index.ts";

const sandbox = { kubeconfig: "/k", context: "keelson-sandbox", server: "https://127.0.0.1:6443", charts: "/charts" };
const base = { "keelson:system": "codelab", "keelson:environment": "prod" };

function run(config: Record<string, unknown> = {}, inSandbox = true) {
  const text = Object.fromEntries(
    Object.entries({ ...base, ...config }).map(([key, value]) => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
  return resolve({ config: text, stack: "prod", systems, sandbox: inSandbox ? sandbox : undefined });
}

function problems(config: Record<string, unknown>, inSandbox = true): readonly string[] {
  try {
    run(config, inSandbox);
  } catch (error) {
    assert.ok(error instanceof SettingsError, String(error));
    return error.problems;
  }
  return [];
}

describe("resolve", () => {
  for (const environment of ["dev", "staging", "prod"]) {
    it(`finds nothing wrong with CodeLab in ${environment}`, () =>
      assert.deepEqual(problems({ "keelson:environment": environment }), []));
  }

  it("lays the stack over the environment over the system", () => {
    const { platform } = run({
      "keelson:environment": "staging",
      "keelson:services": { gateway: { image: { tag: "1.1.0" }, autoscaling: { max: 6 } } },
    });
    const gateway = platform.services.gateway;
    assert.deepEqual(gateway?.image, { repository: "ghcr.io/codelab/gateway", tag: "1.1.0" });
    assert.deepEqual(gateway?.autoscaling, { min: 2, max: 6, cpu: 70, memory: 80 });
  });

  it("puts the stack's domain into every text of a config that names it", () => {
    const texts = (config: Record<string, unknown>) =>
      run({ "keelson:system": "the-bot", ...config }).platform.configs["thebot-config"] ?? {};
    const named = ({ ALLOWED_HOSTS, CSRF_TRUSTED_ORIGINS }: Record<string, string>) => [
      ALLOWED_HOSTS,
      CSRF_TRUSTED_ORIGINS,
    ];
    assert.deepEqual(named(texts({})), ["thebot.example.com,localhost", "https://thebot.example.com"]);
    assert.deepEqual(named(texts({ "keelson:environment": "dev" })), [
      "dev.thebot.example.com,localhost",
      "https://dev.thebot.example.com",
    ]);
    const moved = texts({
      "keelson:domain": "bot.acme.org",
      "keelson:configs": { "thebot-config": { MAIL_FROM: "bot@{domain}, {domain}" } },
    });
    assert.deepEqual(named(moved), ["bot.acme.org,localhost", "https://bot.acme.org"]);
    assert.equal(moved.MAIL_FROM, "bot@bot.acme.org, bot.acme.org");
    const assistant = run({ "keelson:system": "ai-assistant-production", "keelson:domain": "acme.org" }).platform;
    assert.equal(assistant.configs["ai-assistant-config"]?.CORS_ORIGINS, "https://acme.org");
  });

  it("lays a part over a default, which keeps the rest", () => {
    const { addons, data } = run({
      "keelson:addons": { monitoring: { resources: { requests: { cpu: "500m" } } } },
      "keelson:data": { postgres: { storage: { class: "fast" } } },
    }).platform;
    assert.deepEqual(addons.monitoring?.resources, {
      requests: { cpu: "500m", memory: "1Gi" },
      limits: { cpu: "2000m", memory: "4Gi" },
    });
    assert.deepEqual(data.postgres?.storage, { size: "50Gi", class: "fast" });
  });

  it("lays a job's resources over those that its service lends", () => {
    const change = { "keelson:jobs": { migrate: { resources: { limits: { memory: "2Gi" } } } } };
    const { services, jobs } = run({ "keelson:system": "the-bot", ...change }).platform;
    const lent = services["thebot-backend"]?.resources;
    assert.ok(lent);
    assert.deepEqual(jobs.migrate?.resources, { ...lent, limits: { ...lent.limits, memory: "2Gi" } });
    assert.equal(jobs.collectstatic?.resources, undefined);
  });

  it("takes autoscaling away where an override says false", () => {
    assert.equal(run({ "keelson:environment": "dev" }).platform.services.gateway?.autoscaling, undefined);
  });

  it("protects prod and nothing else, unless a setting says so", () => {
    assert.deepEqual(
      ["dev", "staging", "prod"].map((environment) => run({ "keelson:environment": environment }).platform.protect),
      [false, false, true],
    );
    assert.equal(run({ "keelson:protect": false }).platform.protect, false);
  });

  it("keeps the types of structured values and the text of plain ones", () => {
    assert.deepEqual(problems({ "keelson:services": { gateway: { replicas: "3" } } }), [
      "Pulumi.prod.yaml: keelson:services.gateway.replicas: has the wrong type; give a number",
    ]);
    assert.equal(run({ "keelson:namespace": "n1" }).platform.namespace, "n1");
  });
});

describe("a name that every object inherits", () => {
  const told = (config: Record<string, unknown>) => problems(config).join("\n");
  it("is no system, secret, release or service", () => {
    assert.match(told({ "keelson:system": "constructor" }), /keelson:system: there is no system "constructor"/);
    assert.match(told({ "keelson:rotation": { constructor: 2 } }), /there is no secret "constructor"/);
    assert.match(told({ "keelson:releases": { constructor: {} } }), /there is no service "constructor"/);
    assert.match(told({ "keelson:services": { constructor: {} } }), /has no service "constructor"/);
  });
  it("is no secret that was given", () => {
    const secrets = new Map(Object.entries(run({ "keelson:pullSecrets": ["constructor"] }).secrets));
    assert.equal(secrets.get("constructor")?.value, '{"auths":{}}');
    const outside = { "keelson:cluster": { context: "c" }, "keelson:pullSecrets": ["constructor"] };
    assert.match(problems(outside, false).join("\n"), /keelson:secrets\.constructor: is missing/);
  });
  it("sets nothing else, and merges as any other", () => {
    assert.match(
      told({ "keelson:__proto__": { protect: false } }),
      /^Pulumi\.prod\.yaml: keelson:__proto__: unknown key/,
    );
    const configs = { "thebot-config": { constructor: "x" } };
    const { platform } = run({ "keelson:system": "the-bot", "keelson:configs": configs });
    assert.equal(platform.configs["thebot-config"]?.constructor, "x");
    const laid = merge<{ protect?: boolean }>({}, JSON.parse('{"__proto__": {"protect": false}}'));
    assert.equal(laid.protect, undefined);
  });
});

describe("placeholders and secrets", () => {
  it("stand in for issued secrets in the sandbox, and say so", () => {
    const { secrets, notices } = run();
    assert.equal(secrets["openai-api-key"]?.value, "sandbox-placeholder-openai-api-key");
    assert.match(notices.join(), /placeholders.*openai-api-key/);
  });

  it("are an error outside the sandbox, with the command that sets one", () => {
    assert.deepEqual(
      problems({ "keelson:cluster": { context: "c" } }, false),
      ["openai-api-key", "velero-credentials"].map(
        (name) =>
          `Pulumi.prod.yaml: keelson:secrets.${name}: is missing: a secret that somebody else issues; pulumi config set --stack prod --secret --path 'keelson:secrets["${name}"]'`,
      ),
    );
  });

  it("take the given value, with a fingerprint that follows it and does not tell it", () => {
    const one = run({ "keelson:secrets": { "openai-api-key": "canary-one" } }).secrets["openai-api-key"];
    const two = run({ "keelson:secrets": { "openai-api-key": "canary-two" } }).secrets["openai-api-key"];
    assert.equal(one?.value, "canary-one");
    assert.match(one?.fingerprint ?? "", /^[0-9a-f]{12}$/);
    assert.notEqual(one?.fingerprint, two?.fingerprint);
  });
});

describe("the cluster", () => {
  const secrets = { "keelson:secrets": { "openai-api-key": "x" } };
  it("must be named in staging and prod", () => {
    for (const environment of ["staging", "prod"])
      assert.match(
        problems({ ...secrets, "keelson:environment": environment }, false).join(),
        /keelson:cluster: is missing/,
      );
    assert.deepEqual(problems({ ...secrets, "keelson:environment": "dev" }, false), []);
  });
  it("is the sandbox's where its marker is set", () =>
    assert.equal(run({ "keelson:cluster": { context: "real" } }).cluster.context, "keelson-sandbox"));
  it("brings its charts along", () =>
    assert.deepEqual(run({ "keelson:charts": { mirror: "oci://r.example.com/charts" } }).charts, {
      kind: "folder",
      path: "/charts",
    }));
});

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
