import type { SystemInput } from "../components/model/system.ts";

const small = { requests: { cpu: "100m", memory: "128Mi" }, limits: { cpu: "500m", memory: "512Mi" } };
const half = { requests: { cpu: "125m", memory: "256Mi" }, limits: { cpu: "500m", memory: "1Gi" } };

/**
 * The AI assistant in production (requirements 003). The document knows production only; staging is half of it, dev the
 * smallest that works. What it refers to and never deploys comes up here too (X-003-7), with sizes of our own.
 *
 * Decisions where the document contradicts itself:
 * - X-003-1 The Service has the label and the named port that the ServiceMonitor asks for.
 * - X-003-2, X-003-3, X-003-4, X-003-5 There is no Deployment without a colour: the first deployment is blue, the release
 *   takes the version as an argument, waits, checks, can be taken back, and the autoscaler follows the traffic. `docs/release.md`.
 * - X-003-8 Text in the configuration, encrypted; nobody writes base64.
 * - X-003-10 Probes as documented; what readiness means is the application's.
 * - X-003-11 The field ingressClassName instead of the annotation.
 * - X-003-12 The number of pods is the autoscaler's, at least 3.
 * - X-003-13 Pods keep the scrape annotations; the Prometheus operator reads ServiceMonitors only, so nothing is scraped twice.
 * - X-003-14 The documented numbers: 310 seconds at most.
 * - X-003-15 Always, as documented: with a tag that never moves it costs a question to the registry.
 * - X-003-16 Pods carry marks of the ConfigMap and the Secret that they read.
 */
export const aiAssistantProduction: SystemInput = {
  name: "ai-assistant-production",
  title: "AI assistant (production)",
  namespace: "ai-assistant", // 003-NS-1
  namespaceLabels: { app: "ai-assistant", environment: "production" }, // 003-NS-1
  domain: "your-domain.com",
  configs: {
    // 003-CFG-1
    "ai-assistant-config": {
      LOG_LEVEL: "INFO",
      CORS_ORIGINS: "https://{domain}",
      DEFAULT_MODEL: "deepseek-chat",
      MAX_TOKENS: "4096",
      VECTOR_DB_HOST: "milvus-service",
      VECTOR_DB_PORT: "19530",
      CHUNK_SIZE: "512",
      LANGFUSE_HOST: "https://langfuse.your-domain.com",
      PROMETHEUS_ENABLED: "true",
    },
  },
  secrets: {
    // 003-SEC-1
    "ai-assistant-secrets": {
      OPENAI_API_KEY: { config: "openai-api-key" },
      DEEPSEEK_API_KEY: { config: "deepseek-api-key" },
      DATABASE_URL: { data: "postgres", key: "url" },
      REDIS_URL: { data: "redis", key: "url" },
      LANGFUSE_PUBLIC_KEY: { config: "langfuse-public-key" },
      LANGFUSE_SECRET_KEY: { config: "langfuse-secret-key" },
    },
  },
  services: {
    "ai-assistant": {
      component: "api",
      serviceName: "ai-assistant-service", // 003-SVC-1
      containerName: "api", // 003-DEP-2
      labels: { app: "ai-assistant" }, // 003-DEP-2, X-003-1
      podAnnotations: {
        // 003-DEP-4
        "prometheus.io/scrape": "true",
        "prometheus.io/port": "8000",
        "prometheus.io/path": "/metrics",
      },
      image: { repository: "your-registry/ai-assistant", tag: "v1.0.0" }, // 003-DEP-2
      imagePullPolicy: "Always", // 003-DEP-2
      ports: [{ name: "http", port: 8000, servicePort: 80 }], // 003-DEP-5, 003-SVC-1
      envFrom: [{ config: "ai-assistant-config" }, { secret: "ai-assistant-secrets" }], // 003-DEP-6
      replicas: 3, // 003-DEP-1
      autoscaling: {
        min: 3, // 003-HPA-1
        max: 10,
        cpu: 70, // 003-HPA-2
        memory: 80, // 003-HPA-3
        pods: { http_requests_per_second: "100" }, // 003-HPA-4
        behavior: {
          // 003-HPA-5, 003-HPA-6
          scaleDown: {
            stabilizationWindowSeconds: 300,
            policies: [{ type: "Percent", value: 10, periodSeconds: 60 }],
          },
          scaleUp: { stabilizationWindowSeconds: 0, policies: [{ type: "Percent", value: 100, periodSeconds: 15 }] },
        },
      },
      // 003-DEP-7
      resources: { requests: { cpu: "250m", memory: "512Mi" }, limits: { cpu: "1000m", memory: "2Gi" } },
      probes: {
        liveness: { http: "/health", port: "http", initialDelaySeconds: 30, periodSeconds: 10, failureThreshold: 3 }, // 003-DEP-8
        readiness: { http: "/ready", port: "http", initialDelaySeconds: 5, periodSeconds: 5, failureThreshold: 3 }, // 003-DEP-9
        startup: { http: "/health", port: "http", initialDelaySeconds: 10, periodSeconds: 10, failureThreshold: 30 }, // 003-DEP-10
      },
      metrics: { port: "http", path: "/metrics", interval: "15s" }, // 003-MON-1
      terminationGracePeriodSeconds: 60, // 003-DEP-11
      uses: ["postgres", "redis", "milvus"], // 003-EXT-1
      egress: [
        { host: "api.openai.com" },
        { host: "api.deepseek.com" },
        { host: "langfuse.your-domain.com" }, // X-003-7: LangFuse stays a host outside
      ],
      blueGreen: {
        smoke: { paths: ["/health", "/ready"] }, // 003-BG-5, 003-HLT-1, 003-HLT-2
        retentionSeconds: 600, // 003-BG-7
      },
      // Pods that need all of their 310 seconds (003-DEP-10) to load models, a few one after another in a rolling update.
      timeoutSeconds: 1200,
    },
    // X-003-7: Milvus standalone with its own etcd and local storage, as Milvus' standalone_embed.sh starts it.
    milvus: {
      kind: "StatefulSet",
      component: "vector-db",
      serviceName: "milvus-service", // 003-EXT-1
      image: { repository: "docker.io/milvusdb/milvus", tag: "v2.5.4" },
      command: ["milvus", "run", "standalone"],
      ports: [
        { name: "grpc", port: 19530 }, // 003-EXT-1
        { name: "metrics", port: 9091 },
      ],
      env: {
        DEPLOY_MODE: "STANDALONE",
        ETCD_USE_EMBED: "true",
        ETCD_DATA_DIR: "/var/lib/milvus/etcd",
        ETCD_CONFIG_PATH: "/milvus/configs/embedEtcd.yaml",
        COMMON_STORAGETYPE: "local",
      },
      files: {
        // Milvus alone talks to it, so it listens to nobody else.
        "/milvus/configs/embedEtcd.yaml": [
          "listen-client-urls: http://127.0.0.1:2379",
          "advertise-client-urls: http://127.0.0.1:2379",
          "quota-backend-bytes: 4294967296",
          "auto-compaction-mode: revision",
          "auto-compaction-retention: '1000'",
          "",
        ].join("\n"),
      },
      volumes: {
        data: { mountPath: "/var/lib/milvus", size: "50Gi", accessMode: "ReadWriteOnce" },
        temporary: { mountPath: "/tmp", scratch: "1Gi" },
      },
      resources: { requests: { cpu: "1000m", memory: "4Gi" }, limits: { cpu: "2000m", memory: "8Gi" } },
      probes: {
        liveness: { http: "/healthz", port: "metrics", periodSeconds: 30, timeoutSeconds: 5 },
        readiness: { http: "/healthz", port: "metrics", periodSeconds: 10, timeoutSeconds: 5 },
        startup: { http: "/healthz", port: "metrics", periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 30 },
      },
      metrics: { port: "metrics" },
      terminationGracePeriodSeconds: 60,
    },
  },
  data: {
    // X-003-7: sizes are not in the document.
    postgres: {
      engine: "postgresql",
      serviceName: "postgres-service", // 003-EXT-1
      database: "aidb", // 003-EXT-1
      username: "ai_assistant",
      storage: { size: "20Gi" },
      resources: { requests: { cpu: "500m", memory: "1Gi" }, limits: { cpu: "1000m", memory: "2Gi" } },
      connectionSecret: { name: "postgres-connection", urlKey: "url" },
      backup: {}, // the document has none: every night, kept for two weeks
    },
    redis: {
      engine: "redis",
      serviceName: "redis-service", // 003-EXT-1
      storage: { size: "5Gi" },
      resources: { requests: { cpu: "250m", memory: "512Mi" }, limits: { cpu: "500m", memory: "1Gi" } },
      connectionSecret: { name: "redis-connection", urlKey: "url" },
    },
  },
  ingresses: {
    "ai-assistant-ingress": {
      subdomain: "api", // 003-ING-4
      class: "nginx", // 003-ING-1
      tlsSecret: "ai-assistant-tls", // 003-ING-4
      annotations: {
        // 003-ING-3
        "nginx.ingress.kubernetes.io/proxy-body-size": "50m",
        "nginx.ingress.kubernetes.io/proxy-read-timeout": "300",
      },
      routes: [{ path: "/", service: "ai-assistant" }], // 003-ING-5
    },
  },
  // X-003-17: what the documented flow takes for granted. X-003-9: and what serves the custom metric.
  addons: {
    certManager: {},
    clusterIssuers: {},
    ingressNginx: {},
    monitoring: {}, // 003-MON-2
    metricsServer: {},
    metricsAdapter: {},
  },
  dashboards: { "ai-assistant-production-dashboard": { title: "AI assistant" } }, // 003-MON-2
  environments: {
    dev: {
      // Half of all objects, and nobody looks at a laptop's dashboards.
      addons: { monitoring: false, metricsAdapter: false },
      namespace: "ai-assistant-dev",
      namespaceLabels: { environment: "development" },
      domain: "dev.your-domain.com",
      configs: { "ai-assistant-config": { LOG_LEVEL: "DEBUG" } },
      services: {
        "ai-assistant": {
          autoscaling: false,
          replicas: 1,
          resources: small,
          blueGreen: { retentionSeconds: 60 },
        },
        milvus: {
          resources: { requests: { cpu: "250m", memory: "1Gi" }, limits: { cpu: "1000m", memory: "2Gi" } },
          volumes: { data: { size: "5Gi" } },
        },
      },
      data: {
        postgres: { storage: { size: "2Gi" }, resources: small, backup: false },
        redis: { storage: { size: "1Gi" }, resources: small },
      },
    },
    staging: {
      namespace: "ai-assistant-staging",
      namespaceLabels: { environment: "staging" },
      domain: "staging.your-domain.com",
      services: {
        "ai-assistant": { autoscaling: { min: 2, max: 4 }, resources: half },
        milvus: {
          resources: { requests: { cpu: "500m", memory: "2Gi" }, limits: { cpu: "1000m", memory: "4Gi" } },
          volumes: { data: { size: "20Gi" } },
        },
      },
      data: {
        postgres: { storage: { size: "10Gi" }, resources: half },
        redis: { storage: { size: "2Gi" }, resources: half },
      },
    },
  },
};
