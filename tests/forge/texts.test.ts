import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { cut } from "../../forge/cut.ts";
import { filePost } from "../../forge/file.ts";
import { secretIn } from "../../forge/secrets.ts";
import { clear, keep, putAside } from "../../forge/sticky.ts";

describe("texts for a forge", () => {
  it("stay as they are where they fit", () => {
    assert.equal(cut("# A\n\nB\n", 8), "# A\n\nB\n");
  });

  it("are cut after a whole line, with what is open closed", () => {
    const text = `# Verdict\n<details><summary>more</summary>\n\n\`\`\`diff\n${"+ line\n".repeat(100)}\`\`\`\n\n</details>\n`;
    const short = cut(text, 300);
    assert.match(short, /^# Verdict\n/);
    assert.match(short, /\+ line\n\n```\n\n<\/details>\n\n\*\*Cut here: of 768 characters 300 fit\./);
  });

  it("never get longer than they may be", () => {
    const line = fc.constantFrom(
      "text",
      "```",
      "~~~~",
      "````yaml",
      "<details>",
      "</details>",
      "",
      "- @somebody",
      "é".repeat(90),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 60 }), fc.integer({ min: 200, max: 1000 }), (lines, limit) => {
        const short = cut(lines.join("\n"), limit);
        assert.ok(short.length <= limit);
        if (lines.join("\n").length <= limit) return;
        let fence = "";
        let folds = 0;
        for (const one of short.split("\n")) {
          const mark = /^(`{3,}|~{3,})/.exec(one)?.[0] ?? "";
          if (fence) fence = mark.startsWith(fence) && one === mark ? "" : fence;
          else if (mark) fence = mark;
          else folds += one.split("<details").length - one.split("</details>").length;
        }
        assert.equal(fence, "");
        assert.ok(folds <= 0, "every fold is closed");
      }),
    );
  });

  const secrets: Record<string, string> = {
    "a private key": "-----BEGIN RSA PRIVATE KEY-----",
    "the engine's mark of a secret": '{"4dabf18193072939515e22adb298388d":"1b47061264138c4ac30d75fd1eb44270"}',
    "a GitHub token": `ghs_${"a1B2".repeat(9)}`,
    "a GitLab token": `glpat-${"a1B2-".repeat(4)}`,
    "a Pulumi access token": `pul-${"a1b2".repeat(10)}`,
    "an AWS access key": "AKIAIOSFODNN7EXAMPLE",
    "an OpenAI or Anthropic API key": `sk-proj-${"a1B2".repeat(8)}`,
    "a JSON web token": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abc",
    "a password in a URL": "postgresql://app:hunter2hunter2@postgres:5432/app",
    "the value of DATABASE_PASSWORD": "has correct-horse in it",
  };
  const env = {
    DATABASE_PASSWORD: "correct-horse",
    SHORT_TOKEN: "has",
    GITHUB_ACTION_KEY: "nothing is",
    KEY_NAME: "written",
  };
  for (const [kind, text] of Object.entries(secrets)) {
    it(`are known to have ${kind} in them`, () => assert.equal(secretIn(`before ${text} after`, env), kind));
  }

  it("are not taken for secrets where nothing secret is written", () => {
    for (const text of [
      "has nothing is written here",
      "postgresql://app:[secret]@postgres:5432/app and postgresql://app:$(PASSWORD)@postgres:5432/app",
      "https://github.com/team/shop/actions/runs/5 and image@sha256:0123 ssh://git@example.com",
      "kubernetes:apps/v1:Deployment::gateway, registry.example.com:5000/app@sha256:ab",
      "skipAwait, disk-size, sk-short",
    ])
      assert.equal(secretIn(text, env), undefined, text);
  });

  it("are kept in a file, put aside and removed", async () => {
    const folder = await mkdtemp(join(tmpdir(), "keelson-forge-"));
    const file = join(folder, "comment.md");
    const speaker = { name: "keelson", run: "1" };
    await keep(filePost(file), speaker, "first");
    await keep(filePost(file), { ...speaker, run: "2" }, "second");
    assert.match(await readFile(file, "utf8"), /run=2 -->\nsecond$/);
    await putAside(filePost(file), { ...speaker, run: "3" }, "Superseded.");
    assert.match(await readFile(file, "utf8"), /Superseded\./);
    await clear(filePost(file), speaker);
    await assert.rejects(readFile(file), { code: "ENOENT" });
    await writeFile(file, "somebody's own");
    await clear(filePost(file), speaker);
    assert.equal(await readFile(file, "utf8"), "somebody's own");
    await rm(folder, { recursive: true });
  });
});
