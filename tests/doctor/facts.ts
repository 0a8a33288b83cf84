import type { ClusterFacts, Live } from "../../commands/doctor/facts.ts";
import type { Finding } from "../../commands/doctor/verdict.ts";
import type { PlatformModel } from "../../components/model/system.ts";
import { resolve } from "../../settings/resolve.ts";
import { systems } from "../../systems/index.ts";

/** A system of the house as its stack resolves it. */
export function modelOf(system: string, environment: string, config: Record<string, unknown> = {}): PlatformModel {
  const texts = Object.entries({ "keelson:system": system, "keelson:environment": environment, ...config }).map(
    ([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)],
  );
  const sandbox = { context: "c", kubeconfig: "k", server: "https://127.0.0.1:1", charts: "charts" };
  return resolve({ config: Object.fromEntries(texts), stack: "test", systems, sandbox }).platform;
}

/** An object with a name, and whatever else is given. */
export function live(
  name: string,
  fields: Record<string, unknown> = {},
  metadata: Partial<Live["metadata"]> = {},
): Live {
  return { metadata: { name, ...metadata }, ...fields };
}

const ready = { status: { conditions: [{ type: "Ready", status: "True" }] } };

/** A node with room. */
export function node(name: string, cpu = "64", memory = "256Gi"): Live {
  return live(name, { status: { ...ready.status, allocatable: { cpu, memory } } });
}

/** A pod of a namespace that is ready. */
export function pod(name: string, namespace: string, fields: Record<string, unknown> = {}): Live {
  return live(name, { ...ready, spec: { containers: [] }, ...fields }, { namespace });
}

/** A cluster in which nothing is wrong: one to break. */
export function healthy(namespace = "codelab"): ClusterFacts {
  const available = { spec: { replicas: 2 }, status: { readyReplicas: 2, updatedReplicas: 2, availableReplicas: 2 } };
  const names = ["gateway", "agent-runtime", "auth-service", "llm-proxy"];
  const labels = { "app.kubernetes.io/managed-by": "pulumi", "app.kubernetes.io/instance": "codelab" };
  return {
    context: "test",
    server: "https://api.example.com",
    version: "v1.36.1",
    simulated: false,
    nodes: [node("a"), node("b"), node("c")],
    pods: names.map((name) => pod(`${name}-1`, namespace)),
    namespaces: [live(namespace, {}, { labels })],
    storageClasses: [live("standard", {}, { annotations: { "storageclass.kubernetes.io/is-default-class": "true" } })],
    ingressClasses: [live("nginx")],
    definitions: [live("verticalpodautoscalers.autoscaling.k8s.io"), live("certificates.cert-manager.io")],
    apiServices: [live("v1beta1.metrics.k8s.io", { status: { conditions: [{ type: "Available", status: "True" }] } })],
    deployments: names.map((name) => live(name, available, { namespace })),
    own: {
      quotas: [live("quota", { status: { hard: { pods: "50" }, used: { pods: "10" } } })],
      statefulSets: ["postgres-primary", "postgres-read", "redis-master", "redis-replicas"].map((name) =>
        live(name, available, { namespace }),
      ),
      services: [live("gateway", { spec: { selector: { app: "gateway" } } })],
      endpoints: [
        live(
          "gateway-x",
          { endpoints: [{ conditions: { ready: true } }] },
          { labels: { "kubernetes.io/service-name": "gateway" } },
        ),
      ],
      ingresses: [
        live("codelab-ingress", {
          spec: { rules: [{ host: "codelab.example.com" }] },
          status: { loadBalancer: { ingress: [{ ip: "192.0.2.1" }] } },
        }),
      ],
      certificates: [
        live("codelab-tls", {
          spec: { secretName: "codelab-tls" },
          status: { ...ready.status, notAfter: "2026-12-01T00:00:00Z" },
        }),
      ],
      autoscalers: [live("gateway-hpa", { status: { conditions: [{ type: "ScalingActive", status: "True" }] } })],
      monitors: [],
      cronJobs: [],
      jobs: [],
      claims: [live("data", { status: { phase: "Bound" } })],
      events: [],
    },
    velero: { locations: [live("default", { status: { phase: "Available" } })], schedules: [live("codelab-backup")] },
  };
}

/** What a person would have to look at. */
export function wrong(findings: readonly Finding[]): Finding[] {
  return findings.filter(({ verdict }) => verdict !== "ok");
}
