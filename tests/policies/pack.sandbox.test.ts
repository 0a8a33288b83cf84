import assert from "node:assert/strict";
import { globSync } from "node:fs";
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { toolsFolder } from "../../sandbox/paths.ts";
import { findOnPath } from "../../sandbox/tool-installed.ts";
import { skip } from "../skip.ts";
import { container, type Json, objectAround, podBearing, podSpec } from "./objects.ts";

const checkout = fileURLToPath(new URL("../..", import.meta.url));
const [, , , deployment] = podBearing;

const engines = [...globSync(join(toolsFolder(), "pulumi-*")), process.env.PATH ?? ""].join(delimiter);
const pulumi = await findOnPath("pulumi", engines);
const official = await findOnPath(
  "pulumi-language-nodejs",
  [join(homedir(), ".pulumi", "bin"), process.env.PATH].join(delimiter),
);

const annotations = { owner: "team-shop" };
const { priorityClassName } = podSpec({});

/** What a workload needs around it. */
const surroundings = [
  {
    type: "kubernetes:networking.k8s.io/v1:NetworkPolicy",
    name: "deny",
    props: {
      metadata: { name: "deny", namespace: "shop", annotations },
      spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
    },
  },
  {
    type: "kubernetes:core/v1:ServiceAccount",
    name: "web",
    props: { metadata: { name: "web", namespace: "shop", annotations }, automountServiceAccountToken: false },
  },
  {
    type: "kubernetes:scheduling.k8s.io/v1:PriorityClass",
    name: "normal",
    props: { metadata: { name: priorityClassName, annotations }, value: 1000 },
  },
];

/** A program whose only workload passes for a Deployment: a component, so that no provider has to be there. */
function program(containers: string, more = ""): string {
  return `
    import { ComponentResource } from "@pulumi/pulumi";
    import { unknown } from "@pulumi/pulumi/output.js";
    const complete = ${JSON.stringify(container("app"))};
    const web = ${JSON.stringify(objectAround(deployment, podSpec({})))};
    web.spec.template.spec.containers = [${containers}];
    new ComponentResource("kubernetes:apps/v1:Deployment", "web", web);
    ${JSON.stringify(surroundings)}.forEach(({ type, name, props }) => new ComponentResource(type, name, props));
    ${more}`;
}

function state(resources: { type: string; name: string; props?: Json }[]): string {
  return JSON.stringify({
    version: 3,
    deployment: {
      manifest: { time: "2026-01-01T00:00:00Z", magic: "", version: "" },
      resources: resources.map(({ type, name, props = {} }) => ({
        urn: `urn:pulumi:prod::p::${type}::${name}`,
        type,
        custom: false,
        inputs: props,
        outputs: props,
      })),
    },
  });
}

function enginesWith(host: "official" | "stand-in", missing: string | undefined): void {
  describe(`the pack under the real engine, ${host} language host`, function () {
    this.timeout(120_000);
    let folder: string;
    let env: Record<string, string>;

    before(async function () {
      if (missing || !pulumi) return skip(this, missing ?? "the engine is not there");
      folder = await mkdtemp(join(tmpdir(), "keelson-policies-"));
      const bin = join(folder, "bin");
      await mkdir(bin);
      const wrapper = join(bin, "pulumi-language-nodejs");
      const standIn = join(checkout, "sandbox", "standins", "language-nodejs.ts");
      await writeFile(wrapper, `#!/bin/sh\nexec "${process.execPath}" "${standIn}" "$@"\n`);
      await chmod(wrapper, 0o755);
      const hosts = host === "official" ? dirname(official ?? "") : bin;
      env = {
        HOME: folder,
        PATH: [
          dirname(process.execPath),
          join(checkout, "node_modules", ".bin"),
          hosts,
          dirname(pulumi),
          "/usr/bin",
          "/bin",
        ].join(delimiter),
        PULUMI_HOME: join(folder, "home"),
        PULUMI_BACKEND_URL: `file://${folder}`,
        PULUMI_CONFIG_PASSPHRASE: "test",
        PULUMI_SKIP_UPDATE_CHECK: "true",
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      };
      await symlink(join(checkout, "node_modules"), join(folder, "node_modules"));
      await writeFile(join(folder, "package.json"), '{ "name": "p", "type": "module" }');
      await writeFile(join(folder, "Pulumi.yaml"), "name: p\nruntime: nodejs\nmain: index.mjs\n");
      await run("stack", "init", "s");
    });
    after(() => folder && rm(folder, { recursive: true, force: true }));

    async function run(...args: string[]): Promise<{ exitCode: number | undefined; output: string }> {
      const { exitCode, all } = await execa(pulumi ?? "", [...args, "--color", "never", "--non-interactive"], {
        cwd: folder,
        env,
        extendEnv: false,
        reject: false,
        all: true,
      });
      return { exitCode, output: all };
    }

    const withPack = ["--policy-pack", join(checkout, "policies")];

    async function preview(environment: string, source: string, ...args: string[]): ReturnType<typeof run> {
      await writeFile(join(folder, "index.mjs"), source);
      await writeFile(join(folder, "Pulumi.s.yaml"), `config:\n  keelson:environment: ${environment}\n`);
      return run("preview", "--stack", "s", ...withPack, ...args);
    }

    it("lets a complete workload pass in prod", async () => {
      const { exitCode, output } = await preview("prod", program("complete"));
      assert.equal(exitCode, 0, output);
      assert.match(output, /✅ keelson@v/);
    });

    it("only advises in dev where it stops the same stack in prod", async () => {
      const containers = "complete, { ...complete, name: 'helper', livenessProbe: undefined }";
      const dev = await preview("dev", program(containers));
      assert.equal(dev.exitCode, 0, dev.output);
      assert.match(dev.output, /\[advisory\].*liveness-probe-set/);
      const prod = await preview("prod", program(containers));
      assert.notEqual(prod.exitCode, 0);
      assert.match(prod.output, /\[mandatory\].*liveness-probe-set/);
      assert.match(
        prod.output,
        /Deployment shop\/web, container helper: spec\.template\.spec\.containers\[1\]\.livenessProbe is not set/,
      );
    });

    it("sets right in dev what it safely can, and says so", async () => {
      const containers = "{ ...complete, securityContext: { runAsNonRoot: true, readOnlyRootFilesystem: true } }";
      await preview("dev", program(containers));
      const { exitCode, output } = await run("up", "--stack", "s", "--yes", "--skip-preview", ...withPack);
      assert.equal(exitCode, 0, output);
      for (const rule of ["no-privilege-escalation", "capabilities-drop-all"])
        assert.match(output, new RegExp(`\\[remediate\\].*${rule}`));
      const exported = JSON.parse((await run("stack", "export", "--stack", "s")).output);
      const web = exported.deployment.resources.find(({ type }: { type: string }) => /:Deployment$/.test(type));
      const [app] = web.inputs.spec.template.spec.containers;
      assert.equal(app.securityContext.allowPrivilegeEscalation, false);
      assert.deepEqual(app.securityContext.capabilities, { drop: ["ALL"] });
      const prod = await preview("prod", program(containers));
      assert.notEqual(prod.exitCode, 0);
      assert.match(prod.output, /\[mandatory\].*no-privilege-escalation/);
      assert.doesNotMatch(prod.output, /\[remediate\]/);
    });

    it("tells what it cannot judge yet, and still stops for what it can", async () => {
      const later = await preview("prod", program("{ ...complete, resources: unknown }"));
      assert.equal(later.exitCode, 0, later.output);
      assert.match(
        later.output,
        /\[advisory\].*memory-limits-set[\s\S]*Cannot tell yet\. Deployment shop\/web, container app: .*\.resources is not known yet/,
      );
      const both = await preview(
        "prod",
        program("{ ...complete, resources: unknown }, { ...complete, name: 'b', resources: {} }"),
      );
      assert.notEqual(both.exitCode, 0);
      assert.match(both.output, /\[mandatory\].*memory-limits-set[\s\S]*container b: /);
    });

    it("stops for a chart that renders nothing", async () => {
      const chart = 'new ComponentResource("kubernetes:helm.sh/v4:Chart", "redis", {})';
      const empty = await preview("dev", program("complete", chart));
      assert.notEqual(empty.exitCode, 0);
      assert.match(empty.output, /\[mandatory\].*chart-rendered[\s\S]*Chart redis: rendered no objects/);
      const child = `new ComponentResource("kubernetes:core/v1:Service", "redis", {}, { parent: ${chart} });`;
      const rendered = await preview("dev", program("complete", child));
      assert.equal(rendered.exitCode, 0, rendered.output);
    });

    it("stops for a misspelled rule, with what was meant", async () => {
      const config = join(folder, "rules.json");
      await writeFile(config, '{ "livenes-probe-set": "disabled" }');
      const { exitCode, output } = await preview("prod", program("complete"), "--policy-pack-config", config);
      assert.notEqual(exitCode, 0);
      assert.match(output, /There is no rule "livenes-probe-set"\. Did you mean "liveness-probe-set"\?/);
    });

    it("stops for an environment that does not exist", async () => {
      const { exitCode, output } = await preview("prd", program("complete"));
      assert.notEqual(exitCode, 0);
      assert.match(output, /is "prd"; it must be one of dev, staging, prod\./);
    });

    it("judges an exported state, charts that rendered nothing included", async () => {
      const file = join(folder, "state.json");
      const web = { type: "kubernetes:apps/v1:Deployment", name: "web" };
      await writeFile(
        file,
        state([
          ...surroundings,
          { ...web, props: objectAround(deployment, podSpec({ containers: [container("app")] })) },
        ]),
      );
      const whole = await run("policy", "analyze", ...withPack, "--file", file);
      assert.equal(whole.exitCode, 0, whole.output);
      const broken = objectAround(deployment, podSpec({ containers: [container("app", { resources: {} })] }));
      await writeFile(
        file,
        state([...surroundings, { ...web, props: broken }, { type: "kubernetes:helm.sh/v4:Chart", name: "redis" }]),
      );
      const { exitCode, output } = await run("policy", "analyze", ...withPack, "--file", file);
      assert.notEqual(exitCode, 0);
      assert.match(output, /\[mandatory\].*chart-rendered/);
      assert.match(output, /\[mandatory\].*memory-limits-set/);
    });
  });
}

const noEngine = pulumi ? undefined : "no pulumi engine in the cache or on PATH";
enginesWith("stand-in", noEngine);
enginesWith("official", noEngine ?? (official ? undefined : "no pulumi-language-nodejs in ~/.pulumi/bin or on PATH"));
