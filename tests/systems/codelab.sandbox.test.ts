import assert from "node:assert/strict";
import { object, podTemplates, type Rendered, renderedObjects, secretData } from "../rendered.ts";

describe("CodeLab in prod", () => {
  let all: Rendered[];
  before(async () => {
    all = await renderedObjects("codelab", "prod");
  });
  const container = (name: string, kind = "Deployment") =>
    object(all, kind, name, "codelab").spec.template.spec.containers[0];
  const env = (name: string, variable: string) =>
    container(name).env.find((entry: { name: string }) => entry.name === variable);
  const secretKey = (name: string, variable: string) => {
    const { name: secret, key } = env(name, variable).valueFrom.secretKeyRef;
    return `${secret}/${key}`;
  };

  it("001-INS-1 has the namespace codelab, held to Pod Security restricted", () => {
    assert.equal(
      object(all, "Namespace", "codelab").metadata.labels?.["pod-security.kubernetes.io/enforce"],
      "restricted",
    );
  });

  const workloads: [string, string, string, string, number, [string, string, string, string]][] = [
    ["001-GW", "gateway", "ghcr.io/codelab/gateway:1.0.0", "/health", 8000, ["500m", "512Mi", "1000m", "1Gi"]],
    [
      "001-AR",
      "agent-runtime",
      "ghcr.io/codelab/agent-runtime:1.0.0",
      "/health",
      8001,
      ["1000m", "1Gi", "2000m", "2Gi"],
    ],
    [
      "001-AUTH",
      "auth-service",
      "ghcr.io/codelab/auth-service:1.0.0",
      "/health",
      8003,
      ["500m", "512Mi", "1000m", "1Gi"],
    ],
    [
      "001-LLM",
      "llm-proxy",
      "ghcr.io/berriai/litellm:v1.80.11-stable.1",
      "/health/liveliness",
      4000,
      ["500m", "512Mi", "1000m", "1Gi"],
    ],
  ];
  for (const [id, name, image, livePath, port, [cpu, memory, cpuLimit, memoryLimit]] of workloads) {
    it(`${id} runs ${name} with its image, port, resources and probes`, () => {
      const made = container(name);
      assert.equal(made.image, image);
      assert.equal(made.imagePullPolicy, "IfNotPresent");
      assert.equal(made.ports[0].containerPort, port);
      assert.deepEqual(made.resources, { requests: { cpu, memory }, limits: { cpu: cpuLimit, memory: memoryLimit } });
      assert.deepEqual(made.livenessProbe, {
        httpGet: { path: livePath, port },
        initialDelaySeconds: 30,
        periodSeconds: 10,
      });
      assert.equal(made.readinessProbe.initialDelaySeconds, 10);
      assert.equal(made.readinessProbe.periodSeconds, 5);
      const [servicePort] = object(all, "Service", name, "codelab").spec.ports;
      assert.deepEqual([servicePort.port, servicePort.targetPort], [port, port]);
    });
  }

  it("001-CFG-1 says which environment its namespace is", () => {
    assert.equal(object(all, "Namespace", "codelab").metadata.labels?.environment, "production");
  });

  it("001-BAK-1, 001-BAK-2 backs its namespace up to the documented bucket", () => {
    const { provider, objectStorage } = object(all, "BackupStorageLocation", "default").spec;
    assert.deepEqual([provider, objectStorage.bucket], ["aws", "codelab-backups"]);
    assert.deepEqual(object(all, "Schedule", "codelab-backup").spec.template.includedNamespaces, ["codelab"]);
  });

  it("001-MON-1 to 001-MON-3 has Grafana behind port 80, with a generated password", () => {
    const [{ port }] = object(all, "Service", "prometheus-grafana", "monitoring").spec.ports;
    assert.equal(port, 80);
    assert.ok(secretData(object(all, "Secret", "grafana-admin"))["admin-password"]);
  });

  it("001-GW-4, 001-GW-5, 001-GW-6 tells the gateway where the others are", () => {
    assert.equal(env("gateway", "AGENT_RUNTIME_URL").value, "http://agent-runtime:8001");
    assert.equal(env("gateway", "AUTH_SERVICE_URL").value, "http://auth-service:8003");
    assert.equal(secretKey("gateway", "DATABASE_URL"), "postgres-secret/connection-string");
    assert.equal(secretKey("gateway", "INTERNAL_API_KEY"), "api-keys/internal-api-key");
  });

  it("001-AR-4 to 001-AR-7 gives the agent runtime provider, databases and keys", () => {
    assert.equal(env("agent-runtime", "LLM_PROVIDER").value, "openai");
    assert.equal(secretKey("agent-runtime", "DATABASE_URL"), "postgres-secret/connection-string");
    assert.equal(secretKey("agent-runtime", "REDIS_URL"), "redis-secret/url");
    assert.equal(secretKey("agent-runtime", "OPENAI_API_KEY"), "api-keys/openai-api-key");
    assert.equal(secretKey("agent-runtime", "INTERNAL_API_KEY"), "api-keys/internal-api-key");
  });

  it("001-AUTH-4, 001-AUTH-6, 001-LLM-4 gives the others theirs", () => {
    assert.equal(secretKey("auth-service", "JWT_SECRET_KEY"), "jwt-secret/jwt-secret-key");
    assert.equal(secretKey("auth-service", "OAUTH2_CLIENT_SECRET"), "oauth-secret/client-secret");
    assert.equal(secretKey("llm-proxy", "OPENAI_API_KEY"), "api-keys/openai-api-key");
  });

  it("001-AR-10, 001-AUTH-5 claims shared disk of the documented sizes", () => {
    for (const [name, size] of [
      ["agent-runtime-data", "10Gi"],
      ["auth-service-data", "5Gi"],
    ] as const) {
      const { spec } = object(all, "PersistentVolumeClaim", name) as Rendered & { spec: Record<string, unknown> };
      assert.deepEqual(spec, {
        accessModes: ["ReadWriteMany"],
        storageClassName: "standard",
        resources: { requests: { storage: size } },
      });
    }
  });

  it("001-LLM-3 mounts LiteLLM's model list", () => {
    const { data } = object(all, "ConfigMap", "llm-proxy-files") as Rendered & { data: Record<string, string> };
    assert.match(
      Object.values(data)[0] ?? "",
      /model_name: gpt-4\n {4}litellm_params:\n {6}model: gpt-4\n {6}api_key: os\.environ\/OPENAI_API_KEY/,
    );
    assert.deepEqual(container("llm-proxy").args.slice(0, 2), [
      "--config",
      container("llm-proxy").volumeMounts.find(({ name }: { name: string }) => name === "files").mountPath,
    ]);
  });

  it("001-HPA scales between the documented bounds, replicas left to the autoscaler", () => {
    const bounds: [string, number, number, Record<string, number>][] = [
      ["gateway", 3, 10, { cpu: 70, memory: 80 }],
      ["agent-runtime", 3, 20, { cpu: 70, memory: 80 }],
      ["auth-service", 2, 5, { cpu: 70 }],
    ];
    for (const [name, min, max, targets] of bounds) {
      const { spec } = object(all, "HorizontalPodAutoscaler", `${name}-hpa`);
      assert.deepEqual(spec.scaleTargetRef, { apiVersion: "apps/v1", kind: "Deployment", name });
      assert.deepEqual([spec.minReplicas, spec.maxReplicas], [min, max]);
      assert.deepEqual(
        Object.fromEntries(
          spec.metrics.map(({ resource }: Rendered) => [resource.name, resource.target.averageUtilization]),
        ),
        targets,
      );
      assert.equal(object(all, "Deployment", name).spec.replicas, undefined);
    }
    assert.equal(object(all, "Deployment", "llm-proxy").spec.replicas, 2);
    assert.equal(
      all.filter(({ kind, metadata }) => kind === "HorizontalPodAutoscaler" && metadata.namespace === "codelab").length,
      3,
    );
  });

  it("001-DB runs PostgreSQL with two read replicas of the documented size", () => {
    for (const [name, replicas] of [
      ["postgres-primary", 1],
      ["postgres-read", 2],
    ] as const) {
      const { spec } = object(all, "StatefulSet", name);
      assert.equal(spec.replicas, replicas);
      const [claim] = spec.volumeClaimTemplates;
      assert.equal(claim.spec.storageClassName, "standard");
      assert.equal(claim.spec.resources.requests.storage, "50Gi");
      assert.deepEqual(spec.template.spec.containers[0].resources, {
        requests: { cpu: "1000m", memory: "2Gi" },
        limits: { cpu: "2000m", memory: "4Gi" },
      });
    }
  });

  it("001-RED runs Redis with two replicas of the documented size", () => {
    for (const [name, replicas] of [
      ["redis-master", 1],
      ["redis-replicas", 2],
    ] as const) {
      const { spec } = object(all, "StatefulSet", name);
      assert.equal(spec.replicas, replicas);
      assert.equal(spec.volumeClaimTemplates[0].spec.resources.requests.storage, "10Gi");
      assert.deepEqual(spec.template.spec.containers[0].resources, {
        requests: { cpu: "500m", memory: "512Mi" },
        limits: { cpu: "1000m", memory: "1Gi" },
      });
    }
  });

  it("X-001-5, X-001-6 makes URLs of the generated passwords and of Services that exist", () => {
    const postgres = secretData(object(all, "Secret", "postgres-secret"));
    assert.equal(postgres["connection-string"], `postgresql://codelab:${postgres.password}@postgres:5432/codelab`);
    assert.equal(object(all, "Service", "postgres", "codelab").spec.ports[0].port, 5432);
    assert.equal(secretData(object(all, "Secret", "postgres-auth")).password, postgres.password);
    const redis = secretData(object(all, "Secret", "redis-secret"));
    assert.equal(redis.url, `redis://:${redis.password}@redis:6379/0`);
    assert.equal(object(all, "Service", "redis", "codelab").spec.ports[0].port, 6379);
    assert.equal(secretData(object(all, "Secret", "redis-auth"))["redis-password"], redis.password);
  });

  it("001-SEC has each Secret with its keys", () => {
    const keys = (name: string) => Object.keys(secretData(object(all, "Secret", name, "codelab"))).sort();
    assert.deepEqual(keys("api-keys"), ["internal-api-key", "openai-api-key"]);
    assert.deepEqual(keys("jwt-secret"), ["jwt-secret-key"]);
    assert.deepEqual(keys("oauth-secret"), ["client-secret"]);
  });

  it("001-ING routes the host with TLS", () => {
    const { metadata, spec } = object(all, "Ingress", "codelab-ingress");
    assert.equal(spec.ingressClassName, "nginx");
    assert.deepEqual(spec.tls, [{ hosts: ["codelab.example.com"], secretName: "codelab-tls" }]);
    assert.equal(metadata.annotations?.["cert-manager.io/cluster-issuer"], "letsencrypt-prod");
    assert.equal(metadata.annotations?.["nginx.ingress.kubernetes.io/proxy-body-size"], "50m");
    assert.equal(metadata.annotations?.["nginx.ingress.kubernetes.io/proxy-read-timeout"], "600");
    const routes = spec.rules[0].http.paths.map(({ path, pathType, backend }: Rendered) => [
      path,
      pathType,
      backend.service.name,
      backend.service.port.number,
    ]);
    assert.deepEqual(routes, [
      ["/api/v1", "Prefix", "gateway", 8000],
      ["/oauth", "Prefix", "auth-service", 8003],
    ]);
  });

  it("001-INS-2, 001-INS-3, 001-ING-7 installs cert-manager 1.13.0, its issuers and ingress-nginx", () => {
    assert.equal(
      object(all, "Deployment", "cert-manager", "cert-manager").spec.template.spec.containers[0].image,
      "quay.io/jetstack/cert-manager-controller:v1.13.0",
    );
    assert.equal(
      all.filter(
        ({ kind, metadata }) => kind === "CustomResourceDefinition" && metadata.name.endsWith("cert-manager.io"),
      ).length,
      6,
    );
    const issuer = object(all, "ClusterIssuer", "letsencrypt-prod");
    assert.equal(issuer.spec.acme.server, "https://acme-v02.api.letsencrypt.org/directory");
    object(all, "IngressClass", "nginx");
    object(all, "Deployment", "ingress-nginx-controller", "ingress-nginx");
  });

  it("001-BP-9 keeps every documented pod while a rollout goes on", () => {
    for (const name of ["gateway", "agent-runtime", "auth-service", "llm-proxy"]) {
      assert.deepEqual(object(all, "Deployment", name).spec.strategy, {
        type: "RollingUpdate",
        rollingUpdate: { maxSurge: 1, maxUnavailable: 0 },
      });
      assert.equal(object(all, "PodDisruptionBudget", name).spec.maxUnavailable, 1);
    }
  });
});

describe("CodeLab in dev and staging", () => {
  it("is a scaled-down version of the same services", async () => {
    for (const [environment, namespace, replicas] of [
      ["dev", "codelab-dev", 1],
      ["staging", "codelab-staging", 2],
    ] as const) {
      const all = await renderedObjects("codelab", environment);
      const own = podTemplates(all).filter((pod) => pod.namespace === namespace && pod.owner.kind === "Deployment");
      assert.deepEqual(own.map(({ owner }) => owner.metadata.name).sort(), [
        "agent-runtime",
        "auth-service",
        "gateway",
        "llm-proxy",
      ]);
      const gateway = object(all, "Deployment", "gateway");
      const scaled = all.find(
        ({ kind, metadata }) => kind === "HorizontalPodAutoscaler" && metadata.name === "gateway-hpa",
      );
      assert.equal(gateway.spec.replicas ?? scaled?.spec.minReplicas, replicas);
      const proxy = object(all, "Deployment", "llm-proxy").spec.template.spec.containers[0].resources;
      assert.deepEqual([proxy.requests.memory, proxy.limits.memory], ["512Mi", "1Gi"], "LiteLLM starts in no less");
    }
  });
});
