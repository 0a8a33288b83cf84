import type { SystemInput } from "../components/model/system.ts";

const small = { requests: { cpu: "100m", memory: "256Mi" }, limits: { cpu: "500m", memory: "512Mi" } };

/** Series of the application's own container: the documented pattern of pods alone matches frontend and database too (000-MON-5). */
const app = 'pod=~"ai-assistant-.*",container="ai-assistant",namespace="$namespace"';
const each = "max by (namespace, pod, container)";

/** 000-DEP-2, 000-DEP-6: the default values name no registry, those of production do (X-000-16). */
const defaultImages = {
  app: { repository: "your-registry/ai-assistant", tag: "v1.0.0" },
  frontend: { repository: "your-registry/ai-assistant-frontend" },
};

/**
 * AI Assistant MVP (requirements 000). The base is the documented production; staging has the document's default values, dev is
 * the smallest that works.
 *
 * Decisions where the document contradicts itself:
 * - X-000-1 Both `app:` sections of the default values count.
 * - X-000-2 The production's five pods are the autoscaler's minimum there; elsewhere it is the documented three.
 * - X-000-3 The VerticalPodAutoscaler recommends and changes nothing, since the other one scales by cpu and memory.
 * - X-000-4 Its upper bounds may be above the limits: they bound the request, and limits keep their ratio to it.
 * - X-000-5 DNS, Redis, the LLM APIs and Prometheus are allowed too, the frontend has a policy, and namespaces are selected by
 *   the label that every namespace has.
 * - X-000-6, X-000-7 PostgreSQL is a StatefulSet of the documented name; policies select the labels that its pods have.
 * - X-000-8 v1.2.0 in production, v1.0.0 in staging; latest nowhere.
 * - X-000-9 Every environment has both routes and TLS, signed by its own issuer.
 * - X-000-10 There is a Redis for the Redis password.
 * - X-000-11 Passwords are made once and kept; `database-url` is composed of the same one.
 * - X-000-15 The Service is called ai-assistant, so the label job of its series is too.
 * - X-000-16 Production's registry and the repository are put together, as the document's values would be; the default values
 *   have no registry.
 */
export const aiAssistantMvp: SystemInput = {
  name: "ai-assistant-mvp",
  title: "AI Assistant MVP",
  namespace: "ai-assistant", // 000-INS-2
  domain: "production.com", // 000-ING-3
  services: {
    "ai-assistant": {
      component: "api",
      labels: { app: "ai-assistant" }, // 000-DEP-4, 000-SVC-1
      image: { repository: "your-registry.com/your-registry/ai-assistant", tag: "v1.2.0" }, // 000-DEP-2
      ports: [{ name: "http", port: 8000 }], // 000-DEP-4, 000-SVC-1
      replicas: 5, // 000-DEP-1
      autoscaling: { min: 5, max: 20, cpu: 70, memory: 80 }, // 000-HPA-1 to 000-HPA-3; its minimum meets the 5 of 000-DEP-1
      // 000-VPA-1, 000-VPA-2
      verticalScaling: { mode: "Off", min: { cpu: "500m", memory: "1Gi" }, max: { cpu: "4000m", memory: "8Gi" } },
      resources: { requests: { cpu: "1000m", memory: "2Gi" }, limits: { cpu: "2000m", memory: "4Gi" } }, // 000-DEP-3
      // 000-DEP-5 gives none. The same application's in the other document (003-DEP-8 to 003-DEP-10).
      probes: {
        startup: { http: "/health", port: "http", periodSeconds: 10, failureThreshold: 30 },
        liveness: { http: "/health", port: "http", periodSeconds: 10 },
        readiness: { http: "/ready", port: "http", periodSeconds: 5 },
      },
      env: {
        DATABASE_URL: { secret: "ai-assistant-secrets", key: "database-url" },
        REDIS_HOST: { data: "ai-assistant-redis", key: "host" },
        REDIS_PASSWORD: { secret: "ai-assistant-secrets", key: "redis-password" },
        OPENAI_API_KEY: { secret: "ai-assistant-api-keys", key: "openai-api-key" },
        ANTHROPIC_API_KEY: { secret: "ai-assistant-api-keys", key: "anthropic-api-key" },
      },
      // 000-RBAC-1 to 000-RBAC-3
      access: [{ apiGroups: [""], resources: ["pods", "services", "configmaps"], verbs: ["get", "list", "watch"] }],
      metrics: { port: "http", path: "/metrics", interval: "30s" }, // 000-MON-2
      uses: ["ai-assistant-postgresql", "ai-assistant-redis"], // 000-NP-3, 000-NP-4
      egress: [{ host: "api.openai.com" }, { host: "api.anthropic.com" }], // 000-NP-4
      // Answers of a language model may take a while.
      terminationGracePeriodSeconds: 60,
    },
    "ai-assistant-frontend": {
      component: "frontend",
      labels: { app: "ai-assistant-frontend" },
      image: { repository: "your-registry.com/your-registry/ai-assistant-frontend", tag: "v1.0.0" }, // 000-DEP-6
      // 000-DEP-6, 000-SVC-2 name neither port nor probes nor resources: what an unprivileged nginx needs.
      ports: [{ name: "http", port: 8080, servicePort: 80 }],
      replicas: 2, // 000-DEP-6
      resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { cpu: "500m", memory: "256Mi" } },
      probes: {
        liveness: { tcp: "http", periodSeconds: 10 },
        readiness: { http: "/", port: "http", periodSeconds: 5 },
      },
      volumes: { cache: { mountPath: "/var/cache/nginx", scratch: "64Mi" } },
    },
  },
  data: {
    "ai-assistant-postgresql": {
      engine: "postgresql",
      database: "ai_assistant", // 000-DB-1
      username: "ai_user", // 000-DB-1; the passwords of 000-DB-3 are generated
      storage: { size: "100Gi", class: "fast-ssd" }, // 000-DB-2
      connectionSecret: { name: "ai-assistant-postgresql-connection" },
      backup: {}, // 000-BAK-1; the document has neither schedule nor retention: every night, kept for two weeks
    },
    "ai-assistant-redis": {
      engine: "redis", // 000-DB-5
      storage: { size: "8Gi" },
      connectionSecret: { name: "ai-assistant-redis-connection" },
    },
  },
  secrets: {
    // 000-SEC-1
    "ai-assistant-secrets": {
      "database-url": { data: "ai-assistant-postgresql", key: "url" },
      "redis-password": { data: "ai-assistant-redis", key: "password" },
    },
    // 000-SEC-2
    "ai-assistant-api-keys": {
      "openai-api-key": { config: "openai-api-key" },
      "anthropic-api-key": { config: "anthropic-api-key" },
    },
  },
  ingresses: {
    "ai-assistant": {
      subdomain: "ai-assistant", // 000-ING-3
      class: "nginx", // 000-ING-1
      tlsSecret: "ai-assistant-tls", // 000-ING-4
      routes: [
        { path: "/", service: "ai-assistant-frontend" }, // 000-ING-2
        { path: "/api", service: "ai-assistant" },
      ],
    },
  },
  addons: {
    certManager: {},
    clusterIssuers: {},
    ingressNginx: {}, // 000-PRE-2
    monitoring: {}, // 000-MON-1
    metricsServer: {},
    verticalPodAutoscaler: {}, // 000-VPA-2
  },
  alerts: {
    // 000-MON-4, 000-MON-5
    "ai-assistant-alerts": {
      group: "ai-assistant",
      rules: [
        {
          alert: "AIAssistantDown",
          // The second half is for the worst case, which has no series at all: no pod is there to be asked.
          expr: 'up{job="ai-assistant",namespace="$namespace"} == 0 or absent(up{job="ai-assistant",namespace="$namespace"})',
          for: "5m",
          severity: "critical",
          summary: "AI Assistant is down",
        },
        {
          alert: "HighMemoryUsage",
          // kube-prometheus-stack drops the documented limit, so kube-state-metrics' takes its place where there is none.
          expr:
            `${each} (container_memory_usage_bytes{${app}}) / ` +
            `(${each} (container_spec_memory_limit_bytes{${app}} > 0) or ${each} (kube_pod_container_resource_limits{${app},resource="memory"})) > 0.9`,
          for: "10m",
          severity: "warning",
          summary: "High memory usage detected",
        },
      ],
    },
  },
  dashboards: { "ai-assistant-dashboard": { title: "AI Assistant" } }, // 000-MON-3
  gitops: {
    // 000-GIT-1
    argoCd: {
      name: "ai-assistant-prod",
      repository: "https://github.com/your-org/ai-assistant",
      path: "deployment/helm/ai-assistant",
      valueFiles: ["values-production.yaml"],
    },
    // 000-GIT-2
    flux: {
      name: "ai-assistant",
      repository: "https://github.com/your-org/ai-assistant",
      repositoryName: "ai-assistant-repo",
      kind: "HelmRelease",
      path: "./deployment/helm/ai-assistant",
      interval: "10m",
      values: {
        app: { image: { tag: "v1.0.0" } },
        ingress: { hosts: [{ host: "ai-assistant.production.com" }] },
      },
    },
  },
  environments: {
    dev: {
      namespace: "ai-assistant-mvp-dev",
      domain: "dev.yourdomain.com",
      // Half of all objects, and nobody looks at a laptop's dashboards.
      addons: { monitoring: false },
      services: {
        "ai-assistant": {
          image: defaultImages.app,
          autoscaling: false,
          verticalScaling: false,
          replicas: 1,
          resources: small,
        },
        "ai-assistant-frontend": { image: defaultImages.frontend, replicas: 1 },
      },
      data: {
        "ai-assistant-postgresql": {
          storage: { size: "2Gi", class: "standard" },
          resources: small,
          backup: false,
        },
        "ai-assistant-redis": { storage: { size: "1Gi" }, resources: small },
      },
    },
    // The document's default values: 000-DEP-1, 000-DEP-2, 000-DB-2, 000-ING-2.
    staging: {
      namespace: "ai-assistant-mvp-staging",
      domain: "yourdomain.com",
      services: {
        "ai-assistant": {
          image: defaultImages.app,
          replicas: 3,
          autoscaling: { min: 3 },
        },
        "ai-assistant-frontend": { image: defaultImages.frontend },
      },
      data: { "ai-assistant-postgresql": { storage: { size: "50Gi", class: "standard" } } },
    },
  },
};
