import assert from "node:assert/strict";
import { globSync } from "node:fs";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { basename, delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { toolsFolder } from "../../sandbox/paths.ts";
import { findOnPath } from "../../sandbox/tool-installed.ts";
import { skip } from "../skip.ts";

const checkout = fileURLToPath(new URL("../..", import.meta.url));

/** A program as `pulumi new kubernetes-typescript` has it, which writes manifests in place of using a cluster. */
const program = `import * as kubernetes from "@pulumi/kubernetes";

const files = new kubernetes.Provider("files", { renderYamlToDirectory: "manifests" });
new kubernetes.apps.v1.Deployment("web", {
  metadata: { name: "web", namespace: "shop" },
  spec: {
    selector: { matchLabels: { app: "web" } },
    template: { metadata: { labels: { app: "web" } }, spec: { containers: [{ name: "web", image: "nginx:1.29" }] } },
  },
}, { provider: files });
`;

describe("the policy pack in a folder of its own", function () {
  this.timeout(600_000);
  let folder: string;
  let env: Record<string, string>;

  before(async function () {
    const engines = [...globSync(join(toolsFolder(), "pulumi-*")), process.env.PATH ?? ""].join(delimiter);
    const plugins = globSync(join(homedir(), ".pulumi", "plugins", "resource-kubernetes-v*")).filter(
      (name) => !name.endsWith(".lastused"),
    );
    const hosts = [join(homedir(), ".pulumi", "bin"), process.env.PATH ?? ""].join(delimiter);
    const [pulumi, host, plugin] = await Promise.all([
      findOnPath("pulumi", engines),
      findOnPath("pulumi-language-nodejs", hosts),
      findOnPath("pulumi-resource-kubernetes", [...plugins, process.env.PATH ?? ""].join(delimiter)),
    ]);
    if (!pulumi || !host || !plugin) return skip(this, "the engine and the official plugins are not all there");
    folder = await mkdtemp(join(tmpdir(), "keelson-alone-"));
    const tools = [process.execPath, pulumi, host, plugin].map((file) => dirname(file));
    env = {
      HOME: process.env.HOME ?? folder,
      PATH: [...tools, "/usr/bin", "/bin"].join(delimiter),
      PULUMI_HOME: join(folder, "home"),
      PULUMI_BACKEND_URL: `file://${folder}`,
      PULUMI_CONFIG_PASSPHRASE: "test",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    };
    await cp(join(checkout, "policies"), join(folder, "pack"), {
      recursive: true,
      filter: (path) => basename(path) !== "node_modules",
    });
    await mkdir(join(folder, "shop"));
    const { dependencies } = JSON.parse(await readFile(join(checkout, "package.json"), "utf8"));
    const wanted = ["@pulumi/kubernetes", "@pulumi/pulumi"].map((name) => [name, dependencies[name]]);
    const files = {
      "package.json": JSON.stringify({ name: "shop", private: true, dependencies: Object.fromEntries(wanted) }),
      "Pulumi.yaml": "name: shop\nruntime: nodejs\n",
      "tsconfig.json": JSON.stringify({ compilerOptions: { strict: true, target: "es2020", module: "commonjs" } }),
      "index.ts": program,
    };
    for (const [name, content] of Object.entries(files)) await writeFile(join(folder, "shop", name), content);
    const install = ["install", "--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts"];
    await Promise.all(["pack", "shop"].map((name) => execa("npm", install, { cwd: join(folder, name) })));
    await run("stack", "init", "prod");
  });
  after(() => folder && rm(folder, { recursive: true, force: true }));

  async function run(...args: string[]): Promise<{ exitCode: number | undefined; output: string }> {
    const { exitCode, all } = await execa("pulumi", [...args, "--color", "never", "--non-interactive"], {
      cwd: join(folder, "shop"),
      env,
      extendEnv: false,
      reject: false,
      all: true,
    });
    return { exitCode, output: all };
  }

  const findings = [
    /\[mandatory\].*memory-limits-set[\s\S]*Deployment shop\/web, container web: .*resources\.limits\.memory is not set/,
    /\[mandatory\].*pod-has-network-policy/,
  ];

  it("judges a plain program at preview", async () => {
    const { exitCode, output } = await run("preview", "--policy-pack", "../pack");
    assert.notEqual(exitCode, 0, output);
    for (const finding of findings) assert.match(output, finding);
  });

  it("judges an exported state", async () => {
    const up = await run("up", "--yes", "--skip-preview");
    assert.equal(up.exitCode, 0, up.output);
    await run("stack", "export", "--file", "state.json");
    const { exitCode, output } = await run("policy", "analyze", "--policy-pack", "../pack", "--file", "state.json");
    assert.notEqual(exitCode, 0, output);
    for (const finding of findings) assert.match(output, finding);
  });

  it("judges manifests from anywhere", async () => {
    const { exitCode, stdout, stderr } = await execa(
      process.execPath,
      [join(folder, "pack", "command.ts"), "--json", "shop/manifests"],
      { cwd: folder, reject: false },
    );
    assert.equal(exitCode, 1, stderr);
    const found = JSON.parse(stdout) as { rule: string; name: string }[];
    assert.ok(found.some(({ rule, name }) => rule === "memory-limits-set" && name === "web"));
  });
});
