import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { shellProfile } from "../../commands/shell-profile.ts";
import { findOnPath } from "../../sandbox/tool-installed.ts";
import { skip } from "../skip.ts";

describe("the profile of the sandbox's shell", () => {
  let home: string;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), "keelson-profile-"));
  });
  afterEach(() => rm(home, { recursive: true }));

  it("lets the sandbox win over what the user's own sets, and keeps the rest of that", async function () {
    const bash = await findOnPath("bash");
    if (bash === undefined) skip(this, "it is of bash");
    const elsewhere = ["PATH=/elsewhere", "KUBECONFIG=/elsewhere", "HELM_NAMESPACE=x", "PULUMI_STACK=x", "SHIP=sloop"];
    await writeFile(join(home, ".bashrc"), elsewhere.map((setting) => `export ${setting}\n`).join(""));
    const env = { PATH: "/sailor's $HOME `id`/bin", KUBECONFIG: "/sandbox/kubeconfig", OTHER: "not exported again" };
    await writeFile(join(home, "profile"), shellProfile(env));
    const names = ["PATH", "KUBECONFIG", "HELM_NAMESPACE", "PULUMI_STACK", "SHIP", "OTHER"];
    const script = `printf '%s\\n' ${names.map((name) => `"$${name}"`).join(" ")}`;
    const { stdout } = await execa(bash, ["--rcfile", join(home, "profile"), "-i", "-c", script], {
      env: { HOME: home },
      extendEnv: false,
    });
    assert.deepEqual(stdout.split("\n"), [env.PATH, env.KUBECONFIG, "", "", "sloop", ""]);
  });
});
