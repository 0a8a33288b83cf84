import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { cacheFolder } from "../../sandbox/paths.ts";

const here = new URL(".", import.meta.url).pathname;

/** The folder that linters are kept in. */
const kept = (name: string) => join(cacheFolder(), "linters", name);

/** actionlint, built from its pinned Go module; or why it cannot be had. */
export async function actionlint(): Promise<{ path: string } | { reason: string }> {
  const path = join(kept("actionlint-1.7.12"), "actionlint");
  if (existsSync(path)) return { path };
  const built = await execa("go", ["build", "-trimpath", "-o", path, "github.com/rhysd/actionlint/cmd/actionlint"], {
    cwd: join(here, "actionlint"),
    env: { CGO_ENABLED: "0", GOWORK: "off" },
    reject: false,
    timeout: 240_000,
  });
  return built.failed ? { reason: `actionlint could not be built with Go: ${lastLine(built.stderr)}` } : { path };
}

/** zizmor, from the Python package index, its digest checked; or why it cannot be had. */
export async function zizmor(): Promise<{ path: string } | { reason: string }> {
  const folder = kept("zizmor-1.32.0");
  const path = join(folder, "bin", "zizmor");
  if (existsSync(path)) return { path };
  await mkdir(folder, { recursive: true });
  const words = ["--quiet", "--no-deps", "--only-binary", ":all:", "--require-hashes", "--target", folder];
  const installed = await execa("python3", ["-m", "pip", "install", ...words, "-r", join(here, "zizmor.txt")], {
    reject: false,
    timeout: 120_000,
  });
  return installed.failed
    ? { reason: `zizmor could not be installed with pip: ${lastLine(installed.stderr)}` }
    : { path };
}

function lastLine(text: string | undefined): string {
  return text?.trim().split("\n").at(-1) ?? "it is not there";
}
