import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { ApplicationService, type ApplicationServiceArgs } from "../../../components/workloads/application-service.ts";
import { asPreviewAndUpdate, only, record } from "../mocks.ts";
import { cart as args } from "./cart.ts";

describe("secret variables of an ApplicationService", () => {
  asPreviewAndUpdate((preview) => {
    const make = (more: Partial<ApplicationServiceArgs> = {}) =>
      record(preview, () => new ApplicationService("cart", { ...args, ...more }));

    it("rolls its pods when a secret variable changes, by a mark that tells nothing of it", async () => {
      const mark = async (secretEnv: Record<string, pulumi.Input<string>>, component = "cart") => {
        const more = { name: "cart", secretEnv, rollout: { config: "1" } };
        const made = await record(preview, () => new ApplicationService(component, { ...args, ...more }));
        const { metadata } = (
          only(made, "Deployment").inputs as unknown as {
            spec: { template: { metadata: { annotations: Record<string, string> } } };
          }
        ).spec.template;
        assert.equal(metadata.annotations["keelson.dev/config"], "1");
        return metadata.annotations["keelson.dev/secret.cart-env"];
      };
      const first = await mark({ TOKEN: pulumi.secret("one"), OTHER: "two" });
      if (preview) {
        // The key is not made yet, and nothing else would do.
        assert.notEqual(typeof first, "string");
        return;
      }
      assert.match(first ?? "", /^[0-9a-f]{12}$/);
      assert.equal(await mark({ OTHER: "two", TOKEN: "one" }), first);
      for (const changed of [{ TOKEN: "1", OTHER: "two" }, { TOKEN: "one" }])
        assert.notEqual(await mark(changed), first);
      // Another key, another mark: nobody without the key can try out values.
      assert.notEqual(await mark({ TOKEN: "one", OTHER: "two" }, "basket"), first);
    });

    it("has no mark, and no key for one, without secret variables", async () => {
      const made = await make();
      assert.ok(!made.some(({ type }) => type.startsWith("random:")));
    });

    it("keeps secret variables in a Secret and names them in the container", async () => {
      const made = await make({ secretEnv: { TOKEN: "canary-value" } });
      const deployment = JSON.stringify(only(made, "Deployment").inputs);
      assert.ok(!deployment.includes("canary-value"));
      assert.ok(deployment.includes('"secretKeyRef":{"key":"TOKEN","name":"cart-env"}'));
    });
  });
});
