import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RunError } from "@pulumi/pulumi";
import { SettingsError } from "../../settings/read.ts";
import { readStackFile } from "../../settings/read-stack-file.ts";
import { findSandbox } from "../../settings/runtime.ts";

/** A folder of its own for each test. */
function ownFolder(): (name: string) => string {
  let folder = "";
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "keelson-stack-file-"));
  });
  afterEach(() => rm(folder, { recursive: true }));
  return (name) => join(folder, name);
}

describe("a stack file", () => {
  const inFolder = ownFolder();
  const file = () => inFolder("Pulumi.x.yaml");
  const told = async () => {
    const error: unknown = await readStackFile(file()).then(
      () => undefined,
      (reason) => reason,
    );
    assert.ok(error instanceof SettingsError, String(error));
    return error.problems;
  };

  it("is read with encrypted values as they are", async () => {
    await writeFile(file(), "config:\n  keelson:domain: { secure: abc }\n");
    assert.deepEqual(await readStackFile(file()), { "keelson:domain": { secure: "abc" } });
  });

  it("may be empty, or hold an empty config", async () => {
    for (const text of ["", "config:\n", "encryptionsalt: abc\n"]) {
      await writeFile(file(), text);
      assert.deepEqual(await readStackFile(file()), {});
    }
  });

  it("is told by its name where it is no YAML", async () => {
    await writeFile(file(), "config:\n  keelson:system: codelab\n  keelson:services: [\n  keelson:domain: CANARY\n");
    const [problem = ""] = await told();
    assert.match(
      problem,
      /^Pulumi\.x\.yaml: is no YAML \([A-Z_]+, line \d\); give one mapping of keys, with config: in it$/,
    );
  });

  it("is told by its name where it is no mapping", async () => {
    await writeFile(file(), "- CANARY\n");
    assert.deepEqual(await told(), ["Pulumi.x.yaml: has the wrong type; give a mapping of keys"]);
    await writeFile(file(), "config: CANARY\n");
    assert.deepEqual(await told(), ["Pulumi.x.yaml: config: has the wrong type; give a mapping of keys"]);
  });

  it("is told by its name where there is none, or a folder", async () => {
    assert.deepEqual(await told(), ["Pulumi.x.yaml: there is no such stack file; npm run new-stack writes one"]);
    await mkdir(file());
    assert.deepEqual(await told(), ["Pulumi.x.yaml: cannot be read (EISDIR); give a file that you may read"]);
  });
});

describe("the sandbox's marker", () => {
  const again = "start the sandbox again, or unset KEELSON_SANDBOX to use the stack's own cluster";
  const inFolder = ownFolder();
  const marker = () => inFolder("marker.json");
  const kubeconfig = () => inFolder("kubeconfig");
  const find = () => findSandbox({ KEELSON_SANDBOX: marker() });
  const write = (server: string) =>
    writeFile(marker(), JSON.stringify({ kubeconfig: kubeconfig(), context: "sandbox", server, charts: "/charts" }));
  const writeKubeconfig = (server: string) =>
    writeFile(
      kubeconfig(),
      `contexts: [{name: sandbox, context: {cluster: c}}]\nclusters: [{name: c, cluster: {server: "${server}"}}]\n`,
    );
  const told = (message: string) =>
    assert.throws(find, (error) => error instanceof RunError && error.message === message, message);

  it("is found", async () => {
    await write("https://127.0.0.1:6443");
    await writeKubeconfig("https://127.0.0.1:6443");
    assert.equal(find()?.context, "sandbox");
    assert.equal(findSandbox({}), undefined);
  });

  it("is told in one line where it is missing, or something else", async () => {
    told(`KEELSON_SANDBOX, ${marker()}, cannot be read (ENOENT); ${again}`);
    for (const text of ["{}", "", "backup: [", "{"]) {
      await writeFile(marker(), text);
      told(`KEELSON_SANDBOX, ${marker()}, is not what the sandbox writes; ${again}`);
    }
  });

  it("is told in one line where its kubeconfig is", async () => {
    await write("https://127.0.0.1:6443");
    told(`KEELSON_SANDBOX: the kubeconfig ${kubeconfig()} cannot be read (ENOENT); ${again}`);
    await writeFile(kubeconfig(), "clusters: [");
    told(`KEELSON_SANDBOX: the kubeconfig ${kubeconfig()} is not what the sandbox writes; ${again}`);
    await writeFile(kubeconfig(), "clusters: []\ncontexts: []\n");
    told(`KEELSON_SANDBOX: the kubeconfig ${kubeconfig()} has no server for context "sandbox"; ${again}`);
  });

  it("never leads to a cluster elsewhere", async () => {
    await write("https://127.0.0.1:6443");
    await writeKubeconfig("https://prod.example.com");
    assert.throws(find, /API server https:\/\/prod\.example\.com is not on this machine/);
  });
});
