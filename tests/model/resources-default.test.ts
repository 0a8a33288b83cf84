import assert from "node:assert/strict";
import { backupSchema } from "../../components/model/backup.ts";
import { dataStoreSchema } from "../../components/model/data-store.ts";
import { resourcesWithDefault } from "../../components/model/quantity.ts";

const smallServer = { requests: { cpu: "250m", memory: "512Mi" }, limits: { cpu: "1000m", memory: "1Gi" } };

describe("resources with a default", () => {
  const schema = resourcesWithDefault(smallServer);
  it("are the default where nothing is said", () => assert.deepEqual(schema.parse(undefined), smallServer));
  it("keep the default of each amount that is not said", () =>
    assert.deepEqual(schema.parse({ limits: { memory: "2Gi", ephemeralStorage: "1Gi" } }), {
      requests: smallServer.requests,
      limits: { cpu: "1000m", memory: "2Gi", ephemeralStorage: "1Gi" },
    }));
  it("refuse what is no amount", () => assert.ok(!schema.safeParse({ limits: { memroy: "2Gi" } }).success));

  it("are those of a data store and of its dumps", () => {
    const connectionSecret = { name: "cache" };
    const store = {
      engine: "redis",
      connectionSecret,
      resources: { requests: { cpu: "1" } },
      storage: { class: "fast" },
    };
    const { resources, storage } = dataStoreSchema.parse(store);
    assert.deepEqual(resources, { ...smallServer, requests: { cpu: "1", memory: "512Mi" } });
    assert.deepEqual(storage, { size: "8Gi", class: "fast" });
    assert.equal(backupSchema.parse({ resources: { limits: { cpu: "2" } } }).resources.requests.cpu, "100m");
  });
});
