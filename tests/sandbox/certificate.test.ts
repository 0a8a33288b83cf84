import assert from "node:assert/strict";
import { copyFile, mkdtemp, rm, truncate } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { isValid } from "../../sandbox/certificate.ts";
import { findOnPath } from "../../sandbox/tool-installed.ts";
import { skip } from "../skip.ts";

describe("a certificate of the API server", () => {
  let folder: string;
  const file = (name: string) => join(folder, name);

  before(async function () {
    if ((await findOnPath("openssl")) === undefined) skip(this, "openssl makes its certificates");
    folder = await mkdtemp(join(tmpdir(), "keelson-certificate-"));
    for (const [name, days] of Object.entries({ long: 365, short: 10 })) {
      const made = ["-keyout", file(`${name}.key`), "-out", file(`${name}.crt`), "-days", String(days)];
      const kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=harbour"];
      await execa("openssl", ["req", "-x509", ...kind, ...made]);
    }
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it("is valid for some time yet", async () => {
    assert.ok(await isValid(file("long.crt"), file("long.key"), 30));
    assert.ok(!(await isValid(file("short.crt"), file("short.key"), 30)));
    assert.ok(await isValid(file("short.crt"), file("short.key"), 0));
  });

  it("is of no use without its key, or damaged", async () => {
    assert.ok(!(await isValid(file("long.crt"), file("short.key"), 30)));
    assert.ok(!(await isValid(file("long.crt"), file("missing.key"), 30)));
    await copyFile(file("long.crt"), file("damaged.crt"));
    await truncate(file("damaged.crt"), 100);
    assert.ok(!(await isValid(file("damaged.crt"), file("long.key"), 30)));
  });
});
