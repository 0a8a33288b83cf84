import assert from "node:assert/strict";
import { Secret } from "../../../components/security/secret.ts";
import { asPreviewAndUpdate, only, record } from "../mocks.ts";

describe("a Secret", () => {
  asPreviewAndUpdate((preview) => {
    it("says its type (003-SEC-1), for which no Secret that exists is replaced", async () => {
      const made = await record(
        preview,
        () => new Secret("keys", { namespace: "shop", instance: "shop", keys: { token: { value: "x" } } }),
      );
      const { inputs, options } = only(
        made.filter(({ type }) => type === "kubernetes:core/v1:Secret"),
        "Secret",
      );
      assert.equal(inputs.type, "Opaque");
      assert.deepEqual(options.ignoreChanges, ["type"]);
    });
  });
});
