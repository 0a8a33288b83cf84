import assert from "node:assert/strict";
import type { z } from "zod";
import { type Job, jobSchema } from "../../components/model/job.ts";
import { checkPlatform } from "../../components/model/platform-checks.ts";
import { keyPath } from "../../components/model/problems.ts";
import { type Quota, type System, type SystemInput, systemSchema } from "../../components/model/system.ts";

export const resources = { requests: { cpu: "100m", memory: "64Mi" }, limits: { cpu: "200m", memory: "128Mi" } };
const service = {
  image: { repository: "ghcr.io/shop/web", tag: "1" },
  ports: [{ name: "http", port: 8080 }],
  resources,
  probes: { readiness: { http: "/", port: "http" }, liveness: { tcp: "http" } },
};
/** A system that fits together. */
const base: SystemInput = {
  name: "shop",
  title: "Shop",
  namespace: "shop",
  domain: "shop.example.com",
  services: { web: { ...service, uses: ["api", "db"] }, api: service },
  data: {
    db: {
      engine: "postgresql",
      database: "shop",
      username: "shop",
      storage: { size: "1Gi" },
      resources,
      connectionSecret: { name: "db-secret", urlKey: "url" },
    },
  },
  configs: { settings: { LOG_LEVEL: "info" } },
  secrets: { keys: { token: { generate: 32 } } },
  ingresses: { site: { tlsSecret: "site-tls", routes: [{ path: "/", service: "web" }] } },
  addons: {},
};

/** What is wrong with the system after a change, a line each. */
export function problems(change: (system: System) => void, quota: Quota = {}): string[] {
  const system = systemSchema.parse(structuredClone(base));
  change(system);
  return checkPlatform({ ...system, rotation: {}, releases: {}, pullSecrets: [], quota }).map(
    ({ path, message, fix }) => `${keyPath(path)}: ${message}; ${fix}`,
  );
}
/** A job that runs before nothing. */
export function job(more: Partial<z.input<typeof jobSchema>> = {}): Job {
  return jobSchema.parse({ from: "web", command: ["migrate"], ...more });
}
/** The service web of a system. */
export function web(system: System) {
  const found = system.services.web;
  assert.ok(found);
  return found;
}
