import { ApplicationService } from "../../components/index.ts";

/** As many services as BENCH_SERVICES says, each with Deployment, Service, ServiceAccount, autoscaler and disruption budget. */
for (let number = 0; number < Number(process.env.BENCH_SERVICES); number += 1) {
  new ApplicationService(`service-${number}`, {
    namespace: "default",
    image: { repository: "ghcr.io/example/service", tag: "1.0.0" },
    ports: [{ name: "http", port: 8000 }],
    autoscaling: { min: 2, max: 5, cpu: 70 },
    resources: { requests: { cpu: "50m", memory: "64Mi" }, limits: { cpu: "100m", memory: "128Mi" } },
    probes: {
      readiness: { http: "/ready", port: "http" },
      liveness: { http: "/live", port: "http" },
    },
    env: { LOG_LEVEL: "info" },
  });
}
