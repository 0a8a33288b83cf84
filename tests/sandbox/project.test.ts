import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { sandboxPaths } from "../../sandbox/paths.ts";
import { sandboxStackFile, stackNames, syncProject, unreadableStacks } from "../../sandbox/project.ts";

describe("the project folder of a sandbox", () => {
  let root: string;
  let checkout: string;
  const paths = () => sandboxPaths(join(root, "home"));
  const inCheckout = (name: string, text: string) => writeFile(join(checkout, name), text);
  const inProject = (name: string) => join(paths().project, name);

  beforeEach(async () => {
    root = await realpath(await mkdtemp(join(tmpdir(), "keelson-project-")));
    checkout = join(root, "checkout");
    await mkdir(join(checkout, ".git"), { recursive: true });
    await mkdir(join(checkout, "settings"));
    await inCheckout("index.ts", "");
    await inCheckout("Pulumi.yaml", "name: keelson\n");
    await inCheckout("Pulumi.dev.yaml", "config:\n  keelson:replicas: 3\n");
    await inCheckout("Pulumi.eu-west.prod.yaml", "config: {}\n");
    await syncProject(checkout, paths());
  });
  afterEach(() => rm(root, { recursive: true }));

  it("links to what is in the checkout, and copies what the engine writes to", async () => {
    assert.equal(await realpath(inProject("index.ts")), join(checkout, "index.ts"));
    assert.equal(await realpath(inProject("Pulumi.dev.yaml")), inProject("Pulumi.dev.yaml"));
    assert.deepEqual((await readdir(paths().project)).sort(), [
      "Pulumi.dev.yaml",
      "Pulumi.eu-west.prod.yaml",
      "Pulumi.yaml",
      "index.ts",
      "settings",
    ]);
    assert.deepEqual(await stackNames(checkout), ["dev", "eu-west.prod"]);
  });

  it("leaves the checkout as it is when the engine writes", async () => {
    await writeFile(inProject("Pulumi.dev.yaml"), "encryptionsalt: v1:abc\n");
    await syncProject(checkout, paths());
    assert.equal(await readFile(join(checkout, "Pulumi.dev.yaml"), "utf8"), "config:\n  keelson:replicas: 3\n");
  });

  it("keeps what was set in the sandbox until the checkout's file changes, and the salt beyond that", async () => {
    const set = "config:\n  keelson:replicas: 9\nencryptionsalt: v1:abc\n";
    await writeFile(inProject("Pulumi.dev.yaml"), set);
    await syncProject(checkout, paths());
    assert.equal(await readFile(inProject("Pulumi.dev.yaml"), "utf8"), set);
    await inCheckout("Pulumi.dev.yaml", "config:\n  keelson:replicas: 4\n");
    await syncProject(checkout, paths());
    const copy: unknown = parse(await readFile(inProject("Pulumi.dev.yaml"), "utf8"));
    assert.deepEqual(copy, { config: { "keelson:replicas": 4 }, encryptionsalt: "v1:abc" });
  });

  it("copies a file that is no YAML as it is, for the engine to tell", async () => {
    await inCheckout("Pulumi.dev.yaml", "config: [\n");
    await syncProject(checkout, paths());
    assert.equal(await readFile(inProject("Pulumi.dev.yaml"), "utf8"), "config: [\n");
  });

  it("follows files and stacks that come and go", async () => {
    await rm(join(checkout, "index.ts"));
    await rm(join(checkout, "Pulumi.eu-west.prod.yaml"));
    await inCheckout("added.ts", "");
    await inCheckout("Pulumi.qa.yaml", "config: {}\n");
    await syncProject(checkout, paths());
    assert.deepEqual((await readdir(paths().project)).sort(), [
      "Pulumi.dev.yaml",
      "Pulumi.qa.yaml",
      "Pulumi.yaml",
      "added.ts",
      "settings",
    ]);
  });

  it("has what is no YAML as it is, and says what is wrong with it", async () => {
    const wrong: Record<string, [text: string, problem: string]> = {
      a: ["config:\n  a: 1\n  a: 2\n", "Pulumi.a.yaml is no YAML (DUPLICATE_KEY, line 3)"],
      b: ["config: [1\nb: 2\n", "Pulumi.b.yaml is no YAML (BAD_INDENT, line 2)"],
      c: ["config: *x\n", "Pulumi.c.yaml is no YAML: it has an alias"],
      d: ["- config\n", "Pulumi.d.yaml has no keys: it must be a map"],
    };
    for (const [stack, [text]] of Object.entries(wrong)) await inCheckout(`Pulumi.${stack}.yaml`, text);
    await inCheckout("Pulumi.empty.yaml", "");
    await syncProject(checkout, paths());
    for (const [stack, [text]] of Object.entries(wrong))
      assert.equal(await readFile(inProject(`Pulumi.${stack}.yaml`), "utf8"), text);
    const unreadable = await unreadableStacks(checkout);
    assert.deepEqual([...unreadable.keys()], Object.keys(wrong));
    for (const [stack, [, problem]] of Object.entries(wrong)) assert.ok(unreadable.get(stack)?.startsWith(problem));
    await inCheckout("Pulumi.a.yaml", "config: { a: 1 }\n");
    await syncProject(checkout, paths());
    assert.deepEqual(parse(await readFile(inProject("Pulumi.a.yaml"), "utf8")), { config: { a: 1 } });
  });

  it("takes no folder and no link to nothing for a stack", async () => {
    await mkdir(join(checkout, "Pulumi.folder.yaml"));
    await symlink("nothing", join(checkout, "Pulumi.link.yaml"));
    await rm(join(checkout, "Pulumi.eu-west.prod.yaml"));
    await mkdir(join(checkout, "Pulumi.eu-west.prod.yaml"));
    await syncProject(checkout, paths());
    assert.deepEqual(await stackNames(checkout), ["dev"]);
    assert.deepEqual((await readdir(paths().project)).sort(), [
      "Pulumi.dev.yaml",
      "Pulumi.yaml",
      "index.ts",
      "settings",
    ]);
  });

  it("leaves out what another key encrypted", () => {
    const source = `secretsprovider: awskms://alias/prod
encryptedkey: AAAA
encryptionsalt: v1:theirs
config:
  # who may see what
  keelson:plain: yes
  keelson:token:
    secure: v1:secret
  keelson:nested:
    key: { secure: v1:secret }
    other: 1
`;
    const copy = sandboxStackFile(source, "encryptionsalt: v1:ours\n");
    assert.doesNotMatch(copy, /secure|theirs|AAAA|awskms/);
    assert.deepEqual(parse(copy), {
      config: { "keelson:plain": "yes", "keelson:nested": { other: 1 } },
      encryptionsalt: "v1:ours",
    });
    assert.match(copy, /# who may see what/);
  });
});
