import assert from "node:assert/strict";
import { PostgreSQL, type PostgreSQLArgs } from "../../../components/data/postgresql.ts";
import { Redis } from "../../../components/data/redis.ts";
import { secretStoreSchema } from "../../../components/model/secret-store.ts";
import { backupScript } from "../../../components/operations/postgresql-scripts.ts";
import { asPreviewAndUpdate, only, type Registered, record } from "../mocks.ts";

const resources = { requests: { cpu: "100m", memory: "128Mi" }, limits: { cpu: "500m", memory: "512Mi" } };
const copies = { count: 2, storage: { size: "8Gi" }, resources };
const args: PostgreSQLArgs = {
  name: "postgres",
  namespace: "lab",
  instance: "codelab",
  database: "codelab",
  username: "codelab",
  connectionSecret: { name: "postgres-secret", urlKey: "connection-string" },
  source: { kind: "folder", path: "/charts" },
};

interface SecretInputs {
  metadata: { name: string; namespace: string };
  stringData: { value?: Record<string, string> };
}
/** Secrets by their name. A mocked engine hands secret values over in an envelope, and nothing of them where one is not known yet. */
const secrets = (made: Registered[]) =>
  Object.fromEntries(
    made
      .filter(({ type }) => type === "kubernetes:core/v1:Secret")
      .map(({ inputs, options }) => {
        const { metadata, stringData } = inputs as unknown as SecretInputs;
        return [metadata.name, { data: stringData.value, protect: options.protect }];
      }),
  );
const passwords = (made: Registered[]) =>
  made.filter(({ type }) => type === "random:index/randomPassword:RandomPassword");
describe("PostgreSQL", () => {
  asPreviewAndUpdate((preview) => {
    const make = (more: Partial<PostgreSQLArgs> = {}, protect = false) =>
      record(preview, () => new PostgreSQL("store", { ...args, ...more }, { protect }));

    it("makes passwords, the chart's Secret, a connection Secret and the chart, all its own children", async () => {
      const made = await make();
      assert.deepEqual(made.map(({ name }) => name).sort(), [
        "store",
        "store-auth",
        "store-chart",
        "store-connection",
        "store-password",
        "store-postgres-password",
        "store-replication-password",
      ]);
      for (const { name, options } of made.filter(({ name }) => name !== "store"))
        assert.match(options.parent, /PostgreSQL::store$/, name);
      assert.deepEqual(Object.keys(secrets(made)).sort(), ["postgres-auth", "postgres-secret"]);
    });

    it("gives the chart nothing that is unknown or secret at preview", async () => {
      const chart = only(await make(), "Chart");
      const inputs = chart.inputs as unknown as { name: string; chart: string; namespace: string; values: unknown };
      assert.deepEqual([inputs.name, inputs.namespace, inputs.chart], ["postgres", "lab", "/charts/postgresql"]);
      assert.deepEqual(JSON.parse(JSON.stringify(inputs.values)), inputs.values);
      assert.equal(
        JSON.stringify(inputs.values).includes("4dabf18193072939515e22adb298388d"),
        false,
        "a secret or unknown value is in the chart's values",
      );
      assert.ok(chart.options.dependencies.some((urn) => urn.endsWith("::store-auth")));
    });

    it("protects passwords and their Secrets, and not itself or the whole chart", async () => {
      const made = await make({}, true);
      const guarded = made.filter(({ options }) => options.protect).map(({ name }) => name);
      assert.deepEqual(guarded.sort(), [
        "store-auth",
        "store-connection",
        "store-password",
        "store-postgres-password",
        "store-replication-password",
      ]);
      assert.deepEqual(
        (await make()).filter(({ options }) => options.protect),
        [],
      );
    });

    it("puts the password of a rotation beside the first one, which protection would not let go", async () => {
      const keepers = async (more: Partial<PostgreSQLArgs>) =>
        Object.fromEntries(
          passwords(await make(more, true)).map(({ name, inputs, options }) => [
            name,
            [(inputs as unknown as { keepers: { rotation: string } }).keepers.rotation, options.protect],
          ]),
        );
      const first = {
        "store-password": ["0", true],
        "store-postgres-password": ["0", true],
        "store-replication-password": ["0", true],
      };
      assert.deepEqual(await keepers({}), first);
      assert.deepEqual(await keepers({ rotation: 4 }), {
        ...first,
        "store-password-rotated": ["4", false],
        "store-replication-password-rotated": ["4", false],
      });
    });

    it("makes the server know a new login before the Secret of applications names it", async () => {
      const made = await make({ rotation: 4 });
      const job = only(made, "Job");
      const { env } = containerOf(job);
      assert.deepEqual(env.LOGIN_ROLE, "codelab_r4");
      assert.deepEqual(env.PGPASSWORD, { name: "postgres-auth", key: "postgres-password" });
      assert.deepEqual(env.LOGIN_PASSWORD, { name: "postgres-rotation", key: "password" });
      const { options } = only(made, "ApplicationJob");
      for (const first of ["store-auth", "store-rotation-secret"])
        assert.ok(
          options.dependencies.some((urn) => urn.endsWith(`::${first}`)),
          first,
        );
      const connection = made.find(({ name }) => name === "store-connection");
      assert.ok(
        connection?.options.dependencies.some((urn) => urn.endsWith(`::${job.name}`)),
        "the connection Secret waits for the Job",
      );
      assert.equal((await make()).filter(({ type }) => type.endsWith(":Job")).length, 0);
    });

    it("dumps by a schedule onto a claim that is protected as the data is, without the superuser's password", async () => {
      const made = await make({ backup: { retention: { days: 30 } }, storage: { size: "50Gi", class: "fast" } }, true);
      const claim = only(made, "PersistentVolumeClaim");
      const spec = (claim.inputs as unknown as { spec: Record<string, unknown> }).spec;
      assert.deepEqual([spec.resources, spec.storageClassName], [{ requests: { storage: "50Gi" } }, "fast"]);
      assert.equal(claim.options.protect, true);
      const { metadata, spec: cron } = only(made, "CronJob").inputs as unknown as CronJob;
      assert.deepEqual(
        [metadata.name, cron.schedule, cron.timeZone, cron.concurrencyPolicy],
        ["postgres-backup", "0 3 * * *", "Etc/UTC", "Forbid"],
      );
      const [container] = cron.jobTemplate.spec.template.spec.containers;
      const { env, image, command } = read(container);
      assert.match(image, /postgresql/);
      assert.deepEqual([env.PGHOST, env.PGUSER, env.PGDATABASE], ["postgres", "codelab", "codelab"]);
      assert.deepEqual(env.PGPASSWORD, { name: "postgres-secret", key: "password" });
      assert.deepEqual([env.KEEP_DAYS, env.KEEP_COUNT], ["30", "7"]);
      assert.equal(command.at(-1), backupScript);
    });

    it("stands for an existing server without a chart and without passwords of its own", async () => {
      const made = await make({ existing: { host: "db.example.com", tls: "verify-full" }, password: "given" }, true);
      assert.deepEqual(made.map(({ name }) => name).sort(), ["store", "store-connection"]);
      const { data, protect } = secrets(made)["postgres-secret"] ?? {};
      assert.equal(
        data?.["connection-string"],
        "postgresql://codelab:given@db.example.com:5432/codelab?sslmode=verify-full",
      );
      assert.equal(protect, false);
    });

    it("gives no URL of a password that it never sees, and says where it is", async () => {
      const storedPassword = { name: "postgres-password", store: secretStoreSchema.parse({ name: "vault" }) };
      let db: PostgreSQL | undefined;
      const made = await record(preview, () => {
        db = new PostgreSQL("store", { ...args, existing: { host: "db.example.com" }, storedPassword });
      });
      only(made, "ExternalSecret");
      assert.throws(() => db?.url, /data store "store".*Secret "postgres-secret".*key: "connection-string"/);
      assert.throws(() => db?.connection, /storedPassword/);
    });

    it("refuses what does not fit together, all at once", async () => {
      const wrong: [RegExp, Partial<PostgreSQLArgs>][] = [
        [
          /readReplicas: there are no replicas[\s\S]*connectionSecret\.urlKey/,
          { readReplicas: copies, connectionSecret: { name: "s", urlKey: "host" } },
        ],
        [/password: is missing/, { existing: { host: "db.example.com" } }],
        [/password: is given/, { password: "given" }],
        [/rotation: .*63 characters/, { username: "u".repeat(62), rotation: 1 }],
        [/username/, { username: "postgres" }],
      ];
      for (const [message, more] of wrong) await assert.rejects(async () => make(more), message);
    });
  });

  it("carries the same password to the chart and to applications", async () => {
    const found = secrets(await record(false, () => new PostgreSQL("store", args)));
    assert.deepEqual(found["postgres-auth"]?.data, {
      password: "random-store-password",
      "postgres-password": "random-store-postgres-password",
      "replication-password": "random-store-replication-password",
    });
    assert.deepEqual(found["postgres-secret"]?.data, {
      host: "postgres",
      port: "5432",
      database: "codelab",
      username: "codelab",
      password: "random-store-password",
      "connection-string": "postgresql://codelab:random-store-password@postgres:5432/codelab",
    });
  });
});

describe("Redis", () => {
  asPreviewAndUpdate((preview) => {
    it("makes one password, which chart and applications share", async () => {
      const made = await record(
        preview,
        () =>
          new Redis("cache", {
            name: "redis",
            namespace: "lab",
            connectionSecret: { name: "redis-secret" },
            architecture: "replication",
            replicas: copies,
          }),
      );
      assert.deepEqual(
        passwords(made).map(({ name }) => name),
        ["cache-redis-password"],
      );
      const found = secrets(made);
      const { chart, version } = only(made, "Chart").inputs as unknown as { chart: string; version: string };
      assert.deepEqual([chart, version], ["oci://registry-1.docker.io/bitnamicharts/redis", "23.1.1"]);
      if (preview) return;
      assert.deepEqual(found["redis-auth"]?.data, { "redis-password": "random-cache-redis-password" });
      assert.equal(found["redis-secret"]?.data?.url, "redis://:random-cache-redis-password@redis-master:6379/0");
      assert.equal(found["redis-secret"]?.data?.["read-host"], "redis-replicas");
    });
  });
});

interface Container {
  image: string;
  command: string[];
  env: { name: string; value?: string; valueFrom?: { secretKeyRef: unknown } }[];
}

interface CronJob {
  metadata: { name: string };
  spec: {
    schedule: string;
    timeZone: string;
    concurrencyPolicy: string;
    jobTemplate: { spec: { template: { spec: { containers: [Container] } } } };
  };
}

/** A container with its variables by name. */
function read({ image, command, env }: Container): { image: string; command: string[]; env: Record<string, unknown> } {
  return {
    image,
    command,
    env: Object.fromEntries(env.map(({ name, value, valueFrom }) => [name, value ?? valueFrom?.secretKeyRef])),
  };
}

function containerOf({ inputs }: Registered): ReturnType<typeof read> {
  const { spec } = inputs as unknown as CronJob["spec"]["jobTemplate"] & { spec: unknown };
  return read(spec.template.spec.containers[0]);
}
