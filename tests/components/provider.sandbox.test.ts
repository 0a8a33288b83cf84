import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { cleanSandbox, startSandbox } from "../../sandbox/index.ts";

/** The provider of the package's README, for the cluster of a sandbox, and what it makes. */
async function program(): Promise<string> {
  const blocks = (await readFile("components/README.md", "utf8")).matchAll(/```ts\n([\s\S]*?)```/g);
  const code = [...blocks].map(([, block = ""]) => block).find((block) => block.includes("new k8s.Provider"));
  assert.ok(code, "a provider in components/README.md");
  return `import { Secret } from "./components/index.ts";
${code
  .replace('"@keelson/components"', '"./components/index.ts"')
  .replace('context: "shop-prod"', 'context: process.env.TRIED_CONTEXT ?? ""')}
new Secret("token", {
  namespace: keys,
  instance: "keys",
  keys: { GIVEN: { value: process.env.TRIED_VALUE ?? "" }, MADE: { generate: 32 } },
}, { providers: [cluster], protect: true });
`;
}

describe("the provider that components ask for", function () {
  this.timeout(600_000);
  let root: string;
  before(async () => {
    root = await realpath(await mkdtemp(join(tmpdir(), "keelson-provider-")));
  });
  after(() => rm(root, { recursive: true, force: true }));

  it("changes a protected Secret in place", async () => {
    const checkout = join(root, "checkout");
    const home = join(root, "home");
    await mkdir(checkout);
    for (const link of ["sandbox", "components", "node_modules"]) await symlink(resolve(link), join(checkout, link));
    await writeFile(join(checkout, "package.json"), JSON.stringify({ name: "keys", private: true, type: "module" }));
    await writeFile(join(checkout, "index.ts"), await program());
    await writeFile(
      join(checkout, "Pulumi.yaml"),
      "name: keys\nruntime:\n  name: nodejs\n  options:\n    typescript: false\n    nodeargs: --no-warnings\nmain: index.ts\n",
    );
    await writeFile(join(checkout, "Pulumi.dev.yaml"), "config: {}\n");
    const sandbox = await startSandbox({ checkout, home });
    try {
      const up = async (TRIED_VALUE: string) => {
        const { exitCode, stdout, stderr } = await sandbox.run(
          "pulumi",
          ["up", "--yes", "--skip-preview", "--non-interactive", "--color", "never", "--stack", "dev"],
          { ...sandbox.env, TRIED_CONTEXT: sandbox.marker.context, TRIED_VALUE },
        );
        assert.equal(exitCode, 0, `${stdout}\n${stderr}`);
      };
      const secret = async () => {
        const { stdout } = await sandbox.run("kubectl", ["get", "secret", "token", "-n", "keys", "-o", "json"]);
        const { metadata, data } = JSON.parse(stdout) as { metadata: { uid: string }; data: { GIVEN: string } };
        return { uid: metadata.uid, given: Buffer.from(data.GIVEN, "base64").toString("utf8") };
      };
      await up("one");
      const { uid } = await secret();
      await up("two");
      assert.deepEqual(await secret(), { uid, given: "two" });
    } finally {
      await cleanSandbox({ checkout, home });
    }
  });
});
