import assert from "node:assert/strict";
import { asPreviewAndUpdate } from "./mocks.ts";
import { inputsOf, registered, shop } from "./shop.ts";

describe("a platform's configuration", () => {
  asPreviewAndUpdate((preview) => {
    const annotations = async (settings: Record<string, unknown> = {}): Promise<Record<string, string>> =>
      inputsOf(await registered(preview, shop, settings), "Deployment", "shop-web").spec.template.metadata.annotations;

    it("reaches the container from ConfigMap and Secret", async () => {
      const made = await registered(preview, shop, { "keelson:configs": { settings: { LOG_LEVEL: "debug" } } });
      assert.deepEqual(inputsOf(made, "ConfigMap", "settings").data, { LOG_LEVEL: "debug" });
      const [container] = inputsOf(made, "Deployment", "shop-web").spec.template.spec.containers;
      assert.deepEqual(container.envFrom, [{ configMapRef: { name: "settings" } }, { secretRef: { name: "keys" } }]);
    });

    it("rolls the pods that read it when it changes, and no others", async () => {
      const before = await annotations();
      assert.deepEqual(await annotations(), before);
      for (const [mark, settings] of [
        ["config.settings", { "keelson:configs": { settings: { LOG_LEVEL: "debug" } } }],
        ["secret.keys", { "keelson:rotation": { keys: 1 } }],
        ["secret.keys", { "keelson:data": { db: { rotation: 1 } } }],
        ["secret.keys", { "keelson:secrets": { "api-key": "another" } }],
      ] as const) {
        const after = await annotations(settings);
        assert.deepEqual(
          Object.keys(after).filter((key) => after[key] !== before[key]),
          [`keelson.dev/${mark}`],
          JSON.stringify(settings),
        );
      }
    });

    it("copies a store's connection into a Secret of the system", async () => {
      const made = await registered(preview, shop);
      const { stringData } = inputsOf(made, "Secret", "keys");
      const connection = inputsOf(made, "Secret", "db-secret").stringData;
      if (!preview) {
        assert.match(stringData.DATABASE_URL, /^postgresql:\/\/shop:[^@]+@db:5432\/shop$/);
        assert.equal(stringData.DATABASE_URL, connection.url);
      }
    });

    it("is under the names that were asked for", async () => {
      const made = await registered(preview, shop);
      assert.deepEqual(inputsOf(made, "Service", "web").spec.selector, {
        app: "shop-web",
        "app.kubernetes.io/name": "shop-web",
        "app.kubernetes.io/instance": "shop",
      });
      const [container] = inputsOf(made, "Deployment", "shop-api").spec.template.spec.containers;
      assert.deepEqual(container.env, [{ name: "WEB_URL", value: "http://web:8080/x" }]);
      assert.equal(inputsOf(made, "Ingress", "site").spec.rules[0].http.paths[0].backend.service.name, "web");
      const { labels } = inputsOf(made, "Namespace", "shop").metadata;
      assert.deepEqual([labels.team, labels["keelson.dev/stack"]], ["shop", "test"]);
      assert.equal(inputsOf(made, "NetworkPolicy", "shop-web-netpol").spec.podSelector.matchLabels.app, "shop-web");
    });

    it("gives a data store a Service under the name that was asked for, before its own", async () => {
      const made = await registered(preview, shop);
      const { spec } = inputsOf(made, "Service", "cache");
      assert.deepEqual(spec.selector, {
        "app.kubernetes.io/instance": "cache",
        "app.kubernetes.io/name": "redis",
        "app.kubernetes.io/component": "master",
      });
      assert.equal(spec.ports[0].port, 6379);
      if (!preview) assert.match(inputsOf(made, "Secret", "cache-secret").stringData.url, /@cache:6379\/0$/);
    });
  });
});
