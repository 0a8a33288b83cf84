import assert from "node:assert/strict";
import fc from "fast-check";
import { connectionData } from "../../../components/data/connection.ts";
import { connectionKeys, type DataStore, dataStoreSchema } from "../../../components/model/data-store.ts";

const resources = { requests: { cpu: "100m", memory: "128Mi" }, limits: { cpu: "500m", memory: "512Mi" } };
const copies = { count: 2, storage: { size: "8Gi" }, resources };
const postgres = {
  engine: "postgresql",
  database: "codelab",
  username: "lab_user",
  connectionSecret: { name: "s", urlKey: "connection-string" },
};
const redis = { engine: "redis", connectionSecret: { name: "s" } };

const store = (input: object): DataStore => dataStoreSchema.parse(input);
const urlOf = (input: object, password: string) => {
  const parsed = store(input);
  return new URL(connectionData("db", parsed, password)[parsed.connectionSecret.urlKey] ?? "");
};

describe("the connection of a data store", () => {
  it("is made of the real Service name, the user and the database", () => {
    const url = connectionData(
      "postgres",
      store({ ...postgres, architecture: "replication", readReplicas: copies }),
      "pass",
    );
    assert.equal(url["connection-string"], "postgresql://lab_user:pass@postgres-primary:5432/codelab");
    assert.equal(connectionData("redis", store(redis), "pass").url, "redis://:pass@redis-master:6379/0");
  });

  it("says how to encrypt to a managed server", () => {
    const existing = { host: "db.example.com", port: 6432, tls: "verify-full" };
    assert.equal(
      urlOf({ ...postgres, existing }, "pass").href,
      "postgresql://lab_user:pass@db.example.com:6432/codelab?sslmode=verify-full",
    );
    assert.equal(urlOf({ ...redis, existing }, "pass").protocol, "rediss:");
    assert.equal(urlOf({ ...redis, existing: { ...existing, tls: "disable" } }, "pass").protocol, "redis:");
  });

  it("carries any password through its URL", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(postgres, redis),
        fc.string({ minLength: 1, unit: "grapheme" }),
        (input, password) => {
          const url = urlOf(input, password);
          assert.equal(decodeURIComponent(url.password), password);
          assert.match(url.hostname, /^db/);
        },
      ),
    );
  });

  it("has the keys that the model promises", () => {
    const stores = [
      postgres,
      redis,
      { ...postgres, architecture: "replication", readReplicas: copies },
      { ...redis, architecture: "replication", replicas: copies },
      { ...postgres, existing: { host: "db.example.com" } },
    ].map(store);
    for (const one of stores)
      assert.deepEqual(Object.keys(connectionData("db", one, "pass")).sort(), [...connectionKeys(one)].sort());
  });
});
