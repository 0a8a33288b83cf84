import assert from "node:assert/strict";
import { ExternalSecrets, type ExternalSecretsArgs } from "../../../components/security/external-secrets.ts";
import { asPreviewAndUpdate, only, record } from "../mocks.ts";

describe("ExternalSecrets", () => {
  asPreviewAndUpdate((preview) => {
    const make = (args: ExternalSecretsArgs = {}) => record(preview, () => new ExternalSecrets("operator", args));
    const chartOf = async (args: ExternalSecretsArgs) =>
      only(await make(args), "Chart").inputs as unknown as {
        namespace: string;
        version: string;
        values: Record<string, unknown>;
      };

    it("is one chart, known at preview, in its usual place", async () => {
      const { namespace, version } = await chartOf({});
      assert.deepEqual([namespace, version], ["external-secrets", "2.9.0"]);
    });

    it("has a second pod and a leader where it must not fail", async () => {
      const { values } = await chartOf({ highAvailability: true });
      assert.deepEqual([values.replicaCount, values.leaderElect], [2, true]);
      assert.deepEqual((await chartOf({})).values.leaderElect, false);
    });

    it("takes its image from the registry that is given", async () => {
      const { values } = await chartOf({ registry: "registry.example.com/mirror" });
      assert.deepEqual(values.image, {
        repository: "registry.example.com/mirror/external-secrets/external-secrets",
        tag: "v2.9.0",
      });
    });

    it("makes nothing that another stack owns", async () => {
      assert.deepEqual(
        (await make({ ownership: "present" })).map(({ name }) => name),
        ["operator"],
      );
    });

    it("refuses what it does not know, all at once", async () => {
      await assert.rejects(
        async () => make({ namespace: "No Name", highAvailability: "yes" } as unknown as ExternalSecretsArgs),
        /namespace[\s\S]*highAvailability/,
      );
    });
  });
});
