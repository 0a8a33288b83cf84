import assert from "node:assert/strict";
import type { Environment } from "../../components/model/system.ts";
import { object, type Rendered, renderedObjects, secretData } from "../rendered.ts";

/** The table of the document (002-DEP-1 to 002-NS-1). */
const table: Record<
  Environment,
  {
    namespace: string;
    pods: Record<string, [number, number] | number>;
    memory: string;
    cpu: string;
    postgresql: string;
    redis: string;
    host: string;
  }
> = {
  dev: {
    namespace: "thebot",
    pods: { "thebot-backend": 1, "thebot-frontend": 1, "thebot-celery": 1 },
    memory: "256Mi",
    cpu: "250m",
    postgresql: "5Gi",
    redis: "2Gi",
    host: "dev.thebot.example.com",
  },
  staging: {
    namespace: "thebot-staging",
    pods: { "thebot-backend": [2, 4], "thebot-frontend": [2, 3], "thebot-celery": [2, 4] },
    memory: "512Mi",
    cpu: "500m",
    postgresql: "20Gi",
    redis: "10Gi",
    host: "staging.thebot.example.com",
  },
  prod: {
    namespace: "thebot-prod",
    pods: { "thebot-backend": [3, 10], "thebot-frontend": [3, 5], "thebot-celery": [3, 8] },
    memory: "1Gi",
    cpu: "1000m",
    postgresql: "100Gi",
    redis: "50Gi",
    host: "thebot.example.com",
  },
};

for (const [environment, expected] of Object.entries(table)) {
  describe(`THE_BOT in ${environment}`, () => {
    let all: Rendered[];
    before(async () => {
      all = await renderedObjects("the-bot", environment);
    });
    const one = (kind: string, name: string) => object(all, kind, name, expected.namespace);
    const container = (name: string) => one("Deployment", name).spec.template.spec.containers[0];

    it("002-DEP, 002-HPA has the number of pods, or the bounds, of the table", () => {
      for (const [name, pods] of Object.entries(expected.pods)) {
        const hpa = all.find(
          ({ kind, metadata }) => kind === "HorizontalPodAutoscaler" && metadata.name === `${name}-hpa`,
        );
        if (typeof pods === "number") {
          assert.equal(hpa, undefined);
          assert.equal(one("Deployment", name).spec.replicas, pods);
        } else assert.deepEqual([hpa?.spec.minReplicas, hpa?.spec.maxReplicas], pods);
      }
    });

    it("002-DEP-4, 002-DEP-5 gives the backend what the table says, no less and no more", () => {
      const amount = { cpu: expected.cpu, memory: expected.memory };
      assert.deepEqual(container("thebot-backend").resources, { requests: amount, limits: amount });
    });

    it("002-DB-1, 002-RED-1 gives the data stores their disk", () => {
      const size = (name: string) =>
        one("StatefulSet", name).spec.volumeClaimTemplates[0].spec.resources.requests.storage;
      assert.deepEqual([size("postgresql"), size("redis-master")], [expected.postgresql, expected.redis]);
    });

    it("002-DEP-7 runs one scheduler and never two", () => {
      const { spec } = one("Deployment", "thebot-celery-beat");
      assert.deepEqual([spec.replicas, spec.strategy], [1, { type: "Recreate" }]);
    });

    it("002-CFG-1, 002-SEC-1, 002-SEC-2 has eleven fields and eight secret ones, with a URL of what is there", () => {
      const config = one("ConfigMap", "thebot-config").data;
      assert.equal(Object.keys(config).length, 11);
      assert.ok(config.ALLOWED_HOSTS.startsWith(`${expected.host},`));
      assert.equal(config.LOG_LEVEL, environment === "dev" ? "DEBUG" : "INFO", "as Python's logging spells it");
      const secrets = secretData(one("Secret", "thebot-secrets"));
      assert.equal(Object.keys(secrets).length, 8);
      assert.ok((secrets.SECRET_KEY?.length ?? 0) >= 50);
      assert.equal(secrets.DATABASE_URL, `postgresql://thebot:${secrets.POSTGRES_PASSWORD}@postgresql:5432/thebot`);
      one("Service", "postgresql");
      assert.equal(secrets.CELERY_BROKER_URL, `redis://:${secrets.REDIS_PASSWORD}@redis:6379/0`);
      one("Service", "redis");
    });

    it("002-JOB-1, 002-JOB-2 migrates and collects static files in the backend's image, into the shared volume", () => {
      for (const name of ["migrate", "collectstatic"]) {
        const [job] = all.filter(({ kind, metadata }) => kind === "Job" && metadata.name.startsWith(`${name}-`));
        const [made] = job?.spec.template.spec.containers ?? [];
        assert.equal(made.image, container("thebot-backend").image);
        assert.deepEqual(made.command, ["python", "manage.py", name, "--noinput"]);
        assert.deepEqual(made.envFrom, container("thebot-backend").envFrom);
        const claims = job?.spec.template.spec.volumes.map(
          (volume: Rendered) => volume.persistentVolumeClaim?.claimName,
        );
        assert.ok(claims.includes("static"));
      }
    });

    it("002-PVC-1, 002-PVC-2 shares both volumes between pods on several nodes", () => {
      for (const name of ["static", "media"])
        assert.deepEqual(one("PersistentVolumeClaim", name).spec.accessModes, ["ReadWriteMany"]);
      const mounts = container("thebot-frontend").volumeMounts.filter(({ name }: { name: string }) =>
        ["static", "media"].includes(name),
      );
      assert.deepEqual(
        mounts.map(({ readOnly }: { readOnly: boolean }) => readOnly),
        [true, true],
      );
    });

    it("002-ING-1, 002-ING-2 routes its own host with TLS", () => {
      const { spec } = one("Ingress", "thebot-ingress");
      assert.deepEqual(spec.tls, [{ hosts: [expected.host], secretName: "thebot-tls" }]);
      assert.deepEqual(
        spec.rules[0].http.paths.map(({ path, backend }: Rendered) => [
          path,
          backend.service.name,
          backend.service.port.number,
        ]),
        [
          ["/api", "backend", 8000],
          ["/admin", "backend", 8000],
          ["/", "frontend", 80],
        ],
      );
    });

    it("002-SECU, 002-OBS-1, 002-OBS-2 runs without root or writable root, asked by HTTP or by a command", () => {
      for (const name of ["thebot-backend", "thebot-frontend", "thebot-celery", "thebot-celery-beat"]) {
        const made = container(name);
        assert.equal(made.securityContext.readOnlyRootFilesystem, true);
        assert.deepEqual(made.securityContext.capabilities, { drop: ["ALL"] });
        const how = name.includes("celery") ? "exec" : "httpGet";
        for (const probe of ["livenessProbe", "readinessProbe"]) assert.ok(made[probe][how], `${name} ${probe}`);
      }
    });
  });
}

describe("THE_BOT in prod", () => {
  it("002-OBS-4 is watched, and drawn", async () => {
    const all = await renderedObjects("the-bot", "prod");
    assert.ok(object(all, "PrometheusRule", "the-bot-system").spec.groups[0].rules.length > 0);
    assert.equal(object(all, "ConfigMap", "thebot-dashboard", "monitoring").metadata.labels?.grafana_dashboard, "1");
  });

  it("002-HA-3, 002-HA-4 keeps pods apart and lets one go at a time", async () => {
    const all = await renderedObjects("the-bot", "prod");
    for (const name of ["thebot-backend", "thebot-frontend", "thebot-celery"]) {
      assert.equal(object(all, "PodDisruptionBudget", name).spec.maxUnavailable, 1);
      const { podAntiAffinity } = object(all, "Deployment", name).spec.template.spec.affinity;
      const [{ podAffinityTerm }] = podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution;
      assert.equal(podAffinityTerm.topologyKey, "kubernetes.io/hostname");
    }
  });
});
