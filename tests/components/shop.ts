import type { SystemInput } from "../../components/model/system.ts";
import { Platform } from "../../components/platform.ts";
import { type Resolved, resolve } from "../../settings/resolve.ts";
import { type Registered, record } from "./mocks.ts";

const resources = { requests: { cpu: "100m", memory: "64Mi" }, limits: { cpu: "200m", memory: "128Mi" } };

/** A small system that has one of each. */
export const shop: SystemInput = {
  name: "shop",
  title: "Shop",
  namespace: "shop",
  domain: "shop.example.com",
  namespaceLabels: { team: "shop" },
  services: {
    "shop-web": {
      serviceName: "web",
      labels: { app: "shop-web" },
      image: { repository: "ghcr.io/shop/web", tag: "1" },
      ports: [{ name: "http", port: 8080 }],
      resources,
      probes: { readiness: { http: "/", port: "http" }, liveness: { http: "/", port: "http" } },
      envFrom: [{ config: "settings" }, { secret: "keys" }],
      env: { WORKERS: "2" },
      files: { "/etc/web.conf": "a" },
      volumes: {
        media: { mountPath: "/media", shared: "media" },
        own: { mountPath: "/own", size: "1Gi", accessMode: "ReadWriteMany" },
      },
      uses: ["db", "cache"],
      egress: [{ host: "pay.example.com" }],
    },
    "shop-api": {
      image: { repository: "ghcr.io/shop/api", tag: "1" },
      ports: [{ name: "http", port: 8080 }],
      resources,
      probes: { readiness: { http: "/", port: "http" }, liveness: { http: "/", port: "http" } },
      env: { WEB_URL: { service: "shop-web", path: "/x" } },
      uses: ["shop-web"],
    },
  },
  jobs: {
    migrate: { from: "shop-web", command: ["migrate"], before: ["shop-web", "shop-api"], after: ["prepare"] },
    prepare: { from: "shop-web", command: ["prepare"] },
    clean: { from: "shop-web", args: ["clean"], schedule: "0 3 * * *" },
  },
  volumes: { media: { size: "1Gi", accessMode: "ReadWriteMany" } },
  data: {
    db: {
      engine: "postgresql",
      database: "shop",
      username: "shop",
      storage: { size: "1Gi" },
      resources,
      connectionSecret: { name: "db-secret" },
    },
    cache: {
      engine: "redis",
      serviceName: "cache",
      storage: { size: "1Gi" },
      resources,
      connectionSecret: { name: "cache-secret" },
    },
  },
  configs: { settings: { LOG_LEVEL: "info" } },
  secrets: {
    keys: { DATABASE_URL: { data: "db", key: "url" }, TOKEN: { generate: 32 }, API_KEY: { config: "api-key" } },
  },
  ingresses: { site: { tlsSecret: "site-tls", routes: [{ path: "/", service: "shop-web" }] } },
  addons: {},
};

const sandbox = { kubeconfig: "/k", context: "c", server: "https://127.0.0.1:6443", charts: "/charts" };

/** A system with settings, in dev. */
export function resolved(system: SystemInput, settings: Record<string, unknown> = {}): Resolved {
  const all = { "keelson:system": system.name, "keelson:environment": "dev", ...settings };
  const config = Object.fromEntries(
    Object.entries(all).map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]),
  );
  return resolve({ config, stack: "test", systems: { [system.name]: system }, sandbox });
}

/** Everything that a system registers with these settings. Charts have no children here. */
export function registered(
  preview: boolean,
  system: SystemInput,
  settings: Record<string, unknown> = {},
): Promise<Registered[]> {
  const { platform, charts, secrets } = resolved(system, settings);
  return record(preview, () => new Platform(platform.name, { model: platform, charts, secrets }));
}

/** The inputs of the one object of a kind and a name in the cluster. */
// biome-ignore lint/suspicious/noExplicitAny: objects of many kinds; a wrong path fails the assertion that reads it.
export function inputsOf(made: Registered[], kind: string, name: string): any {
  const found = made.filter(
    ({ type, inputs }) =>
      type.endsWith(`:${kind}`) && (inputs as { metadata?: { name?: string } }).metadata?.name === name,
  );
  if (found.length !== 1 || !found[0]) throw new Error(`expected one ${kind} ${name}, found ${found.length}`);
  return plain(found[0].inputs);
}

/** A value as the engine gets it, with the marks of secrets taken off. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  // The engine's mark of a secret value (sdk/go/common/resource, SigKey).
  if ("4dabf18193072939515e22adb298388d" in value && "value" in value) return plain(value.value);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}
