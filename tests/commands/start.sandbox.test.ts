import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { parseDocument } from "yaml";
import { simulateDeclaredAddons } from "../../commands/simulated-addons.ts";
import { cleanSandbox, startSandbox } from "../../sandbox/index.ts";
import { sandboxPaths } from "../../sandbox/paths.ts";

describe("npm start", () => {
  let home: string;
  before(async () => {
    home = join(await mkdtemp(join(tmpdir(), "keelson-start-")), "home");
  });
  after(async () => {
    await cleanSandbox({ home });
    await rm(join(home, ".."), { recursive: true, force: true });
  });
  const start = (...args: string[]) =>
    execa("node", ["--import", "./commands/check-node.mjs", "commands/start.ts", ...args], {
      env: { KEELSON_SANDBOX_HOME: home },
      reject: false,
      stdin: "ignore",
      all: true,
    });
  const kubectl = async (...args: string[]) =>
    (await execa(join(sandboxPaths(home).bin, "kubectl"), ["--kubeconfig", sandboxPaths(home).kubeconfig, ...args]))
      .stdout;

  it("plays what a stack declares present and no stack installs, until one does", async () => {
    const sandbox = await startSandbox({ home });
    const file = join(sandbox.paths.project, "Pulumi.dev.yaml");
    const declare = async (ownership: string) => {
      const stack = parseDocument(await readFile(file, "utf8"));
      stack.setIn(["config", "keelson:addons", "certManager"], { ownership, namespace: "certificates" });
      await writeFile(file, String(stack));
      return simulateDeclaredAddons(sandbox, "dev");
    };
    const there = () => kubectl("get", "crd,namespaces", "--output", "name");
    const always = /verticalpodautoscalers\.autoscaling\.k8s\.io/;
    const played = [/\/certificates\.cert-manager\.io$/m, /^namespace\/certificates$/m];
    assert.match(await there(), always);
    assert.deepEqual(await declare("present"), ["certManager"]);
    for (const pattern of played) assert.match(await there(), pattern);
    assert.deepEqual(await declare("own"), []);
    for (const pattern of played) assert.doesNotMatch(await there(), pattern);
    assert.match(await there(), always);
    const stack = parseDocument(await readFile(file, "utf8"));
    stack.deleteIn(["config", "keelson:addons"]);
    await writeFile(file, String(stack));
  });

  it("deploys dev and ends with what to do next", async () => {
    const { exitCode, all } = await start();
    assert.equal(exitCode, 0, all);
    assert.match(all, /\+ \d+ created/);
    assert.match(all, /https:\/\/dev\.codelab\.example\.com/);
    assert.match(all, /Look around {3}npm run sandbox -- shell/);
  });

  it("changes nothing the second time", async () => {
    const { exitCode, all } = await start();
    assert.equal(exitCode, 0, all);
    assert.match(all, /\d+ unchanged/);
    assert.doesNotMatch(all, /\d+ (created|updated|deleted|replaced)/);
  });

  it("deploys prod beside dev, on the add-ons that dev owns", async () => {
    const { exitCode, all } = await start("--stack", "prod");
    assert.equal(exitCode, 0, all);
    assert.match(all, /stack prod relies on them: certManager \(dev\), clusterIssuers \(dev\), ingressNginx \(dev\)/);
    const pods = await kubectl("get", "pods", "--namespace", "codelab", "--output", "name");
    assert.match(pods, /pod\/postgres-read-1/);
    const policies = await kubectl("get", "networkpolicies", "--namespace", "ingress-nginx", "--output", "name");
    assert.match(policies, /ingress-nginx-controller-to-codelab-netpol$/m);
  });

  it("names a stack that is not there", async () => {
    const { exitCode, all } = await start("--stack", "production");
    assert.equal(exitCode, 2);
    assert.doesNotMatch(all, /Control plane/);
    assert.match(all, /there is no stack file Pulumi\.production\.yaml; there are .*\bdev, prod, staging\b/);
  });
});
