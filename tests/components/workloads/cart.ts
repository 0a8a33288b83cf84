import type { ApplicationServiceArgs } from "../../../components/workloads/application-service.ts";

/** A small service, to which tests add what they are about. */
export const cart: ApplicationServiceArgs = {
  namespace: "shop",
  instance: "store",
  image: { repository: "ghcr.io/shop/cart", tag: "1.2.3" },
  ports: [{ name: "http", port: 8080 }],
  resources: { requests: { cpu: "100m", memory: "64Mi" }, limits: { cpu: "200m", memory: "128Mi" } },
  probes: { readiness: { http: "/ready", port: "http" }, liveness: { http: "/health", port: "http" } },
};
