import assert from "node:assert/strict";
import { access, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import ts from "typescript";
import { renderOffline } from "../../sandbox/offline.ts";

const program = `import { ApplicationService, Namespace, PostgreSQL } from "@keelson/components";

const namespace = new Namespace("shop", { namespace: "shop", instance: "shop" });
const resources = { requests: { cpu: "100m", memory: "64Mi" }, limits: { cpu: "500m", memory: "256Mi" } };
new ApplicationService("cart", {
  namespace: "shop",
  image: { repository: "ghcr.io/example/cart", tag: "1.2.3" },
  ports: [{ name: "http", port: 8080 }],
  resources,
  replicas: 2,
  secretEnv: { TOKEN: "hidden-token" },
  probes: { readiness: { http: "/ready", port: "http" }, liveness: { http: "/health", port: "http" } },
}, { dependsOn: [namespace] });
new PostgreSQL("db", {
  namespace: "shop",
  database: "shop",
  username: "shop",
  resources,
  connectionSecret: { name: "db-secret" },
  source: { kind: "folder", path: process.env.CHARTS ?? "" },
}, { dependsOn: [namespace] });
`;

/** What an editor shows where fields of the program are written. */
function shown(folder: string, fields: string[]): string[] {
  const file = join(folder, "index.ts");
  const options = { module: ts.ModuleKind.NodeNext, target: ts.ScriptTarget.ES2024, strict: true, types: [] };
  const service = ts.createLanguageService({
    ...ts.sys,
    useCaseSensitiveFileNames: () => ts.sys.useCaseSensitiveFileNames,
    getScriptFileNames: () => [file],
    getScriptVersion: () => "1",
    getScriptSnapshot: (path) => {
      const text = ts.sys.readFile(path);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
    getCompilationSettings: () => options,
    getDefaultLibFileName: ts.getDefaultLibFilePath,
  });
  return fields.map((field) => {
    const info = service.getQuickInfoAtPosition(file, program.indexOf(` ${field}:`) + 1);
    const tags = info?.tags?.map(({ name, text }) => `@${name} ${ts.displayPartsToString(text)}`) ?? [];
    return [ts.displayPartsToString(info?.documentation), ...tags].join(" ");
  });
}

describe("the component package", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "keelson-package-"));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it("is built, installed into an empty program, type-checked and run by the engine", async () => {
    const root = process.cwd();
    const dependencies = JSON.parse(await readFile("package.json", "utf8")).dependencies as Record<string, string>;
    const { stdout } = await execa("npm", ["pack", "--silent", "--pack-destination", folder], {
      cwd: join(root, "components"),
    });
    const tarball = stdout.trim().split("\n").at(-1) ?? "";
    const peers = ["@pulumi/kubernetes", "@pulumi/pulumi", "@pulumi/random"].map((name) => [name, dependencies[name]]);
    await writeFile(
      join(folder, "package.json"),
      JSON.stringify({
        name: "empty",
        private: true,
        type: "module",
        dependencies: { ...Object.fromEntries(peers), "@keelson/components": `file:${tarball}` },
      }),
    );
    await execa("npm", ["install", "--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts"], { cwd: folder });
    await writeFile(join(folder, "index.ts"), program);
    await writeFile(
      join(folder, "Pulumi.yaml"),
      "name: empty\nruntime:\n  name: nodejs\n  options:\n    typescript: false\nmain: index.ts\n",
    );

    const compiler = {
      target: "es2024",
      module: "nodenext",
      strict: true,
      noEmit: true,
      types: ["node"],
      typeRoots: [join(root, "node_modules", "@types")],
    };
    await writeFile(
      join(folder, "tsconfig.json"),
      JSON.stringify({ compilerOptions: { ...compiler, skipLibCheck: true }, files: ["index.ts"] }),
    );
    await execa(join(root, "node_modules", ".bin", "tsc"), ["-p", folder]);

    const [database, tag, replicas, secretEnv] = shown(folder, ["database", "tag", "replicas", "secretEnv"]);
    assert.equal(database, "Database that is made at the first start.");
    assert.match(tag ?? "", /^The tag\./);
    assert.match(replicas ?? "", /^Pods, where no autoscaling owns the number.* At least 0.* @default 1$/);
    assert.match(secretEnv ?? "", /^Variables with secret values/);
    await access(join(folder, "node_modules", "@keelson", "components", "LICENSE"));

    process.env.CHARTS = join(root, "sandbox", "charts");
    const objects = await renderOffline({ checkout: folder, config: {} });
    const names = objects.map(({ object }) => `${object.kind} ${(object.metadata as { name: string }).name}`);
    for (const wanted of ["Namespace shop", "Deployment cart", "Service cart", "StatefulSet db", "Secret db-secret"])
      assert.ok(names.includes(wanted), `${wanted} in ${names.join(", ")}`);
    const deployment = JSON.stringify(objects.find(({ object }) => object.kind === "Deployment"));
    assert.match(deployment, /"keelson\.dev\/secret\.cart-env":"[0-9a-f]{12}"/);
    assert.ok(!deployment.includes("hidden-token"));
  });
});
