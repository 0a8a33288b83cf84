/**
 * Stand-in for `pulumi-analyzer-policy-nodejs`, which the engine starts for a policy pack where it has no Node.js
 * language host, with the pack's folder as working directory. It runs the pack by the pack's own SDK.
 */
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { exitWithParent } from "./plugin-server.ts";

const runner = createRequire(join(process.cwd(), "index.js")).resolve("@pulumi/pulumi/cmd/run-policy-pack");
const pack = spawn("node", [runner, ...process.argv.slice(2)], { stdio: ["ignore", "inherit", "inherit"] });
exitWithParent(() => pack.kill("SIGKILL"));
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => pack.kill(signal));
pack.on("error", (error) => {
  process.stderr.write(`The policy pack could not be started: ${error.message}\n`);
  process.exit(1);
});
pack.on("exit", (code) => process.exit(code ?? 1));
