import assert from "node:assert/strict";
import { access, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import ts from "typescript";
import { renderOffline } from "../../sandbox/offline.ts";

/** The example of the package's README as a program, with its chart from a folder. */
async function example(): Promise<string> {
  const [, code] = /```ts\n([\s\S]*?)```/.exec(await readFile("components/README.md", "utf8")) ?? [];
  assert.ok(code, "an example in components/README.md");
  const charts = 'source: { kind: "folder", path: process.env.CHARTS ?? "" },';
  return code.replace("connectionSecret: {", `${charts}\n    connectionSecret: {`) + worker;
}

/** What the example does not show. */
const worker = `
new ApplicationService("worker", {
  namespace: "shop",
  image: { repository: "ghcr.io/example/worker", tag: "1.2.3" },
  resources,
  probes: { readiness: { exec: ["true"] }, liveness: { exec: ["true"] } },
  replicas: 2,
  secretEnv: { TOKEN: "hidden-token" },
});
`;

interface Policy {
  metadata: { name: string };
  spec: { ingress: { ports: { port: number }[] }[]; egress: { ports: { port: number }[] }[] };
}

/** What an editor shows where fields of the program are written. */
function shown(folder: string, program: string, fields: string[]): string[] {
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
    const program = await example();
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

    const [database, tag, replicas, secretEnv] = shown(folder, program, ["database", "tag", "replicas", "secretEnv"]);
    assert.equal(database, "Database that is made at the first start.");
    assert.match(tag ?? "", /^The tag\./);
    assert.match(replicas ?? "", /^Pods, where no autoscaling owns the number.* At least 0.* @default 1$/);
    assert.match(secretEnv ?? "", /^Variables with secret values/);
    await access(join(folder, "node_modules", "@keelson", "components", "LICENSE"));

    process.env.CHARTS = join(root, "sandbox", "charts");
    const objects = await renderOffline({ checkout: folder, config: {} });
    const names = objects.map(({ object }) => `${object.kind} ${(object.metadata as { name: string }).name}`);
    for (const wanted of ["Namespace shop", "Deployment cart", "Service cart", "StatefulSet db-read", "Ingress site"])
      assert.ok(names.includes(wanted), `${wanted} in ${names.join(", ")}`);
    const deployment = JSON.stringify(objects.find(({ urn }) => urn.endsWith("worker-deployment")));
    assert.match(deployment, /"keelson\.dev\/secret\.worker-env":"[0-9a-f]{12}"/);
    assert.ok(!deployment.includes("hidden-token"));

    const policies = objects.flatMap(({ object }) =>
      object.kind === "NetworkPolicy" ? [object as unknown as Policy] : [],
    );
    const open = policies.map(({ metadata: { name }, spec }) => {
      const ports = (rules: { ports: { port: number }[] }[] = []) =>
        rules.flatMap((rule) => [...new Set(rule.ports.map(({ port }) => port))]);
      return [name, { from: ports(spec.ingress), to: ports(spec.egress) }];
    });
    assert.deepEqual(Object.fromEntries(open), {
      "default-deny": { from: [], to: [] },
      "acme-http01-solver-netpol": { from: [8089], to: [53] },
      "cart-netpol": { from: [8080], to: [53, 5432, 5432, 443] },
      "db-primary-netpol": { from: [5432, 5432], to: [53] },
      "db-read-netpol": { from: [5432], to: [53, 5432] },
    });
  });
});
