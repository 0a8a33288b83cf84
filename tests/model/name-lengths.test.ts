import assert from "node:assert/strict";
import { postgresqlSchema, redisSchema } from "../../components/model/data-store.ts";
import { checkJobName, checkServiceName, checkStoreName } from "../../components/model/name-lengths.ts";
import { serviceSchema } from "../../components/model/service.ts";
import { problems, resources, web } from "./wrong-system.ts";

const service = (more: object) =>
  serviceSchema.parse({
    image: { repository: "ghcr.io/shop/web", tag: "1" },
    ports: [{ name: "http", port: 8080 }],
    resources,
    probes: { readiness: { http: "/", port: "http" }, liveness: { tcp: "http" } },
    ...more,
  });
const copies = { count: 1, storage: { size: "8Gi" }, resources };
const postgresql = (more: object) =>
  postgresqlSchema.parse({
    engine: "postgresql",
    database: "a",
    username: "a",
    connectionSecret: { name: "s" },
    ...more,
  });
const redis = (more: object) => redisSchema.parse({ engine: "redis", connectionSecret: { name: "s" }, ...more });

describe("lengths of names", () => {
  const longest: [string, number, (name: string) => unknown[]][] = [
    ["a Deployment", 63, (name) => checkServiceName(name, service({}))],
    ["a StatefulSet", 52, (name) => checkServiceName(name, service({ kind: "StatefulSet" }))],
    [
      "a service with releases",
      40,
      (name) => checkServiceName(name, service({ blueGreen: { smoke: { paths: ["/"] } } })),
    ],
    ["a PostgreSQL", 52, (name) => checkStoreName(name, postgresql({}))],
    ["one with backups", 45, (name) => checkStoreName(name, postgresql({ backup: {} }))],
    ["one with a rotation", 41, (name) => checkStoreName(name, postgresql({ rotation: 1 }))],
    [
      "one with copies",
      44,
      (name) => checkStoreName(name, postgresql({ architecture: "replication", readReplicas: copies })),
    ],
    ["a Redis", 45, (name) => checkStoreName(name, redis({}))],
    ["one with copies", 43, (name) => checkStoreName(name, redis({ architecture: "replication", replicas: copies }))],
    ["a job", 50, (name) => checkJobName(name, {})],
    ["a scheduled job", 52, (name) => checkJobName(name, { schedule: "0 3 * * *" })],
    ["a managed server", 63, (name) => checkStoreName(name, redis({ existing: { host: "cache.example.com" } }))],
  ];
  for (const [what, length, check] of longest) {
    it(`leave ${what} ${length} characters`, () => {
      assert.deepEqual(check("n".repeat(length)), []);
      if (length < 63) assert.equal(check("n".repeat(length + 1)).length, 1);
    });
  }

  it("count the name of a Service of its own", () => {
    const [found] = checkServiceName(
      "web",
      service({ serviceName: "s".repeat(58), blueGreen: { smoke: { paths: ["/"] } } }),
    );
    assert.deepEqual([found?.path, found?.fix], [["serviceName"], "at most 57 characters"]);
  });

  it("are told of a system's services and data stores", () => {
    const long = "n".repeat(53);
    const found = problems((system) => {
      system.services[long] = { ...web(system), kind: "StatefulSet", uses: [] };
      system.data[`${long}d`] = postgresql({ connectionSecret: { name: "other" } });
    });
    assert.deepEqual(
      found.map((line) => line.split(":")[0]),
      [`services.${long}`, `data.${long}d`],
      found.join("\n"),
    );
  });
});
