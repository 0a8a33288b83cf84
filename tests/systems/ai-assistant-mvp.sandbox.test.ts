import assert from "node:assert/strict";
import { object, type Rendered, renderedObjects, secretData } from "../rendered.ts";

describe("AI Assistant MVP in prod", () => {
  const namespace = "ai-assistant"; // 000-INS-2
  let all: Rendered[];
  before(async () => {
    all = await renderedObjects("ai-assistant-mvp", "prod");
  });
  const one = (kind: string, name: string) => object(all, kind, name, namespace);
  const container = (name: string) => one("Deployment", name).spec.template.spec.containers[0];

  it("000-DEP-2 to 000-DEP-4 runs the application as documented", () => {
    const { image, resources, ports, name } = container("ai-assistant");
    assert.equal(name, "ai-assistant");
    assert.equal(image, "your-registry.com/your-registry/ai-assistant:v1.2.0");
    assert.deepEqual(resources, {
      requests: { cpu: "1000m", memory: "2Gi" },
      limits: { cpu: "2000m", memory: "4Gi" },
    });
    assert.deepEqual(ports, [{ name: "http", containerPort: 8000, protocol: "TCP" }]);
    const { template, selector } = one("Deployment", "ai-assistant").spec;
    assert.equal(template.metadata.labels.app, "ai-assistant");
    assert.equal(selector.matchLabels.app, "ai-assistant");
    assert.equal(one("Service", "ai-assistant").metadata.labels?.app, "ai-assistant");
    assert.deepEqual(one("Service", "ai-assistant").spec.ports, [
      { name: "http", port: 8000, targetPort: 8000, protocol: "TCP" },
    ]);
  });

  it("000-DEP-6 runs two pods of the frontend", () => {
    assert.equal(one("Deployment", "ai-assistant-frontend").spec.replicas, 2);
    assert.equal(
      container("ai-assistant-frontend").image,
      "your-registry.com/your-registry/ai-assistant-frontend:v1.0.0",
    );
  });

  it("000-HPA-1 to 000-HPA-3, X-000-2 scales from the documented five pods to twenty", () => {
    const { minReplicas, maxReplicas, metrics, scaleTargetRef } = one(
      "HorizontalPodAutoscaler",
      "ai-assistant-hpa",
    ).spec;
    assert.deepEqual([minReplicas, maxReplicas, scaleTargetRef.name], [5, 20, "ai-assistant"]);
    assert.deepEqual(
      metrics.map((metric: Rendered["spec"]) => [metric.resource.name, metric.resource.target.averageUtilization]),
      [
        ["cpu", 70],
        ["memory", 80],
      ],
    );
    assert.equal(one("Deployment", "ai-assistant").spec.replicas, undefined);
  });

  it("000-VPA-1, 000-VPA-2, X-000-3 recommends within the documented bounds and changes nothing", () => {
    const { updatePolicy, resourcePolicy, targetRef } = one("VerticalPodAutoscaler", "ai-assistant-vpa").spec;
    assert.deepEqual([targetRef.name, updatePolicy.updateMode], ["ai-assistant", "Off"]);
    const [policy] = resourcePolicy.containerPolicies;
    assert.equal(policy.containerName, "ai-assistant");
    assert.deepEqual(policy.maxAllowed, { cpu: "4000m", memory: "8Gi" });
    assert.deepEqual(policy.minAllowed, { cpu: "500m", memory: "1Gi" });
  });

  it("000-DB-1 to 000-DB-3 has its database, with two passwords, and a URL made of one of them", () => {
    const [claim] = one("StatefulSet", "ai-assistant-postgresql").spec.volumeClaimTemplates;
    assert.equal(claim.spec.resources.requests.storage, "100Gi");
    assert.equal(claim.spec.storageClassName, "fast-ssd");
    const passwords = secretData(one("Secret", "ai-assistant-postgresql-auth"));
    assert.ok(passwords.password && passwords["postgres-password"]);
    assert.notEqual(passwords.password, passwords["postgres-password"]);
    const secrets = secretData(one("Secret", "ai-assistant-secrets"));
    assert.deepEqual(Object.keys(secrets).sort(), ["database-url", "redis-password"]); // 000-SEC-1
    assert.match(
      secrets["database-url"] ?? "",
      /^postgresql:\/\/ai_user:[^@]+@ai-assistant-postgresql:5432\/ai_assistant/,
    );
    assert.ok(secrets["database-url"]?.includes(encodeURIComponent(passwords.password ?? "")));
  });

  it("000-SEC-2 gets the keys of the LLM APIs", () => {
    const keys = secretData(one("Secret", "ai-assistant-api-keys"));
    assert.deepEqual(Object.keys(keys).sort(), ["anthropic-api-key", "openai-api-key"]);
  });

  it("000-ING-1 to 000-ING-4 is reached on both routes by TLS", () => {
    const { ingressClassName, rules, tls } = one("Ingress", "ai-assistant").spec;
    assert.equal(ingressClassName, "nginx");
    assert.deepEqual(tls, [{ hosts: ["ai-assistant.production.com"], secretName: "ai-assistant-tls" }]);
    const [{ host, http }] = rules;
    assert.equal(host, "ai-assistant.production.com");
    assert.deepEqual(
      http.paths.map((path: Rendered["spec"]) => [path.path, path.pathType, path.backend.service.name]),
      [
        ["/", "Prefix", "ai-assistant-frontend"],
        ["/api", "Prefix", "ai-assistant"],
      ],
    );
  });

  it("000-RBAC-1 to 000-RBAC-3 may read pods, services and configmaps, and nothing more", () => {
    assert.deepEqual(object(all, "Role", "ai-assistant-role", namespace).rules, [
      { apiGroups: [""], resources: ["pods", "services", "configmaps"], verbs: ["get", "list", "watch"] },
    ]);
    const { roleRef, subjects } = one("RoleBinding", "ai-assistant-rolebinding");
    assert.equal(roleRef.name, "ai-assistant-role");
    assert.equal(subjects[0].name, "ai-assistant");
    assert.equal(one("Deployment", "ai-assistant").spec.template.spec.serviceAccountName, "ai-assistant");
  });

  it("000-NP-1 to 000-NP-4 talks to what it needs", () => {
    const { podSelector, policyTypes, ingress, egress } = one("NetworkPolicy", "ai-assistant-netpol").spec;
    assert.equal(podSelector.matchLabels.app, "ai-assistant");
    assert.deepEqual(policyTypes, ["Ingress", "Egress"]);
    const namespaces = ingress.map(
      (rule: Rendered["spec"]) => rule.from[0].namespaceSelector.matchLabels["kubernetes.io/metadata.name"],
    );
    assert.deepEqual(namespaces.sort(), ["ingress-nginx", "monitoring"]);
    for (const rule of ingress) assert.deepEqual(rule.ports, [{ port: 8000, protocol: "TCP" }]);
    const ports = new Set(
      egress.flatMap((rule: Rendered["spec"]) => rule.ports.map(({ port }: { port: number }) => port)),
    );
    for (const port of [53, 5432, 6379, 443]) assert.ok(ports.has(port), String(port));
  });

  it("000-MON-2, 000-MON-3 is scraped every 30 seconds, and drawn", () => {
    const { selector, endpoints } = one("ServiceMonitor", "ai-assistant").spec;
    assert.equal(selector.matchLabels.app, "ai-assistant");
    assert.deepEqual(endpoints, [{ port: "http", path: "/metrics", interval: "30s" }]);
    const { metadata, data } = object(all, "ConfigMap", "ai-assistant-dashboard", "monitoring");
    assert.equal(metadata.labels?.grafana_dashboard, "1");
    assert.equal(JSON.parse(data["ai-assistant-dashboard.json"]).schemaVersion, 42);
  });

  it("000-MON-4, 000-MON-5 has the documented alerts", () => {
    const [{ name, rules }] = one("PrometheusRule", "ai-assistant-alerts").spec.groups;
    assert.equal(name, "ai-assistant");
    const [down, memory] = rules;
    assert.deepEqual(
      [down.alert, down.for, down.labels.severity, down.annotations.summary],
      ["AIAssistantDown", "5m", "critical", "AI Assistant is down"],
    );
    assert.match(down.expr, /^up\{job="ai-assistant",namespace="ai-assistant"\} == 0 or absent/);
    assert.deepEqual(
      [memory.alert, memory.for, memory.labels.severity, memory.annotations.summary],
      ["HighMemoryUsage", "10m", "warning", "High memory usage detected"],
    );
    assert.match(memory.expr, /container_memory_usage_bytes\{pod=~"ai-assistant-\.\*",container="ai-assistant",/);
    assert.match(memory.expr, /container_spec_memory_limit_bytes.* or .*kube_pod_container_resource_limits.* > 0\.9$/);
  });
});

describe("AI Assistant MVP in staging", () => {
  it("000-DEP-1, 000-DEP-2, 000-DB-2, 000-ING-2 has the default values", async () => {
    const all = await renderedObjects("ai-assistant-mvp", "staging");
    const one = (kind: string, name: string) => object(all, kind, name, "ai-assistant-mvp-staging");
    assert.equal(one("HorizontalPodAutoscaler", "ai-assistant-hpa").spec.minReplicas, 3);
    for (const name of ["ai-assistant", "ai-assistant-frontend"])
      assert.equal(one("Deployment", name).spec.template.spec.containers[0].image, `your-registry/${name}:v1.0.0`);
    const [claim] = one("StatefulSet", "ai-assistant-postgresql").spec.volumeClaimTemplates;
    assert.equal(claim.spec.resources.requests.storage, "50Gi");
    assert.equal(one("Ingress", "ai-assistant").spec.rules[0].host, "ai-assistant.yourdomain.com");
    assert.equal(object(all, "ConfigMap", "ai-assistant-dashboard-staging", "monitoring").kind, "ConfigMap");
  });
});
