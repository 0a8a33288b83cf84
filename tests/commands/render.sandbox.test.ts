import assert from "node:assert/strict";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { parseAllDocuments } from "yaml";
import { type Rendered, render, renderedObjects, secretData } from "../rendered.ts";

const stack = ["--system", "codelab", "--environment", "dev"];

describe("npm run render", () => {
  it("prints the same bytes each time, and nothing else on standard output", async () => {
    const [first, second] = [await render(...stack), await render(...stack)];
    assert.equal(first.exitCode, 0, first.stderr);
    assert.equal(first.stdout, second.stdout);
    assert.ok(first.stdout.startsWith("---\n"));
  });

  it("prints in YAML, old and new, and in JSON the same objects, masked", async () => {
    const { stdout } = await render(...stack);
    const json = JSON.parse((await render(...stack, "--json")).stdout) as Rendered[];
    for (const version of ["1.1", "1.2"] as const) {
      const documents = parseAllDocuments(stdout, { version });
      assert.deepEqual(
        documents.map((document) => document.toJS() as Rendered),
        json,
        `YAML ${version}`,
      );
    }
    for (const secret of json.filter(({ kind }) => kind === "Secret")) {
      for (const value of Object.values({ ...secret.data, ...secret.stringData })) assert.equal(value, "[secret]");
    }
  });

  it("shows one placeholder for each value, and a password in its URL as well", async () => {
    const secrets = (await renderedObjects("codelab", "dev")).filter(({ kind }) => kind === "Secret").map(secretData);
    const passwords = secrets.flatMap(({ password }) => password ?? []);
    assert.ok(passwords.length >= 2);
    for (const password of passwords)
      assert.ok(
        secrets.some((values) =>
          Object.values(values).some((value) => value.includes(`:${password}@`) || value === password),
        ),
      );
  });

  it("takes its folder with it where a signal ends it", async () => {
    const folder = await mkdtemp(join(tmpdir(), "keelson-ended-"));
    try {
      const made = async () => (await readdir(folder)).filter((entry) => entry.startsWith("keelson-render-"));
      const child = execa("node", ["commands/render.ts", ...stack], { env: { TMPDIR: folder }, reject: false });
      while ((await made()).length === 0) await sleep(20);
      // By then, the engine is at work.
      await sleep(1000);
      child.kill("SIGTERM");
      assert.equal((await child).signal, "SIGTERM");
      assert.deepEqual(await made(), []);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it("names what is wrong with its words, and the help", async () => {
    const wrong = await render("--system", "codlab", "--environment", "dev");
    assert.equal(wrong.exitCode, 2);
    assert.match(wrong.stderr, /there is no system "codlab"; did you mean "codelab"\?/);
    assert.equal((await render("--environment", "dev")).exitCode, 2);
    assert.equal((await render("--sistem", "x")).exitCode, 2);
    const help = await render("--help");
    assert.equal(help.exitCode, 0);
    assert.match(help.stdout, /--show-secrets/);
  });
});
