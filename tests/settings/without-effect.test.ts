import assert from "node:assert/strict";
import { stackSchema } from "../../settings/schema.ts";
import { withoutEffect } from "../../settings/without-effect.ts";
import { systems } from "../../systems/index.ts";
import { modelOf } from "../../topology/model.ts";

const existing = { host: "db.example.com" };

/** What a stack of CodeLab in prod is told of what it sets of its data stores. */
function problems(data: object): string[] {
  const { data: set } = stackSchema.parse({ system: "codelab", environment: "prod", data });
  const model = modelOf(systems, "codelab", "prod", { "keelson:data": JSON.stringify({ postgres: { existing } }) });
  return withoutEffect({ data: set }, model).map(({ path, message, fix }) => `${path.join(".")}: ${message}; ${fix}`);
}

describe("what a stack sets beside an existing server", () => {
  it("is told to do nothing, each by itself", () => {
    const resources = { requests: { cpu: "1" } };
    const set = { existing, architecture: "replication", storage: { size: "100Gi" }, resources };
    const more = { image: { tag: "17" }, readReplicas: { count: 3 }, backup: { schedule: "0 4 * * *" } };
    assert.deepEqual(
      problems({ postgres: { ...set, ...more } }),
      ["architecture", "image", "storage", "resources", "readReplicas", "backup"].map(
        (field) =>
          `data.postgres.${field}: has no effect on a server that somebody else runs; remove it, or data.postgres.existing`,
      ),
    );
  });

  it("may say that there is none of it, and what an existing server has too", () =>
    assert.deepEqual(
      problems({
        postgres: { existing, architecture: "standalone", readReplicas: false, backup: false, rotation: 2 },
      }),
      [],
    ));

  it("is nothing for a server that runs here", () =>
    assert.deepEqual(problems({ redis: { storage: { size: "20Gi" } } }), []));
});
