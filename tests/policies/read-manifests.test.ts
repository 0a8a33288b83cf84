import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { readManifests } from "../../policies/manifests.ts";

const namespace = (name: string) => `{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"${name}"}}`;

describe("reading manifests", () => {
  let folder: string;

  async function read(files: Readonly<Record<string, string | Buffer>>, ...paths: string[]) {
    for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
    const places = (paths.length > 0 ? paths : ["."]).map((path) => join(folder, path));
    const { objects, errors } = await readManifests(places, Readable.from([]));
    return {
      names: objects.map(({ name }) => name),
      errors: errors.map((error) => error.replaceAll(`${folder}/`, "")),
    };
  }

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "manifests-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it("takes one JSON document for each line, and a byte order mark", async () => {
    assert.deepEqual(
      await read({ "a.json": `${namespace("a")}\n${namespace("b")}\n`, "b.yaml": `\uFEFF${namespace("c")}` }),
      {
        names: ["a", "b", "c"],
        errors: [],
      },
    );
  });

  it("says which file is no text", async () => {
    const binary = Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 0, 0xff]);
    assert.deepEqual(await read({ "a.yaml": binary, "b.yaml": "\0", "c.yaml": namespace("c"), "d.png": binary }), {
      names: ["c"],
      errors: ["a.yaml: is no text in UTF-8", "b.yaml: is no text in UTF-8"],
    });
  });

  it("knows a template that nobody rendered, also where it is YAML by chance", async () => {
    const templates = [
      "metadata: { name: {{ .Values.name }} }",
      "metadata:\n  name: {{ .Values.name }}",
      "{{- if .Values.on }}\na: b\n{{- end }}",
    ];
    for (const template of templates) {
      const { names, errors } = await read({ "a.yaml": `apiVersion: v1\nkind: Namespace\n${template}\n` });
      assert.deepEqual(names, []);
      assert.match(errors.join(), /^a\.yaml.*looks like a template: render it first/);
    }
    const text =
      'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\ndata:\n  t: |\n    x: {{ .y }}\n  u: "{{ z }}"\n';
    assert.deepEqual(await read({ "a.yaml": text }), { names: ["a"], errors: [] });
  });

  it("takes a document with a name that lacks version or kind for an object, and one with neither for none", async () => {
    const text = [
      "kind: Pod\nmetadata: { name: a }",
      "apiVersion: v1\nmetadata: { generateName: b- }",
      "metadata: { name: c }",
      "kind: Deployment\nmetadata: {}",
      "apiVersion: v2\nname: chart",
      'apiVersion: ""\nkind: Pod\nmetadata: { name: d }',
      "apiVersion: 1\nkind: Pod\nmetadata: { name: e }",
      "- f",
    ].join("\n---\n");
    assert.deepEqual(await read({ "a.yaml": text }), { names: ["a", "#2", "d", "e"], errors: [] });
  });

  it("reads once what is given twice or linked in a circle, and names a link that leads nowhere", async () => {
    await mkdir(join(folder, "below"));
    await symlink(folder, join(folder, "below", "circle"));
    await symlink(join(folder, "a.yaml"), join(folder, "below", "again.yaml"));
    await symlink(join(folder, "gone"), join(folder, "below", "lost.yaml"));
    assert.deepEqual(await read({ "a.yaml": namespace("a") }, ".", "a.yaml", "below"), {
      names: ["a"],
      errors: ["below/lost.yaml: there is no such file or folder"],
    });
  });
});
