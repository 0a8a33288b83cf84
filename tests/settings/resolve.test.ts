import assert from "node:assert/strict";
import { merge } from "../../settings/merge.ts";
import { problems, run } from "./resolved.ts";

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
