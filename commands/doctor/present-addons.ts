import { type ClusterFacts, condition } from "./facts.ts";
import type { Finding } from "./verdict.ts";

/** By what an add-on is known that somebody else installed. */
interface Signs {
  title: string;
  /** A kind that it brings, as `<plural>.<group>`. */
  definition?: string;
  /** An API that it serves. */
  apiService?: string;
  /** Part of the name of its Deployment, in the namespace that the stack says. */
  deployment?: string;
}

const known: Record<string, Signs> = {
  certManager: { title: "cert-manager", definition: "certificates.cert-manager.io", deployment: "cert-manager" },
  ingressNginx: { title: "ingress-nginx", deployment: "ingress-nginx" },
  monitoring: { title: "monitoring", definition: "servicemonitors.monitoring.coreos.com", deployment: "operator" },
  metricsServer: { title: "metrics-server", apiService: "v1beta1.metrics.k8s.io" },
  verticalPodAutoscaler: { title: "VPA", definition: "verticalpodautoscalers.autoscaling.k8s.io" },
  metricsAdapter: { title: "metrics adapter", apiService: "v1beta1.custom.metrics.k8s.io" },
  velero: { title: "Velero", definition: "schedules.velero.io", deployment: "velero" },
  externalSecrets: {
    title: "external secrets",
    definition: "externalsecrets.external-secrets.io",
    deployment: "external-secrets",
  },
};

/** Whether an add-on that a stack relies on is there. */
export function presence(
  name: string,
  addon: { ownership: string; namespace?: string },
  facts: ClusterFacts,
): Finding[] {
  const signs = known[name];
  if (!signs) return [];
  const { title: check, definition, apiService, deployment } = signs;
  const todo = `install it, or let a stack own it (keelson:addons.${name})`;
  const missing: string[] = [];
  if (definition && !facts.definitions?.some(({ metadata }) => metadata.name === definition))
    missing.push(`the kind ${definition}`);
  if (addon.namespace && deployment && !facts.namespaces?.some(({ metadata }) => metadata.name === addon.namespace))
    missing.push(`namespace ${addon.namespace}`);
  if (missing.length)
    return [
      { check, verdict: "failed", message: `is declared present, but ${missing.join(" and ")} is not there`, todo },
    ];
  // Behind these nothing runs where the cluster is simulated.
  if (facts.simulated)
    return [
      {
        check,
        verdict: "cannot tell",
        message: "is played here: its kinds and namespace are there, nothing works behind them",
      },
    ];
  if (apiService) {
    const found = facts.apiServices?.find(({ metadata }) => metadata.name === apiService);
    if (!found || condition(found, "Available")?.status !== "True")
      return [
        {
          check,
          verdict: "failed",
          message: `is declared present, but ${apiService} ${found ? "does not answer" : "is not there"}`,
          todo,
        },
      ];
  }
  const running = facts.deployments?.some(
    ({ metadata, status }) =>
      (!addon.namespace || metadata.namespace === addon.namespace) &&
      deployment &&
      metadata.name.includes(deployment) &&
      (status?.availableReplicas ?? 0) > 0,
  );
  if (deployment && !running)
    return [
      {
        check,
        verdict: "failed",
        message: `is declared present, but no Deployment of it is available${addon.namespace ? ` in namespace ${addon.namespace}` : ""}`,
        todo,
      },
    ];
  return [{ check, verdict: "ok", message: "is there" }];
}
