import assert from "node:assert/strict";
import { ExternalSecret } from "@kubernetes-models/external-secrets/external-secrets.io/v1/ExternalSecret";
import { Platform } from "../../../components/platform.ts";
import { resolve } from "../../../settings/resolve.ts";
import { systems } from "../../../systems/index.ts";
import { asPreviewAndUpdate, type Registered, record } from "../mocks.ts";

const sandbox = { kubeconfig: "/k", context: "c", server: "https://127.0.0.1:6443", charts: "/charts" };
const store = {
  name: "vault",
  prefix: "prod/codelab/",
  places: { "postgres-password": { key: "shared/db", property: "pw" } },
};

/** CodeLab with a managed PostgreSQL, whose issued secrets are in a store. */
function platform(): Platform {
  const config = {
    "keelson:system": "codelab",
    "keelson:environment": "prod",
    "keelson:secretStore": JSON.stringify(store),
    "keelson:addons": JSON.stringify({ velero: false }),
    "keelson:data": JSON.stringify({ postgres: { existing: { host: "db.example.com" }, readReplicas: false } }),
  };
  const { platform: model, secrets, charts } = resolve({ config, stack: "prod", systems, sandbox });
  assert.deepEqual(secrets, {}, "no issued secret is left for the stack to give");
  return new Platform("codelab", { model, charts, secrets });
}

interface Spec {
  secretStoreRef: unknown;
  target: { name: string; creationPolicy: string; template?: { data: Record<string, string> } };
  data: { secretKey: string; remoteRef: { key: string; property?: string } }[];
}
const external = (made: Registered[]) =>
  new Map(
    made
      .filter(({ type }) => type === "kubernetes:external-secrets.io/v1:ExternalSecret")
      .map(({ inputs }) => {
        const object = inputs as unknown as { metadata: { name: string; namespace: string }; spec: Spec };
        return [object.metadata.name, object];
      }),
  );

describe("a platform whose secrets are in a store", () => {
  asPreviewAndUpdate((preview) => {
    let made: Registered[];
    before(async () => {
      made = await record(preview, platform);
    });

    it("has ExternalSecrets as the operator's API takes them", () => {
      assert.deepEqual([...external(made).keys()].sort(), ["api-keys", "postgres-secret"]);
      for (const object of external(made).values())
        new ExternalSecret(object as unknown as ConstructorParameters<typeof ExternalSecret>[0]).validate();
    });

    it("lets the operator add to a Secret that has generated values, and make one that has none", () => {
      const policy = (name: string) => external(made).get(name)?.spec.target.creationPolicy;
      assert.deepEqual([policy("api-keys"), policy("postgres-secret")], ["Merge", "Owner"]);
      const own = made.filter(({ type }) => type === "kubernetes:core/v1:Secret").map(({ name }) => name);
      assert.ok(own.includes("codelab-api-keys-secret"), own.join());
      assert.ok(!own.some((name) => name.startsWith("codelab-postgres")), own.join());
    });

    it("looks each one up at its place", () => {
      assert.deepEqual(external(made).get("api-keys")?.spec.secretStoreRef, {
        kind: "ClusterSecretStore",
        name: "vault",
      });
      const places = ["api-keys", "postgres-secret"].map((name) =>
        external(made)
          .get(name)
          ?.spec.data.map(({ secretKey, remoteRef: { key, property } }) => ({ secretKey, key, property })),
      );
      assert.deepEqual(places, [
        [{ secretKey: "openai-api-key", key: "prod/codelab/openai-api-key", property: undefined }],
        [{ secretKey: "postgres-password", key: "shared/db", property: "pw" }],
      ]);
    });

    it("puts a fetched password into the connection that applications read", () => {
      const data = external(made).get("postgres-secret")?.spec.target.template?.data;
      assert.deepEqual(data, {
        host: "db.example.com",
        port: "5432",
        database: "codelab",
        username: "codelab",
        password: '{{ index . "postgres-password" }}',
        "connection-string":
          'postgresql://codelab:{{ index . "postgres-password" | urlquery | replace "+" "%20" }}@db.example.com:5432/codelab?sslmode=require',
      });
    });

    it("rolls pods by rotation numbers, since the values are not known", () => {
      const pods = made.filter(
        ({ type, name }) => type === "kubernetes:apps/v1:Deployment" && name.includes("llm-proxy"),
      );
      assert.equal(pods.length, 1);
      assert.match(JSON.stringify(pods), /"[^"]*secret\.api-keys\.openai-api-key":"rotation-0"/);
      assert.ok(!JSON.stringify(made.map(({ inputs }) => inputs)).includes("sandbox-placeholder"));
    });
  });
});
