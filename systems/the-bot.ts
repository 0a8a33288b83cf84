import type { SystemInput } from "../components/model/system.ts";
import { nginx } from "./the-bot-nginx.ts";
import { beat, http, worker } from "./the-bot-probes.ts";

/**
 * The table's RAM and CPU (002-DEP-4, 002-DEP-5). X-002-10: it does not say whether they are requests or limits, so they are both.
 * A pod then has what the table says, no less when the node is full and no more, and the autoscaler's percentages are of it.
 */
const exactly = (cpu: string, memory: string) => ({ requests: { cpu, memory }, limits: { cpu, memory } });
const between = (cpu: string, memory: string, cpuLimit: string, memoryLimit: string) => ({
  requests: { cpu, memory },
  limits: { cpu: cpuLimit, memory: memoryLimit },
});

/** 002-DEP-8 The tag is a value; the document names no repository. Celery runs the backend's code, hence its image. */
const backendImage = { repository: "ghcr.io/the-bot/backend", tag: "1.0.0" };
/** Everything that Django needs: 002-CFG-1 and 002-SEC-1. */
const django = [{ config: "thebot-config" }, { secret: "thebot-secrets" }];
const stores = ["postgresql", "redis"];
const mail = [{ host: "smtp.example.com", ports: [587] }];
/** X-002-12 What is written below a read-only root file system: the two shared volumes, and /tmp. */
const files = {
  static: { mountPath: "/app/static", shared: "static" },
  media: { mountPath: "/app/media", shared: "media" },
  uploads: { mountPath: "/tmp", scratch: "256Mi" },
};

/**
 * THE_BOT (requirements 002): Django, Celery and a static frontend. The base is the documented production; the table gives
 * dev and staging too.
 *
 * Decisions where the document contradicts itself or says nothing:
 * - X-002-3 The table's bounds for each service, not the general ones.
 * - X-002-4 "3+ replicas per service" is for what can have several: celery-beat is one by its nature, and the two data stores are
 *   one server each, as the document's StatefulSets are.
 * - X-002-5 A disruption budget for each service with several pods, not for the backend alone.
 * - X-002-7 Services for what listens: Celery and its scheduler do not.
 * - X-002-11 DATABASE_URL is made of the name of the Service that there is, `postgresql`.
 * - X-002-12 Static and media files are shared by pods on several nodes, so their claims are ReadWriteMany: set a class that offers it.
 */
export const theBot: SystemInput = {
  name: "the-bot",
  title: "THE_BOT",
  namespace: "thebot-prod", // 002-NS-1
  domain: "thebot.example.com",
  services: {
    "thebot-backend": {
      component: "backend",
      serviceName: "backend", // 002-SVC-1
      image: backendImage,
      command: ["gunicorn", "thebot.wsgi:application"],
      // WEB_CONCURRENCY says how many workers; heartbeat files want memory, not the container's disk.
      args: [
        "--bind",
        "0.0.0.0:8000",
        "--worker-tmp-dir",
        "/dev/shm",
        "--access-logfile",
        "-",
        "--log-level",
        "$(LOG_LEVEL)",
      ],
      ports: [{ name: "http", port: 8000 }],
      replicas: 3,
      autoscaling: { min: 3, max: 10, cpu: 70 }, // 002-DEP-1, 002-HPA-1; 002-HA-1: three at least
      antiAffinity: "preferred", // 002-HA-4
      resources: exactly("1000m", "1Gi"), // 002-DEP-4, 002-DEP-5
      probes: {
        startup: http("/health/live/", { periodSeconds: 5, failureThreshold: 30 }),
        liveness: http("/health/live/", { periodSeconds: 10 }),
        readiness: http("/health/ready/", { periodSeconds: 5 }),
      },
      envFrom: django,
      volumes: files,
      uses: stores,
      egress: mail,
      terminationGracePeriodSeconds: 60,
    },
    "thebot-frontend": {
      component: "frontend",
      serviceName: "frontend", // 002-SVC-1
      image: { repository: "ghcr.io/the-bot/frontend", tag: "1.0.0" },
      ports: [{ name: "http", port: 8080, servicePort: 80 }],
      replicas: 3,
      autoscaling: { min: 3, max: 5, cpu: 70 }, // 002-DEP-2, 002-HPA-2
      antiAffinity: "preferred",
      resources: between("100m", "64Mi", "500m", "256Mi"),
      probes: {
        liveness: { http: "/healthz", port: "http", periodSeconds: 10 },
        readiness: { http: "/healthz", port: "http", periodSeconds: 5 },
      },
      files: { "/etc/nginx/conf.d/default.conf": nginx },
      volumes: {
        static: { ...files.static, readOnly: true },
        media: { ...files.media, readOnly: true },
        cache: { mountPath: "/var/cache/nginx", scratch: "64Mi" },
      },
    },
    "thebot-celery": {
      component: "worker",
      image: backendImage,
      command: ["celery"],
      args: [
        "--app",
        "thebot",
        "worker",
        "--loglevel",
        "$(LOG_LEVEL)",
        "--concurrency",
        "$(CELERY_WORKER_CONCURRENCY)",
      ],
      replicas: 3,
      autoscaling: { min: 3, max: 8, cpu: 70 }, // 002-DEP-3, 002-HPA-3
      antiAffinity: "preferred",
      resources: between("500m", "512Mi", "1000m", "1Gi"),
      probes: {
        startup: worker({ periodSeconds: 20, failureThreshold: 9 }),
        // Ten minutes: a broker that is away for a moment is no reason to kill every worker.
        liveness: worker({ periodSeconds: 120, failureThreshold: 5 }),
        readiness: worker({ periodSeconds: 60, failureThreshold: 3 }),
      },
      envFrom: django,
      volumes: files,
      uses: stores,
      egress: mail,
      // SIGTERM lets a worker finish what it works on.
      terminationGracePeriodSeconds: 300,
    },
    "thebot-celery-beat": {
      component: "scheduler",
      image: backendImage,
      command: ["celery"],
      args: [
        ...["--app", "thebot", "beat", "--loglevel", "$(LOG_LEVEL)", "--pidfile", "/tmp/celerybeat.pid"],
        ...["--scheduler", "django_celery_beat.schedulers:DatabaseScheduler"],
      ],
      singleton: true, // 002-DEP-7: two schedulers would send every task twice
      resources: between("50m", "128Mi", "250m", "256Mi"),
      probes: {
        startup: beat({ periodSeconds: 5, failureThreshold: 24 }),
        liveness: beat({ periodSeconds: 30, failureThreshold: 3 }),
        readiness: beat({ periodSeconds: 30, failureThreshold: 3 }),
      },
      envFrom: django,
      uses: stores,
    },
  },
  jobs: {
    // 002-JOB-1
    migrate: {
      from: "thebot-backend",
      command: ["python", "manage.py", "migrate", "--noinput"],
      before: ["thebot-backend", "thebot-celery", "thebot-celery-beat"],
    },
    // 002-JOB-2
    collectstatic: {
      from: "thebot-backend",
      command: ["python", "manage.py", "collectstatic", "--noinput"],
      before: ["thebot-backend", "thebot-frontend"],
    },
  },
  volumes: {
    static: { size: "2Gi", accessMode: "ReadWriteMany" }, // 002-PVC-1
    media: { size: "20Gi", accessMode: "ReadWriteMany" }, // 002-PVC-2
  },
  data: {
    postgresql: {
      engine: "postgresql",
      database: "thebot",
      username: "thebot",
      storage: { size: "100Gi" }, // 002-DB-1
      resources: between("500m", "1Gi", "2000m", "4Gi"),
      connectionSecret: { name: "postgresql-connection" },
      backup: {}, // the document has none: every night, kept for two weeks
    },
    redis: {
      engine: "redis",
      serviceName: "redis", // 002-SVC-1
      storage: { size: "50Gi" }, // 002-RED-1
      resources: between("250m", "512Mi", "1000m", "2Gi"),
      connectionSecret: { name: "redis-connection" },
    },
  },
  configs: {
    // 002-CFG-1: eleven fields, of which the document names none.
    "thebot-config": {
      ENVIRONMENT: "production",
      DJANGO_SETTINGS_MODULE: "thebot.settings.production",
      DEBUG: "False",
      ALLOWED_HOSTS: "{domain},localhost", // localhost is what the probes say
      CSRF_TRUSTED_ORIGINS: "https://{domain}",
      STATIC_ROOT: "/app/static",
      MEDIA_ROOT: "/app/media",
      LOG_LEVEL: "INFO", // in capitals: Python's logging knows no other
      LOG_FORMAT: "json",
      WEB_CONCURRENCY: "3",
      CELERY_WORKER_CONCURRENCY: "4",
    },
  },
  secrets: {
    // 002-SEC-1: eight fields; SECRET_KEY, POSTGRES_PASSWORD and DATABASE_URL are named.
    "thebot-secrets": {
      SECRET_KEY: { generate: 64 },
      POSTGRES_PASSWORD: { data: "postgresql", key: "password" },
      DATABASE_URL: { data: "postgresql", key: "url" }, // 002-SEC-2
      REDIS_PASSWORD: { data: "redis", key: "password" },
      REDIS_URL: { data: "redis", key: "url" },
      CELERY_BROKER_URL: { data: "redis", key: "url" },
      CELERY_RESULT_BACKEND: { data: "redis", key: "url" },
      EMAIL_HOST_PASSWORD: { config: "email-host-password" }, // 002-SEC-4: issued by others, encrypted in the stack file
    },
  },
  ingresses: {
    // 002-ING-1, 002-ING-2
    "thebot-ingress": {
      tlsSecret: "thebot-tls",
      annotations: { "nginx.ingress.kubernetes.io/proxy-body-size": "20m" },
      routes: [
        { path: "/api", service: "thebot-backend" },
        { path: "/admin", service: "thebot-backend" },
        { path: "/", service: "thebot-frontend" },
      ],
    },
  },
  addons: {
    certManager: {},
    clusterIssuers: {},
    ingressNginx: {},
    monitoring: {}, // 002-DB-4, 002-OBS-4
    metricsServer: {},
  },
  dashboards: { "thebot-dashboard": { title: "THE_BOT" } }, // 002-OBS-4
  environments: {
    dev: {
      // Half of all objects, and nobody looks at a laptop's dashboards.
      addons: { monitoring: false },
      namespace: "thebot",
      domain: "dev.thebot.example.com",
      services: {
        "thebot-backend": { autoscaling: false, replicas: 1, resources: exactly("250m", "256Mi") },
        "thebot-frontend": { autoscaling: false, replicas: 1, resources: between("50m", "32Mi", "250m", "128Mi") },
        "thebot-celery": { autoscaling: false, replicas: 1, resources: between("100m", "256Mi", "500m", "512Mi") },
      },
      volumes: { static: { size: "1Gi" }, media: { size: "1Gi" } },
      data: {
        postgresql: { storage: { size: "5Gi" }, resources: between("100m", "256Mi", "500m", "512Mi"), backup: false },
        redis: { storage: { size: "2Gi" }, resources: between("50m", "64Mi", "250m", "256Mi") },
      },
      configs: {
        "thebot-config": {
          ENVIRONMENT: "development",
          DJANGO_SETTINGS_MODULE: "thebot.settings.development",
          DEBUG: "True",
          LOG_LEVEL: "DEBUG",
          WEB_CONCURRENCY: "1",
          CELERY_WORKER_CONCURRENCY: "1",
        },
      },
    },
    staging: {
      namespace: "thebot-staging",
      domain: "staging.thebot.example.com",
      services: {
        "thebot-backend": { autoscaling: { min: 2, max: 4 }, replicas: 2, resources: exactly("500m", "512Mi") },
        "thebot-frontend": { autoscaling: { min: 2, max: 3 }, replicas: 2 },
        "thebot-celery": {
          autoscaling: { min: 2, max: 4 },
          replicas: 2,
          resources: between("250m", "384Mi", "500m", "768Mi"),
        },
      },
      volumes: { media: { size: "5Gi" } },
      data: {
        postgresql: { storage: { size: "20Gi" }, resources: between("250m", "512Mi", "1000m", "1Gi") },
        redis: { storage: { size: "10Gi" }, resources: between("100m", "256Mi", "500m", "512Mi") },
      },
      configs: {
        "thebot-config": {
          ENVIRONMENT: "staging",
          WEB_CONCURRENCY: "2",
          CELERY_WORKER_CONCURRENCY: "2",
        },
      },
    },
  },
};
