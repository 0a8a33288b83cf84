import assert from "node:assert/strict";
import { object, type Rendered, renderedObjects, secretData, selects } from "../rendered.ts";

describe("the AI assistant in prod", () => {
  let all: Rendered[];
  before(async () => {
    all = await renderedObjects("ai-assistant-production", "prod");
  });
  const workload = () => object(all, "Deployment", "ai-assistant-blue", "ai-assistant");
  const container = () => workload().spec.template.spec.containers[0];

  it("003-NS-1 labels its namespace", () => {
    const { labels = {} } = object(all, "Namespace", "ai-assistant").metadata;
    assert.deepEqual([labels.app, labels.environment], ["ai-assistant", "production"]);
  });

  it("003-CFG-1 has the nine settings", () => {
    assert.deepEqual(object(all, "ConfigMap", "ai-assistant-config").data, {
      LOG_LEVEL: "INFO",
      CORS_ORIGINS: "https://your-domain.com",
      DEFAULT_MODEL: "deepseek-chat",
      MAX_TOKENS: "4096",
      VECTOR_DB_HOST: "milvus-service",
      VECTOR_DB_PORT: "19530",
      CHUNK_SIZE: "512",
      LANGFUSE_HOST: "https://langfuse.your-domain.com",
      PROMETHEUS_ENABLED: "true",
    });
  });

  it("003-SEC-1, 003-EXT-1 has the six secrets, with URLs of stores that are there", () => {
    assert.equal(object(all, "Secret", "ai-assistant-secrets").type, "Opaque");
    const secret = secretData(object(all, "Secret", "ai-assistant-secrets"));
    assert.deepEqual(Object.keys(secret).sort(), [
      "DATABASE_URL",
      "DEEPSEEK_API_KEY",
      "LANGFUSE_PUBLIC_KEY",
      "LANGFUSE_SECRET_KEY",
      "OPENAI_API_KEY",
      "REDIS_URL",
    ]);
    const postgres = secretData(object(all, "Secret", "postgres-auth"));
    assert.equal(secret.DATABASE_URL, `postgresql://ai_assistant:${postgres.password}@postgres-service:5432/aidb`);
    const redis = secretData(object(all, "Secret", "redis-auth"));
    assert.equal(secret.REDIS_URL, `redis://:${redis["redis-password"]}@redis-service:6379/0`);
    for (const [name, port] of [
      ["postgres-service", 5432],
      ["redis-service", 6379],
      ["milvus-service", 19530],
    ] as const)
      assert.equal(object(all, "Service", name, "ai-assistant").spec.ports[0].port, port);
  });

  it("003-DEP-1 to 003-DEP-11, X-003-12 runs the documented container, its pods counted by the autoscaler", () => {
    const { metadata, spec } = workload();
    assert.equal(metadata.labels?.app, "ai-assistant");
    assert.equal(spec.replicas, undefined);
    assert.deepEqual(spec.strategy, { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } });
    assert.deepEqual([spec.selector.matchLabels.app, spec.selector.matchLabels.color], ["ai-assistant", "blue"]);
    const { annotations } = spec.template.metadata;
    assert.deepEqual(
      [annotations["prometheus.io/scrape"], annotations["prometheus.io/port"], annotations["prometheus.io/path"]],
      ["true", "8000", "/metrics"],
    );
    assert.equal(spec.template.spec.terminationGracePeriodSeconds, 60);
    const { name, image, imagePullPolicy, ports, envFrom, resources } = container();
    assert.deepEqual([name, image, imagePullPolicy], ["api", "your-registry/ai-assistant:v1.0.0", "Always"]);
    assert.deepEqual(ports, [{ name: "http", containerPort: 8000, protocol: "TCP" }]);
    assert.deepEqual(envFrom, [
      { configMapRef: { name: "ai-assistant-config" } },
      { secretRef: { name: "ai-assistant-secrets" } },
    ]);
    assert.deepEqual(resources, {
      requests: { cpu: "250m", memory: "512Mi" },
      limits: { cpu: "1000m", memory: "2Gi" },
    });
    const probe = (path: string, initialDelaySeconds: number, periodSeconds: number, failureThreshold: number) => ({
      httpGet: { path, port: 8000 },
      initialDelaySeconds,
      periodSeconds,
      failureThreshold,
    });
    assert.deepEqual(container().livenessProbe, probe("/health", 30, 10, 3));
    assert.deepEqual(container().readinessProbe, probe("/ready", 5, 5, 3));
    assert.deepEqual(container().startupProbe, probe("/health", 10, 10, 30));
  });

  it("X-003-16 rolls its pods when a setting or a secret changes", () => {
    const annotations = Object.keys(workload().spec.template.metadata.annotations);
    for (const source of ["config.ai-assistant-config", "secret.ai-assistant-secrets"])
      assert.ok(annotations.includes(`keelson.dev/${source}`), source);
  });

  it("003-SVC-1, X-003-1 has a Service that the monitor can find", () => {
    const { metadata, spec } = object(all, "Service", "ai-assistant-service");
    assert.equal(metadata.labels?.app, "ai-assistant");
    assert.deepEqual(spec.ports, [{ name: "http", port: 80, targetPort: 8000, protocol: "TCP" }]);
    assert.deepEqual([spec.type, spec.selector.app, spec.selector.color], ["ClusterIP", "ai-assistant", "blue"]);
  });

  it("003-HPA, X-003-5 scales the colour with the traffic", () => {
    const { spec } = object(all, "HorizontalPodAutoscaler", "ai-assistant-hpa");
    const resource = (name: string, averageUtilization: number) => ({
      type: "Resource",
      resource: { name, target: { type: "Utilization", averageUtilization } },
    });
    assert.deepEqual(spec, {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "ai-assistant-blue" },
      minReplicas: 3,
      maxReplicas: 10,
      metrics: [
        resource("cpu", 70),
        resource("memory", 80),
        {
          type: "Pods",
          pods: { metric: { name: "http_requests_per_second" }, target: { type: "AverageValue", averageValue: "100" } },
        },
      ],
      behavior: {
        scaleDown: {
          stabilizationWindowSeconds: 300,
          policies: [{ type: "Percent", value: 10, periodSeconds: 60 }],
        },
        scaleUp: { stabilizationWindowSeconds: 0, policies: [{ type: "Percent", value: 100, periodSeconds: 15 }] },
      },
    });
  });

  it("003-ING, X-003-11 routes the host with TLS", () => {
    const { metadata, spec } = object(all, "Ingress", "ai-assistant-ingress");
    assert.equal(metadata.annotations?.["kubernetes.io/ingress.class"], undefined);
    assert.equal(spec.ingressClassName, "nginx");
    assert.equal(metadata.annotations?.["cert-manager.io/cluster-issuer"], "letsencrypt-prod");
    assert.equal(metadata.annotations?.["nginx.ingress.kubernetes.io/proxy-body-size"], "50m");
    assert.equal(metadata.annotations?.["nginx.ingress.kubernetes.io/proxy-read-timeout"], "300");
    assert.deepEqual(spec.tls, [{ hosts: ["api.your-domain.com"], secretName: "ai-assistant-tls" }]);
    const [{ path, pathType, backend }] = spec.rules[0].http.paths;
    assert.deepEqual([spec.rules[0].host, path, pathType], ["api.your-domain.com", "/", "Prefix"]);
    assert.deepEqual(backend.service, { name: "ai-assistant-service", port: { number: 80 } });
  });

  it("003-MON-1, X-003-1 has a monitor that selects the Service with the traffic and no other", () => {
    const { spec } = object(all, "ServiceMonitor", "ai-assistant");
    assert.deepEqual(spec.endpoints, [{ port: "http", path: "/metrics", interval: "15s" }]);
    assert.equal(spec.selector.matchLabels.app, "ai-assistant");
    const found = all.filter(
      ({ kind, metadata }) => kind === "Service" && selects(spec.selector.matchLabels, metadata.labels),
    );
    assert.deepEqual(
      found.map(({ metadata }) => metadata.name),
      ["ai-assistant-service"],
    );
  });

  it("X-003-7 runs Milvus with its own etcd and disk", () => {
    const { spec } = object(all, "StatefulSet", "milvus");
    const env = Object.fromEntries(
      spec.template.spec.containers[0].env.map(({ name, value }: { name: string; value: string }) => [name, value]),
    );
    assert.equal(env.ETCD_USE_EMBED, "true");
    assert.equal(env.COMMON_STORAGETYPE, "local");
    assert.equal(spec.volumeClaimTemplates[0].spec.resources.requests.storage, "50Gi");
  });
});

describe("the AI assistant in dev and staging", () => {
  it("is a scaled-down version of the same, released in the same way", async () => {
    for (const [environment, label, replicas] of [
      ["dev", "development", 1],
      ["staging", "staging", 2],
    ] as const) {
      const all = await renderedObjects("ai-assistant-production", environment);
      const namespace = `ai-assistant-${environment}`;
      assert.equal(object(all, "Namespace", namespace).metadata.labels?.environment, label);
      const { spec } = object(all, "Deployment", "ai-assistant-blue");
      const scaled = all.find(
        ({ kind, metadata }) => kind === "HorizontalPodAutoscaler" && metadata.name === "ai-assistant-hpa",
      );
      assert.equal(spec.replicas ?? scaled?.spec.minReplicas, replicas);
      object(all, "StatefulSet", "milvus");
      assert.equal(
        object(all, "Ingress", "ai-assistant-ingress").spec.rules[0].host,
        `api.${environment}.your-domain.com`,
      );
    }
  });
});
