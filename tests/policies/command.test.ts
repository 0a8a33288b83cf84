import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { objectsIn } from "../../policies/manifests.ts";

const command = fileURLToPath(new URL("../../policies/command.ts", import.meta.url));

interface Found {
  rule: string;
  verdict: string;
  level: string;
  file: string;
  kind: string;
  namespace: string | null;
  name: string;
  container: string | null;
  path: string;
  message: string;
  remedy: string;
}

describe("the policy command", function () {
  this.timeout(30_000);
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "keelson-policy-"));
    await writeFile(
      join(folder, "pod.yaml"),
      "apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: n}\nspec: {containers: [{name: c, securityContext: {privileged: yes}}], volumes: [{name: v, configMap: {name: x}}]}\n",
    );
    await writeFile(join(folder, "other.yaml"), "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x, namespace: n}\n");
    await writeFile(join(folder, "values.yaml"), "replicas: 2\n");
    await writeFile(join(folder, "template.tpl"), "kind: {{ .Values.kind }}\nname: {{ x\n");
    await writeFile(
      join(folder, "config.yaml"),
      "no-privileged: disabled\nhigh-uid-gid: { minimum: high }\nno-privilegde: advisory\n",
    );
  });
  after(() => rm(folder, { recursive: true, force: true }));

  async function run(args: string[], input = ""): Promise<{ status: number | undefined; out: string; err: string }> {
    const result = await execa(process.execPath, [command, ...args], { cwd: folder, input, reject: false });
    return { status: result.exitCode, out: result.stdout, err: result.stderr };
  }

  it("tells what is broken as JSON, and judges all files of a folder together", async () => {
    const alone = await run(["--all", "--json", "pod.yaml"]);
    assert.equal(alone.status, 1);
    const found: Found[] = JSON.parse(alone.out);
    const privileged = found.find(({ rule }) => rule === "no-privileged");
    assert.ok(privileged);
    const { message, remedy, ...place } = privileged;
    assert.deepEqual(place, {
      rule: "no-privileged",
      verdict: "broken",
      severity: "critical",
      level: "mandatory",
      file: "pod.yaml",
      apiVersion: "v1",
      kind: "Pod",
      namespace: "n",
      name: "a",
      container: "c",
      path: "spec.containers[0].securityContext.privileged",
    });
    assert.match(message, /^Pod n\/a, container c: .*privileged is true\.$/);
    assert.match(remedy, /privileged: false/);
    assert.ok(found.some(({ rule }) => rule === "config-ref-exists"));
    const together: Found[] = JSON.parse((await run(["--all", "--json", "."])).out);
    assert.ok(!together.some(({ rule }) => rule === "config-ref-exists"));
  });

  it("ends with 0 where nothing is broken, and reads standard input", async () => {
    const clean = await run(
      ["--rule", "no-privileged", "--json", "-"],
      '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"}}',
    );
    assert.deepEqual([clean.status, clean.out], [0, "[]"]);
    const list = await run(
      ["--rule", "no-privileged", "-"],
      '[{"apiVersion":"v1","kind":"Pod","spec":{"containers":[{"securityContext":{"privileged":true}}]}}]',
    );
    assert.equal(list.status, 1);
    assert.match(list.out, /1 broken/);
  });

  it("ends with 2 and one line for a mistake", async () => {
    const cases: [string[], RegExp][] = [
      [["--rule", "no-privilegd", "pod.yaml"], /There is no rule "no-privilegd"\. Did you mean "no-privileged"\?/],
      [["--environment", "prd", "pod.yaml"], /there is no environment "prd"/],
      [["--kubernetes-version", "2.1", "pod.yaml"], /"2.1" is no version of Kubernetes/],
      [["nothing.yaml"], /nothing\.yaml: there is no such file or folder/],
      [["template.tpl"], /template\.tpl:\d+: .*It looks like a template: render it first/],
      [
        ["--config", "config.yaml", "pod.yaml"],
        /There is no rule "no-privilegde".*option "minimum": must be of type integer/,
      ],
      [[], /there is nothing to judge/],
      [["--jsn", "pod.yaml"], /Unknown option '--jsn'/],
    ];
    for (const [args, expected] of cases) {
      const { status, out, err } = await run(args);
      assert.equal(status, 2, args.join(" "));
      assert.equal(out, "");
      assert.match(err, expected);
      assert.doesNotMatch(err, /\n\s+at /);
    }
  });

  it("judges what it could read, and ends with 2 for what it could not", async () => {
    const { status, out, err } = await run(["--rule", "no-privileged", "--json", "template.tpl", "pod.yaml"]);
    assert.equal(status, 2);
    assert.equal(JSON.parse(out).length, 1);
    assert.match(err, /template\.tpl:\d+: .*\n.*The rest was judged without it\.$/s);
  });

  it("writes SARIF", async () => {
    const { out } = await run(["--rule", "no-privileged", "--sarif", "pod.yaml"]);
    const [{ results, tool }] = JSON.parse(out).runs;
    assert.equal(results.length, 1);
    assert.equal(tool.driver.rules[results[0].ruleIndex].id, "no-privileged");
    assert.equal(results[0].level, "error");
  });
});

describe("manifests", () => {
  it("are read as kubectl reads them", () => {
    const yes = objectsIn("f", "apiVersion: v1\nkind: Pod\nspec: {a: yes, b: on, c: 0644, d: 2020-01-01, e: 12:30}\n");
    assert.deepEqual(yes.objects[0]?.body.at("spec").whole, { a: true, b: true, c: 420, d: "2020-01-01", e: "12:30" });
    const last = objectsIn("f", "apiVersion: v1\nkind: Pod\nspec: {a: 1, a: 2}\n---\n---\nkind: Other\n");
    assert.deepEqual(
      last.objects.map(({ body }) => body.at("spec").whole),
      [{ a: 2 }],
    );
    const list = objectsIn(
      "f",
      "apiVersion: v1\nkind: List\nitems: [{apiVersion: v1, kind: Pod, metadata: {name: a}}]\n",
    );
    assert.deepEqual(
      list.objects.map(({ kind, name }) => [kind, name]),
      [["Pod", "a"]],
    );
    const merged = objectsIn("f", "apiVersion: v1\nkind: Pod\nbase: &b {x: 1}\nspec: {<<: *b, y: 2}\n");
    assert.deepEqual(merged.objects[0]?.body.at("spec").whole, { x: 1, y: 2 });
  });
});
