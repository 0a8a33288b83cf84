import assert from "node:assert/strict";
import { ApplicationService, type ApplicationServiceArgs } from "../../../components/workloads/application-service.ts";
import { asPreviewAndUpdate, only, record } from "../mocks.ts";
import { cart as args } from "./cart.ts";

describe("ApplicationService", () => {
  asPreviewAndUpdate((preview) => {
    const make = (more: Partial<ApplicationServiceArgs> = {}) =>
      record(preview, () => new ApplicationService("cart", { ...args, ...more }));

    it("makes a workload with Service and ServiceAccount, all its own children", async () => {
      const made = await make();
      assert.deepEqual(made.map(({ type }) => type.split(":").at(-1)).sort(), [
        "ApplicationService",
        "Deployment",
        "Service",
        "ServiceAccount",
      ]);
      for (const { name, options } of made.filter(({ name }) => name !== "cart"))
        assert.match(options.parent, /ApplicationService::cart$/, name);
    });

    it("runs at Pod Security restricted without a token", async () => {
      const { spec } = (
        only(await make(), "Deployment").inputs as unknown as { spec: { template: { spec: Record<string, never> } } }
      ).spec.template;
      assert.equal(spec.automountServiceAccountToken, false);
      const [container] = spec.containers as unknown as { securityContext: unknown }[];
      assert.deepEqual(container?.securityContext, {
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        runAsNonRoot: true,
        capabilities: { drop: ["ALL"] },
      });
    });

    it("asks and routes to the number of a port, whatever it is called", async () => {
      const made = await make();
      const [container] = (
        only(made, "Deployment").inputs as unknown as {
          spec: {
            template: { spec: { containers: { ports: { containerPort: number }[]; livenessProbe: unknown }[] } };
          };
        }
      ).spec.template.spec.containers;
      const port = container?.ports[0]?.containerPort;
      assert.deepEqual(container?.livenessProbe, { httpGet: { path: "/health", port } });
      const { spec } = only(made, "Service").inputs as unknown as { spec: { ports: { targetPort: unknown }[] } };
      assert.equal(spec.ports[0]?.targetPort, port);
    });

    it("leaves the number of pods to the autoscaler and ignores it", async () => {
      const made = await make({ autoscaling: { min: 2, max: 5, cpu: 70 } });
      const { inputs, options } = only(made, "Deployment");
      assert.equal((inputs as unknown as { spec: { replicas?: number } }).spec.replicas, undefined);
      assert.deepEqual(options.ignoreChanges, ["spec.replicas"]);
      assert.deepEqual(
        (only(made, "HorizontalPodAutoscaler").inputs as unknown as { spec: { minReplicas: number } }).spec.minReplicas,
        2,
      );
      only(made, "PodDisruptionBudget");
    });

    it("scales by metrics of the pods, as fast as it is told", async () => {
      const scaleUp = { stabilizationWindowSeconds: 0, policies: [{ type: "Percent", value: 100, periodSeconds: 15 }] };
      const made = await make({
        autoscaling: { min: 2, max: 5, pods: { requests_per_second: "100" }, behavior: { scaleUp } as never },
      });
      const { spec } = only(made, "HorizontalPodAutoscaler").inputs as unknown as { spec: Record<string, unknown> };
      assert.deepEqual(spec.metrics, [
        {
          type: "Pods",
          pods: { metric: { name: "requests_per_second" }, target: { type: "AverageValue", averageValue: "100" } },
        },
      ]);
      assert.deepEqual(spec.behavior, { scaleUp, scaleDown: { stabilizationWindowSeconds: 300 } });
    });

    it("recommends requests within bounds", async () => {
      const made = await make({ verticalScaling: { min: { cpu: "50m" }, max: { cpu: "2", memory: "1Gi" } } });
      const { spec } = only(made, "VerticalPodAutoscaler").inputs as unknown as { spec: Record<string, never> };
      assert.deepEqual(spec, {
        targetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "cart" },
        updatePolicy: { updateMode: "Off" },
        resourcePolicy: {
          containerPolicies: [
            {
              containerName: "cart",
              controlledResources: ["cpu", "memory"],
              controlledValues: "RequestsAndLimits",
              minAllowed: { cpu: "50m" },
              maxAllowed: { cpu: "2", memory: "1Gi" },
            },
          ],
        },
      });
    });

    it("changes no object but the workload for another image, so that none is written while its controller does", async () => {
      const more = { autoscaling: { min: 2, max: 5, cpu: 70 } };
      const before = await make(more);
      const after = await make({ ...more, image: { ...args.image, tag: "1.2.4" } });
      const changed = after.filter(
        ({ inputs }, index) => JSON.stringify(inputs) !== JSON.stringify(before[index]?.inputs),
      );
      assert.deepEqual(
        changed.map(({ type }) => type.split(":").at(-1)),
        ["Deployment"],
      );
    });

    it("fixes the number of pods where there is none", async () => {
      const { inputs, options } = only(await make({ replicas: 2 }), "Deployment");
      assert.equal((inputs as unknown as { spec: { replicas: number } }).spec.replicas, 2);
      assert.deepEqual(options.ignoreChanges, []);
    });

    for (const kind of ["Deployment", "StatefulSet"] as const)
      it(`takes the number of a ${kind}'s pods from an autoscaler that is gone, and never from one that is there`, async () => {
        const forced = async (more: Partial<ApplicationServiceArgs>) => {
          const { inputs } = only(await make({ kind, ...more }), kind);
          return (inputs as unknown as { metadata: { annotations?: Record<string, string> } }).metadata.annotations;
        };
        assert.deepEqual(await forced({ replicas: 2 }), { "pulumi.com/patchForce": "true" });
        assert.equal(await forced({ autoscaling: { min: 3, max: 10, cpu: 70 } }), undefined);
      });

    it("gives each pod of a StatefulSet its own claim and name", async () => {
      const made = await make({
        kind: "StatefulSet",
        volumes: { data: { mountPath: "/data", size: "1Gi", accessMode: "ReadWriteOnce" } },
      });
      const { spec } = only(made, "StatefulSet").inputs as unknown as {
        spec: { serviceName: string; volumeClaimTemplates: unknown[] };
      };
      assert.equal(spec.serviceName, "cart-headless");
      assert.equal(spec.volumeClaimTemplates.length, 1);
      assert.equal(made.filter(({ type }) => type.endsWith(":PersistentVolumeClaim")).length, 0);
      assert.equal(made.filter(({ type }) => type.endsWith(":Service")).length, 2);
    });

    it("rolls the pods when a file changes and not otherwise", async () => {
      const annotations = async (content: string) => {
        const { spec } = only(await make({ files: { "/etc/app.yaml": content } }), "Deployment").inputs as unknown as {
          spec: { template: { metadata: { annotations: unknown } } };
        };
        return spec.template.metadata.annotations;
      };
      assert.deepEqual(await annotations("a"), await annotations("a"));
      assert.notDeepEqual(await annotations("a"), await annotations("b"));
    });

    it("carries its own labels on objects and pods and in every selector", async () => {
      const labels = { app: "cart" };
      const made = await make({
        labels,
        replicas: 2,
        serviceName: "cart-service",
        containerName: "api",
        podAnnotations: { "example.com/team": "shop" },
      });
      const inputs = (kind: string) => only(made, kind).inputs as unknown as Record<string, Record<string, never>>;
      const { spec } = inputs("Deployment") as unknown as {
        spec: {
          selector: { matchLabels: Record<string, string> };
          template: {
            metadata: { labels: Record<string, string>; annotations: Record<string, string> };
            spec: { containers: { name: string }[]; topologySpreadConstraints: { labelSelector: unknown }[] };
          };
        };
      };
      const selector = { ...labels, "app.kubernetes.io/name": "cart", "app.kubernetes.io/instance": "store" };
      assert.deepEqual(spec.selector.matchLabels, selector);
      assert.equal(spec.template.metadata.labels.app, "cart");
      assert.deepEqual(spec.template.metadata.annotations, { "example.com/team": "shop" });
      assert.equal(spec.template.spec.containers[0]?.name, "api");
      assert.deepEqual(spec.template.spec.topologySpreadConstraints[0]?.labelSelector, { matchLabels: selector });
      assert.deepEqual(inputs("Service").spec?.selector, selector);
      assert.equal(inputs("Service").metadata?.name, "cart-service");
      assert.deepEqual(
        { ...(inputs("Service").metadata?.labels as object | undefined), ...labels },
        inputs("Service").metadata?.labels,
      );
      assert.deepEqual(inputs("PodDisruptionBudget").spec?.selector, { matchLabels: selector });
    });

    it("never runs a singleton twice, not even in a rollout", async () => {
      const made = await make({ singleton: true });
      const { spec } = only(made, "Deployment").inputs as unknown as { spec: Record<string, unknown> };
      assert.equal(spec.replicas, 1);
      assert.deepEqual(spec.strategy, { type: "Recreate" });
      assert.equal(made.filter(({ type }) => type.endsWith(":PodDisruptionBudget")).length, 0);
    });

    it("keeps pods apart as a wish or as a condition, and can still roll out then", async () => {
      const of = async (antiAffinity: "preferred" | "required") => {
        const { spec } = only(await make({ antiAffinity, replicas: 3 }), "Deployment").inputs as unknown as {
          spec: { strategy: { rollingUpdate: unknown }; template: { spec: { affinity: { podAntiAffinity: object } } } };
        };
        const term = {
          topologyKey: "kubernetes.io/hostname",
          labelSelector: {
            matchLabels: { "app.kubernetes.io/name": "cart", "app.kubernetes.io/instance": "store" },
          },
        };
        return { rules: spec.template.spec.affinity.podAntiAffinity, update: spec.strategy.rollingUpdate, term };
      };
      const wish = await of("preferred");
      assert.deepEqual(wish.rules, {
        preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm: wish.term }],
      });
      assert.deepEqual(wish.update, { maxSurge: 1, maxUnavailable: 0 });
      const condition = await of("required");
      assert.deepEqual(condition.rules, { requiredDuringSchedulingIgnoredDuringExecution: [condition.term] });
      assert.deepEqual(condition.update, { maxSurge: 0, maxUnavailable: 1 });
    });

    it("may ask the Kubernetes API what it declares and nothing else", async () => {
      const access = [{ resources: ["pods"], verbs: ["get", "list"] as ("get" | "list")[] }];
      const made = await make({ access });
      const { metadata, rules } = only(made, "Role").inputs as unknown as {
        metadata: { name: string };
        rules: unknown;
      };
      assert.equal(metadata.name, "cart-role");
      assert.deepEqual(rules, [{ apiGroups: [""], ...access[0] }]);
      const binding = only(made, "RoleBinding").inputs as unknown as Record<string, unknown>;
      assert.deepEqual(binding.roleRef, { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "cart-role" });
      assert.deepEqual(binding.subjects, [{ kind: "ServiceAccount", name: "cart", namespace: "shop" }]);
      const { spec } = only(made, "Deployment").inputs as unknown as {
        spec: { template: { spec: { automountServiceAccountToken: boolean } } };
      };
      assert.equal(spec.template.spec.automountServiceAccountToken, true);
      await assert.rejects(make({ access: [{ resources: ["*"], verbs: ["get"] }] }), /there is no \*/);
    });

    it("protects what holds data and nothing else", async () => {
      const volumes = { data: { mountPath: "/data", size: "1Gi", accessMode: "ReadWriteMany" } } as const;
      const protectedKinds = async (kind: "Deployment" | "StatefulSet") => {
        const made = await record(
          preview,
          () => new ApplicationService("cart", { ...args, kind, volumes }, { protect: true }),
        );
        return made.filter(({ options }) => options.protect).map(({ type }) => type.split(":").at(-1));
      };
      assert.deepEqual(await protectedKinds("Deployment"), ["PersistentVolumeClaim"]);
      assert.deepEqual(await protectedKinds("StatefulSet"), ["StatefulSet"]);
    });

    it("reports all problems at once", async () => {
      await assert.rejects(
        make({
          autoscaling: { min: 5, max: 2 },
          probes: { readiness: { http: "/", port: "web" }, liveness: { http: "/", port: "http" } },
        }),
        /has 3 problems:[\s\S]*min 5 is above max 2[\s\S]*has no target[\s\S]*port web is not declared/,
      );
    });
  });
});
