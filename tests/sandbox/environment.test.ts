import assert from "node:assert/strict";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { kubectl } from "../../sandbox/control-plane.ts";
import { sandboxEnvironment } from "../../sandbox/environment.ts";
import { sandboxPaths } from "../../sandbox/paths.ts";
import { runningPid, startProcess } from "../../sandbox/processes.ts";

describe("the environment of the sandbox", () => {
  const steering = {
    KUBECONFIG: "/elsewhere",
    KUBE_FEATURE_InOrderInformers: "false",
    HELM_KUBEAPISERVER: "https://elsewhere.example",
    HELM_NAMESPACE: "elsewhere",
    PULUMI_DIY_BACKEND_GZIP: "1",
    PULUMI_SELF_MANAGED_STATE_LEGACY_LAYOUT: "1",
    PULUMI_K8S_ENABLE_SERVER_SIDE_APPLY: "false",
    ETCD_NAME: "elsewhere",
  };
  const others = { HOME: "/home/sailor", LANG: "C", HELM_CACHE_HOME: "/cache" };

  it("has nothing of the user's that would mean another cluster, state or way of working", () => {
    const paths = sandboxPaths("/home/sandbox");
    const env = sandboxEnvironment("/checkout", paths, { ...others, ...steering });
    for (const [name, value] of Object.entries(steering)) assert.notEqual(env[name], value, name);
    assert.deepEqual(
      Object.keys(env).filter((name) => name.startsWith("PULUMI_K8S") || name.startsWith("HELM_")),
      ["HELM_CACHE_HOME"],
    );
    assert.equal(env.KUBECONFIG, paths.kubeconfig);
    assert.equal(env.KUBERC, "off", "nor the preferences of ~/.kube/kuberc");
    assert.equal(env.HOME, others.HOME);
  });

  it("is that of our own kubectl and of the control plane's processes too", async () => {
    const home = await mkdtemp(join(tmpdir(), "keelson-environment-"));
    const paths = sandboxPaths(home);
    process.env.ETCD_NAME = "elsewhere";
    try {
      await mkdir(paths.bin);
      await mkdir(paths.logs);
      const file = join(paths.bin, "kubectl");
      await writeFile(file, `#!/bin/sh\necho "$KUBERC $ETCD_NAME"\n`);
      await chmod(file, 0o755);
      assert.equal((await kubectl(paths, ["version"])).stdout, "off ");
      await startProcess({ name: "kubectl", command: file, arguments: [] }, paths.logs);
      const deadline = performance.now() + 10_000;
      const said = () => readFile(join(paths.logs, "kubectl.log"), "utf8");
      while ((await said()) === "" || (await runningPid(paths.logs, "kubectl")) !== undefined)
        assert.ok(performance.now() < deadline);
      assert.equal(await said(), "off \n");
    } finally {
      delete process.env.ETCD_NAME;
      await rm(home, { recursive: true });
    }
  });
});
