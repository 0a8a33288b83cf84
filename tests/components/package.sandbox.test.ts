import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { renderOffline } from "../../sandbox/offline.ts";

const program = `import { ApplicationService, Namespace, PostgreSQL } from "@keelson/components";

const namespace = new Namespace("shop", { namespace: "shop", instance: "shop" });
const resources = { requests: { cpu: "100m", memory: "64Mi" }, limits: { cpu: "500m", memory: "256Mi" } };
new ApplicationService("cart", {
  namespace: "shop",
  image: { repository: "ghcr.io/example/cart", tag: "1.2.3" },
  ports: [{ name: "http", port: 8080 }],
  resources,
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
