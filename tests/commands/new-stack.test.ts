import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { resolve as absolute, join } from "node:path";
import { execa } from "execa";
import { parse } from "yaml";
import { resolve } from "../../settings/resolve.ts";
import { systems } from "../../systems/index.ts";

const sandbox = { kubeconfig: "/k", context: "c", server: "https://127.0.0.1:6443", charts: "/charts" };

describe("npm run new-stack", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "keelson-new-stack-"));
  });
  afterEach(() => rm(folder, { recursive: true }));
  const newStack = (...args: string[]) =>
    execa("node", ["--import", absolute("commands/check-node.mjs"), absolute("commands/new-stack.ts"), ...args], {
      cwd: folder,
      reject: false,
      stdin: "ignore",
    });

  for (const environment of ["dev", "staging", "prod"]) {
    it(`writes a stack file for ${environment} that resolves`, async () => {
      const { exitCode, stdout } = await newStack(
        "--system",
        "codelab",
        "--environment",
        environment,
        "--name",
        "acme",
      );
      assert.equal(exitCode, 0);
      assert.match(stdout, /pulumi stack init acme/);
      const { config } = parse(await readFile(join(folder, "Pulumi.acme.yaml"), "utf8")) as {
        config: Record<string, unknown>;
      };
      const text = Object.entries(config).map(([key, value]) => [
        key,
        typeof value === "string" ? value : JSON.stringify(value),
      ]);
      const { platform } = resolve({ config: Object.fromEntries(text), stack: "acme", systems, sandbox });
      assert.equal(platform.environment, environment);
    });
  }

  it("keeps a name that YAML would read as something else", async () => {
    for (const name of ["123", "true", "1e3", "2026-01-01", "0x1f", "null", "no"]) {
      const { exitCode } = await newStack("--system", "codelab", "--environment", "staging", "--name", name);
      assert.equal(exitCode, 0, name);
      const text = await readFile(join(folder, `Pulumi.${name}.yaml`), "utf8");
      // Pulumi's reader takes some texts of YAML 1.1 for dates and truth values.
      for (const version of ["1.1", "1.2"] as const)
        assert.deepEqual(parse(text, { version }).config["keelson:cluster"], { context: name });
    }
  });

  it("says in one line that it cannot write", async () => {
    const { exitCode, stderr } = await execa(
      "node",
      [absolute("commands/new-stack.ts"), "--system", "codelab", "--environment", "dev"],
      { cwd: "/proc", reject: false, stdin: "ignore" },
    );
    assert.equal(exitCode, 1);
    assert.match(stderr, /^error: [A-Z]+: [^\n]*Pulumi\.codelab-dev\.yaml'$/);
  });

  it("overwrites nothing, and follows no link", async () => {
    await symlink("elsewhere.yaml", join(folder, "Pulumi.link.yaml"));
    const linked = await newStack("--system", "codelab", "--environment", "dev", "--name", "link");
    assert.equal(linked.exitCode, 2);
    assert.match(linked.stderr, /Pulumi\.link\.yaml exists/);
    assert.deepEqual(await readdir(folder), ["Pulumi.link.yaml"]);
    await newStack("--system", "codelab", "--environment", "dev");
    const { exitCode, stderr } = await newStack("--system", "codelab", "--environment", "dev");
    assert.equal(exitCode, 2);
    assert.match(stderr, /Pulumi\.codelab-dev\.yaml exists; take another --name/);
  });

  it("says what is wrong with its words", async () => {
    const wrong: [string[], RegExp][] = [
      [["--environment", "dev"], /--system is missing: one of: .*codelab/],
      [["--system", "codlab", "--environment", "dev"], /there is no system "codlab"; did you mean "codelab"\?/],
      [["--system", "codelab", "--environment", "production"], /there is no environment "production"/],
      [["--system", "codelab", "--environment", "dev", "--name", "a/b"], /"a\/b" is no stack name/],
      ...["..", ".", ".x", "_x", "x".repeat(101)].map((name): [string[], RegExp] => [
        ["--system", "codelab", "--environment", "dev", "--name", name],
        /is no stack name: letters, digits, .* a letter or digit first/,
      ]),
      [["--system", "codelab", "--environment", "dev", "--name=-x"], /"-x" is no stack name/],
      [["--nmae", "x"], /--nmae/],
    ];
    for (const [args, message] of wrong) {
      const { exitCode, stderr } = await newStack(...args);
      assert.equal(exitCode, 2, args.join(" "));
      assert.match(stderr, message);
    }
    assert.deepEqual(await readdir(folder), []);
  });
});
