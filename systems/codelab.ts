import type { SystemInput } from "../components/model/system.ts";

/** What the documents ask of the three services of CodeLab's own that answer quickly: 001-GW-3, 001-AUTH-3, 001-LLM-2. */
const standard = {
  requests: { cpu: "500m", memory: "512Mi" },
  limits: { cpu: "1000m", memory: "1Gi" },
};

/** 001-DB-3 and, for the read replicas, 001-DB-5. X-001-11: the replicas' missing limits are the primary's. */
const database = {
  requests: { cpu: "1000m", memory: "2Gi" },
  limits: { cpu: "2000m", memory: "4Gi" },
};

/** Small enough for a laptop or a shared cluster: the scaled-down sizes of dev. */
const small = { requests: { cpu: "100m", memory: "128Mi" }, limits: { cpu: "500m", memory: "512Mi" } };
/** Half of production, for staging. */
const half = { requests: { cpu: "250m", memory: "256Mi" }, limits: { cpu: "500m", memory: "512Mi" } };

/** The health check that the document gives for the agent runtime (001-AR-8, 001-AR-9). X-001-10: the others get the same. */
const health = (path = "/health") => ({
  liveness: { http: path, port: "http", initialDelaySeconds: 30, periodSeconds: 10 },
  readiness: { http: path, port: "http", initialDelaySeconds: 10, periodSeconds: 5 },
});

/**
 * CodeLab (requirements 001). The base is the documented production; dev and staging are scaled-down versions of it.
 *
 * Decisions where the document contradicts itself:
 * - X-001-1 The Helm route (replication, Redis with a password): the manual one has no authentication and no second copy.
 * - X-001-2 The manual routes with all three annotations; "/" has no backend.
 * - X-001-3 The agent runtime scales on cpu and memory: both routes' targets together.
 * - X-001-5, X-001-6 Connection URLs are made of the generated password and the documented Service names, which exist beside the
 *   chart's own, and the Secret that the manifests use but never create is created.
 * - X-001-7, X-001-18 One Secret for each purpose; each service gets the union of what both routes give it.
 * - X-001-12 The volumes are shared by the pods of a Deployment, hence ReadWriteMany; set a class that offers it.
 */
export const codelab: SystemInput = {
  name: "codelab",
  title: "CodeLab",
  namespace: "codelab", // 001-INS-1
  namespaceLabels: { environment: "production" }, // 001-CFG-1
  domain: "codelab.example.com", // 001-CFG-1
  services: {
    gateway: {
      component: "api",
      image: { repository: "ghcr.io/codelab/gateway", tag: "1.0.0" }, // 001-GW-1
      ports: [{ name: "http", port: 8000 }], // 001-GW-2
      replicas: 3,
      autoscaling: { min: 3, max: 10, cpu: 70, memory: 80 }, // 001-HPA-1; its minimum meets the 3 replicas of 001-GW-1
      resources: standard, // 001-GW-3
      probes: health(), // 001-GW-7 gives none
      env: {
        AGENT_RUNTIME_URL: { service: "agent-runtime" }, // 001-GW-4
        AUTH_SERVICE_URL: { service: "auth-service" },
        DATABASE_URL: { data: "postgres", key: "connection-string" }, // 001-GW-5
        INTERNAL_API_KEY: { secret: "api-keys", key: "internal-api-key" }, // 001-GW-6
      },
      // 001-ARC-3 GW→AR, GW→PG; GW→AUTH follows from AUTH_SERVICE_URL.
      uses: ["agent-runtime", "auth-service", "postgres"],
    },
    "agent-runtime": {
      component: "runtime",
      image: { repository: "ghcr.io/codelab/agent-runtime", tag: "1.0.0" }, // 001-AR-1
      ports: [{ name: "http", port: 8001 }], // 001-AR-2
      replicas: 3,
      autoscaling: { min: 3, max: 20, cpu: 70, memory: 80 }, // 001-HPA-2, 001-HPA-3
      // 001-VPA-1 says Auto and gives no bounds. X-001-4: beside 001-HPA-2, which scales by the same cpu and memory, it recommends.
      // The bounds are ours: a quarter of the documented request, and half of a node of 001-PRE-1.
      verticalScaling: { mode: "Off", min: { cpu: "250m", memory: "256Mi" }, max: { cpu: "2000m", memory: "8Gi" } },
      resources: { requests: { cpu: "1000m", memory: "1Gi" }, limits: { cpu: "2000m", memory: "2Gi" } }, // 001-AR-3
      probes: health(), // 001-AR-8, 001-AR-9
      env: {
        LLM_PROVIDER: "openai", // 001-AR-4
        // X-001-9: AR→LLM is drawn, but the runtime is never told where the proxy is.
        LLM_PROXY_URL: { service: "llm-proxy" },
        DATABASE_URL: { data: "postgres", key: "connection-string" }, // 001-AR-5
        REDIS_URL: { data: "redis", key: "url" }, // 001-AR-6
        OPENAI_API_KEY: { secret: "api-keys", key: "openai-api-key" }, // 001-AR-7
        INTERNAL_API_KEY: { secret: "api-keys", key: "internal-api-key" },
      },
      volumes: { data: { mountPath: "/data", size: "10Gi", class: "standard", accessMode: "ReadWriteMany" } }, // 001-AR-10
      uses: ["llm-proxy", "postgres", "redis"], // 001-ARC-3
      egress: [{ host: "api.openai.com", ports: [443] }], // LLM_PROVIDER=openai with a key of its own
    },
    "auth-service": {
      component: "auth",
      image: { repository: "ghcr.io/codelab/auth-service", tag: "1.0.0" }, // 001-AUTH-1
      ports: [{ name: "http", port: 8003 }], // 001-AUTH-2
      replicas: 2,
      autoscaling: { min: 2, max: 5, cpu: 70 }, // 001-HPA-4
      resources: standard, // 001-AUTH-3
      probes: health(), // 001-AUTH-7 gives none
      env: {
        JWT_SECRET_KEY: { secret: "jwt-secret", key: "jwt-secret-key" }, // 001-AUTH-4
        OAUTH2_CLIENT_SECRET: { secret: "oauth-secret", key: "client-secret" },
        DATABASE_URL: { data: "postgres", key: "connection-string" }, // 001-AUTH-6: the same names as the runtime's
        REDIS_URL: { data: "redis", key: "url" },
      },
      volumes: { data: { mountPath: "/data", size: "5Gi", class: "standard", accessMode: "ReadWriteMany" } }, // 001-AUTH-5
      uses: ["postgres", "redis"], // 001-ARC-3
    },
    "llm-proxy": {
      component: "proxy",
      // 001-LLM-1 says main-latest. X-001-14: a tag that moves under IfNotPresent makes nodes differ; a released one instead.
      image: { repository: "ghcr.io/berriai/litellm", tag: "v1.80.11-stable.1" },
      args: ["--config", "/app/config.yaml", "--port", "4000"], // 001-LLM-5: LiteLLM's own defaults
      ports: [{ name: "http", port: 4000 }],
      replicas: 2, // 001-LLM-1; 001-HPA-5: no autoscaler
      resources: standard, // 001-LLM-2
      probes: {
        liveness: { http: "/health/liveliness", port: "http", initialDelaySeconds: 30, periodSeconds: 10 },
        readiness: { http: "/health/readiness", port: "http", initialDelaySeconds: 10, periodSeconds: 5 },
      },
      env: {
        OPENAI_API_KEY: { secret: "api-keys", key: "openai-api-key" }, // 001-LLM-4, X-001-9: it is the one that needs it
        HOME: "/tmp", // caches go where a read-only root file system lets them
      },
      // 001-LLM-3
      files: {
        "/app/config.yaml": [
          "model_list:",
          "  - model_name: gpt-4",
          "    litellm_params:",
          "      model: gpt-4",
          "      api_key: os.environ/OPENAI_API_KEY",
          "",
        ].join("\n"),
      },
      egress: [{ host: "api.openai.com", ports: [443] }],
    },
  },
  data: {
    postgres: {
      engine: "postgresql",
      serviceName: "postgres", // 001-DB-7; X-001-5: the chart itself calls it postgres-primary
      architecture: "replication", // X-001-13: without it the read replicas of 001-DB-4 would not exist
      database: "codelab", // 001-DB-1
      username: "codelab",
      storage: { size: "50Gi", class: "standard" }, // 001-DB-2
      resources: database, // 001-DB-3
      readReplicas: { count: 2, storage: { size: "50Gi", class: "standard" }, resources: database }, // 001-DB-4, 001-DB-5
      connectionSecret: { name: "postgres-secret", urlKey: "connection-string" }, // 001-SEC-4
      backup: {}, // 001-BP-6
    },
    redis: {
      engine: "redis",
      serviceName: "redis", // 001-AR-6, 001-RED-5
      architecture: "replication", // 001-RED-1
      storage: { size: "10Gi" }, // 001-RED-2
      resources: standard,
      replicas: { count: 2, storage: { size: "10Gi" }, resources: standard }, // 001-RED-3, X-001-11: limits are the master's
      connectionSecret: { name: "redis-secret", urlKey: "url" },
    },
  },
  secrets: {
    "api-keys": { "openai-api-key": { config: "openai-api-key" }, "internal-api-key": { generate: 48 } }, // 001-SEC-1
    "jwt-secret": { "jwt-secret-key": { generate: 64 } }, // 001-SEC-2
    "oauth-secret": { "client-secret": { generate: 48 } }, // 001-SEC-3
  },
  ingresses: {
    "codelab-ingress": {
      class: "nginx", // 001-ING-1
      tlsSecret: "codelab-tls", // 001-ING-6
      annotations: {
        "nginx.ingress.kubernetes.io/proxy-body-size": "50m", // 001-ING-1
        "nginx.ingress.kubernetes.io/proxy-read-timeout": "600", // 001-ING-2
      },
      routes: [
        { path: "/api/v1", service: "gateway" }, // 001-ING-3
        { path: "/oauth", service: "auth-service" }, // 001-ING-4
      ],
    },
  },
  addons: {
    certManager: { version: "1.13.0" }, // 001-INS-2
    clusterIssuers: {}, // 001-ING-7
    ingressNginx: {}, // 001-INS-3
    monitoring: {}, // 001-MON-1, 001-MON-2
    // 001-BAK-1, 001-BAK-2. X-001-19: the plugin is the one that fits, the region is for the stack to set, every night at two.
    velero: { bucket: "codelab-backups", region: "us-east-1" },
    metricsServer: {}, // 001-MON-4, and every autoscaler by cpu or memory
    verticalPodAutoscaler: {}, // 001-VPA-1
  },
  dashboards: { "codelab-dashboard": { title: "CodeLab" } }, // 001-BP-5
  environments: {
    dev: {
      // Half of all objects, and nobody looks at a laptop's dashboards.
      addons: { monitoring: false, velero: false },
      namespace: "codelab-dev",
      namespaceLabels: { environment: "development" },
      domain: "dev.codelab.example.com",
      services: {
        gateway: { autoscaling: false, replicas: 1, resources: small },
        "agent-runtime": {
          autoscaling: false,
          verticalScaling: false,
          replicas: 1,
          resources: small,
          volumes: { data: { size: "1Gi" } },
        },
        "auth-service": { autoscaling: false, replicas: 1, resources: small, volumes: { data: { size: "1Gi" } } },
        // LiteLLM needs the documented memory to start at all, here as there.
        "llm-proxy": { replicas: 1, resources: { requests: { cpu: "100m" } } },
      },
      data: {
        postgres: {
          architecture: "standalone",
          readReplicas: false,
          storage: { size: "2Gi" },
          resources: small,
          backup: false,
        },
        redis: { architecture: "standalone", replicas: false, storage: { size: "1Gi" }, resources: small },
      },
    },
    staging: {
      namespace: "codelab-staging",
      namespaceLabels: { environment: "staging" },
      addons: { velero: false },
      domain: "staging.codelab.example.com",
      services: {
        gateway: { autoscaling: { min: 2, max: 4 }, resources: half },
        "agent-runtime": { autoscaling: { min: 2, max: 4 }, resources: half, volumes: { data: { size: "5Gi" } } },
        "auth-service": { autoscaling: { min: 2, max: 3 }, resources: half, volumes: { data: { size: "2Gi" } } },
        "llm-proxy": { resources: { requests: { cpu: "250m" } } },
      },
      data: {
        postgres: {
          storage: { size: "20Gi" },
          resources: half,
          readReplicas: { count: 1, storage: { size: "20Gi" }, resources: half },
        },
        redis: {
          storage: { size: "5Gi" },
          resources: half,
          replicas: { count: 1, storage: { size: "5Gi" }, resources: half },
        },
      },
    },
  },
};
