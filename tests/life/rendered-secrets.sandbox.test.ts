import assert from "node:assert/strict";
import { render, renderedObjects, secretData } from "../rendered.ts";
import { findCanaries } from "./canaries.ts";

describe("what npm run render prints of prod", () => {
  it("holds no secret value, plain or in base64, in any object", async () => {
    const secrets = (await renderedObjects("codelab", "prod")).filter(({ kind }) => kind === "Secret");
    // Host names, ports and users, which Secrets hold as well, are shorter than any password.
    const values = secrets.flatMap((secret) => Object.values(secretData(secret))).filter(({ length }) => length >= 20);
    assert.ok(values.length >= 8, "CodeLab has secrets");
    const { stdout, stderr } = await render("--system", "codelab", "--environment", "prod");
    assert.deepEqual(findCanaries(values, { stdout, stderr }), []);
  });
});
