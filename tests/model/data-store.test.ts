import assert from "node:assert/strict";
import fc from "fast-check";
import {
  checkDataStore,
  connectionKeys,
  type DataStore,
  dataStoreDemands,
  dataStoreEndpoints,
  dataStoreOverrideSchema,
  dataStorePeers,
  dataStoreRelations,
  dataStoreSchema,
} from "../../components/model/data-store.ts";
import { keyPath } from "../../components/model/problems.ts";

const resources = { requests: { cpu: "100m", memory: "128Mi" }, limits: { cpu: "500m", memory: "512Mi" } };
const copies = { count: 2, storage: { size: "10Gi" }, resources };
const postgres = {
  engine: "postgresql",
  database: "app",
  username: "app",
  connectionSecret: { name: "postgres-secret" },
};
const redis = { engine: "redis", connectionSecret: { name: "redis-secret" } };

const store = (input: object): DataStore => dataStoreSchema.parse(input);
const problems = (input: object) => checkDataStore(store(input)).map(({ path }) => keyPath(path));

describe("a data store", () => {
  it("needs little, and is small and standalone then", () => {
    const parsed = store(postgres);
    assert.deepEqual(
      [parsed.architecture, parsed.storage, parsed.rotation, parsed.connectionSecret.urlKey],
      ["standalone", { size: "8Gi" }, 0, "url"],
    );
    assert.deepEqual(problems(postgres), []);
    assert.deepEqual(problems(redis), []);
  });

  it("says what does not fit together, and where", () => {
    const impossible: [string, object][] = [
      ["readReplicas", { ...postgres, readReplicas: copies }],
      ["replicas", { ...redis, replicas: copies }],
      ["readReplicas", { ...postgres, architecture: "replication" }],
      ["replicas", { ...redis, architecture: "replication" }],
      ["replicas.storage.size", { ...redis, architecture: "replication", storage: { size: "11Gi" }, replicas: copies }],
      ["resources.requests.cpu", { ...redis, resources: { ...resources, requests: { cpu: "2", memory: "1Mi" } } }],
      [
        "replicas.resources.requests.memory",
        {
          ...redis,
          architecture: "replication",
          replicas: { ...copies, resources: { ...resources, requests: { cpu: "1m", memory: "1Gi" } } },
        },
      ],
      [
        "backup.resources.requests.cpu",
        {
          ...postgres,
          backup: { resources: { requests: { cpu: "2", memory: "1Mi" }, limits: { cpu: "1", memory: "1Mi" } } },
        },
      ],
      ["connectionSecret.urlKey", { ...redis, connectionSecret: { name: "redis-secret", urlKey: "password" } }],
    ];
    for (const [path, input] of impossible) assert.deepEqual(problems(input), [path]);
  });

  it("holds a server that somebody else runs to no rule of a chart", () => {
    const declared = { ...postgres, architecture: "replication", storage: { size: "500Gi" }, readReplicas: copies };
    assert.deepEqual(problems(declared), ["readReplicas.storage.size"]);
    assert.deepEqual(problems({ ...declared, existing: { host: "db.example.com" } }), []);
  });

  it("refuses what no server takes", () => {
    const wrong = [
      { ...postgres, username: "postgres" },
      { ...postgres, database: "My-DB" },
      { ...postgres, existing: { host: "not a host" } },
      { ...postgres, storage: { size: "0Gi" } },
      { ...redis, database: "app" },
      { ...redis, engine: "mysql" },
    ];
    for (const input of wrong) assert.equal(dataStoreSchema.safeParse(input).success, false, JSON.stringify(input));
  });

  it("lets an environment take the replicas away, and nothing that would make it another store", () => {
    assert.ok(dataStoreOverrideSchema.safeParse({ architecture: "standalone", readReplicas: false }).success);
    for (const field of ["engine", "database", "username", "connectionSecret"]) {
      assert.equal(dataStoreOverrideSchema.safeParse({ [field]: "other" }).success, false, field);
    }
  });

  it("refuses an address that is none, and a range that the server is not in", () => {
    const existing = (more: object) => problems({ ...postgres, existing: more });
    for (const host of ["10.0.0.300", "10.1.2", "db.example.1"])
      assert.throws(() => existing({ host }), /"host"/, host);
    for (const cidr of ["10.2.0.0/16", "10.1.2.4/32", "fd00::/8"])
      assert.deepEqual(existing({ host: "10.1.2.3", cidr }), ["existing.cidr"], cidr);
    for (const cidr of ["10.1.0.0/16", "10.1.2.3/32", "0.0.0.0/0"])
      assert.deepEqual(existing({ host: "10.1.2.3", cidr }), [], cidr);
    assert.deepEqual(existing({ host: "db.example.com", cidr: "10.2.0.0/16" }), []);
  });

  it("is looked for where a managed server's address says that it is, private or not", () => {
    const peer = (existing: object) => dataStorePeers("db", "app", store({ ...postgres, existing }))[0]?.peer;
    assert.deepEqual(peer({ host: "10.1.2.3" }), { cidr: "10.1.2.3/32" });
    assert.deepEqual(peer({ host: "10.1.2.3", cidr: "10.1.2.0/24" }), { cidr: "10.1.2.0/24" });
    assert.equal(peer({ host: "db.example.com" }), "internet");
  });

  it("is reached by the names that its chart makes", () => {
    const hosts = (name: string, input: object) =>
      dataStoreEndpoints(name, store(input)).map(({ role, host, port }) => `${role} ${host}:${port}`);
    assert.deepEqual(hosts("db", postgres), ["primary db:5432"]);
    assert.deepEqual(hosts("db", { ...postgres, architecture: "replication", readReplicas: copies }), [
      "primary db-primary:5432",
      "replica db-read:5432",
    ]);
    assert.deepEqual(hosts("cache", redis), ["primary cache-master:6379"]);
    assert.deepEqual(hosts("cache", { ...redis, architecture: "replication", replicas: copies }), [
      "primary cache-master:6379",
      "replica cache-replicas:6379",
    ]);
    assert.deepEqual(hosts("db", { ...postgres, existing: { host: "db.example.com", port: 6432 } }), [
      "primary db.example.com:6432",
    ]);
  });

  it("lets replicas reach the primary and nobody else", () => {
    const relations = dataStoreRelations(
      "cache",
      "app",
      "shop",
      store({ ...redis, architecture: "replication", replicas: copies }),
    );
    assert.deepEqual(
      relations.map(({ from, to, ports }) =>
        [from, to, ports].map((part) => (typeof part === "object" && "id" in part ? part.id : part)),
      ),
      [["cache-replicas", "cache-master", [{ port: 6379 }]]],
    );
    assert.deepEqual(dataStoreRelations("cache", "app", "shop", store(redis)), []);
  });

  it("lets the Jobs that work on a server reach its primary", () => {
    const jobs = dataStoreRelations("db", "app", "shop", store({ ...postgres, backup: {}, rotation: 2 }));
    assert.deepEqual(
      jobs.map(({ from, to }) => [from, to].map((part) => (typeof part === "object" && "id" in part ? part.id : part))),
      ["db-backup", "db-rotation", "db-retire"].map((name) => [name, "db"]),
    );
  });

  it("asks for the sum of its servers, and for nothing where somebody else runs it", () => {
    const demands = dataStoreDemands(
      store({ ...postgres, architecture: "replication", resources, readReplicas: copies }),
    );
    assert.deepEqual(
      demands.map(({ cpu, pods, storage }) => [cpu, pods, storage]),
      [
        ["100m", 1, ["8Gi"]],
        ["100m", 2, ["10Gi"]],
      ],
    );
    assert.deepEqual(dataStoreDemands(store({ ...postgres, existing: { host: "db.example.com" } })), []);
  });

  it("has each key of its connection once, or says that the URL key is taken", () => {
    const urlKeys = fc.oneof(
      fc.constantFrom("host", "port", "password", "username", "database", "read-host"),
      fc.stringMatching(/^[a-z]{1,12}$/),
    );
    fc.assert(
      fc.property(fc.constantFrom(postgres, redis), fc.boolean(), urlKeys, (base, replicated, urlKey) => {
        const field = base === postgres ? "readReplicas" : "replicas";
        const more = replicated ? { architecture: "replication", [field]: copies } : {};
        const input = { ...base, ...more, connectionSecret: { name: "secret", urlKey } };
        const keys = connectionKeys(store(input));
        assert.ok(new Set(keys).size === keys.length || problems(input).includes("connectionSecret.urlKey"));
      }),
    );
  });
});
