import assert from "node:assert/strict";
import { VerticalPodAutoscaler } from "@kubernetes-models/autoscaler/autoscaling.k8s.io/v1/VerticalPodAutoscaler";
import { PodMonitor } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PodMonitor";
import { PrometheusRule } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PrometheusRule";
import { ServiceMonitor } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/ServiceMonitor";
import { systems } from "../../systems/index.ts";
import { operatedPods, podTemplates, type Rendered, renderedObjects, selects } from "../rendered.ts";

/** What the operators themselves accept of the kinds that we make, from their CRDs. */
const schemas: Record<string, new (object: never) => { validate(): void }> = {
  VerticalPodAutoscaler,
  PodMonitor,
  PrometheusRule,
  ServiceMonitor,
};

/** Of the cluster's own: their Services are in no stack. */
const ofTheCluster = ["kubelet", "apiserver", "coredns"];

for (const system of Object.keys(systems)) {
  describe(`the monitoring of ${system} in prod`, () => {
    let all: Rendered[];
    let monitors: Rendered[];
    before(async () => {
      all = await renderedObjects(system, "prod");
      monitors = all.filter(
        ({ kind, metadata }) =>
          kind === "ServiceMonitor" && !ofTheCluster.some((name) => metadata.name.endsWith(`-${name}`)),
      );
    });

    it("has objects that the operators take", () => {
      for (const found of all) {
        const Model = schemas[found.kind];
        if (Model)
          assert.doesNotThrow(() => new Model(found as never).validate(), `${found.kind} ${found.metadata.name}`);
      }
    });

    it("finds one Service by each ServiceMonitor, with the port, and pods behind it", () => {
      const pods = [...podTemplates(all), ...operatedPods(all)];
      for (const { metadata, spec } of monitors) {
        const within: string[] = spec.namespaceSelector?.matchNames ?? [metadata.namespace ?? ""];
        const services = all.filter(
          (one) =>
            one.kind === "Service" &&
            within.includes(one.metadata.namespace ?? "") &&
            selects(spec.selector.matchLabels, one.metadata.labels),
        );
        assert.equal(services.length, 1, `${metadata.name}: ${services.map((one) => one.metadata.name)}`);
        const [service] = services;
        for (const { port } of spec.endpoints)
          assert.ok(
            service?.spec.ports.some(({ name }: { name: string }) => name === port),
            `${metadata.name}: ${port}`,
          );
        assert.ok(
          pods.some(
            ({ labels, namespace }) =>
              namespace === service?.metadata.namespace && selects(service?.spec.selector, labels),
          ),
          metadata.name,
        );
      }
    });

    it("finds pods with the port by each PodMonitor", () => {
      for (const { metadata, spec } of all.filter(({ kind }) => kind === "PodMonitor")) {
        const pods = podTemplates(all).filter(
          ({ labels, namespace }) =>
            spec.namespaceSelector.matchNames.includes(namespace) && selects(spec.selector.matchLabels, labels),
        );
        assert.ok(pods.length, metadata.name);
        for (const pod of pods)
          for (const { port } of spec.podMetricsEndpoints)
            assert.ok(
              pod.spec.containers.some(({ ports = [] }: Rendered["spec"]) =>
                ports.some(({ name }: { name: string }) => name === port),
              ),
              `${metadata.name}: ${port}`,
            );
      }
    });

    it("asks in rules and dashboards for pods, containers and objects that there are", () => {
      const texts = all
        .filter(({ kind, metadata }) => kind === "PrometheusRule" || metadata.labels?.grafana_dashboard)
        .map((one) => JSON.stringify(one.spec ?? one.data));
      const named = (kind: string) => all.filter((one) => one.kind === kind).map(({ metadata }) => metadata.name);
      // Every colour of a release, which the cluster has one of at a time.
      const deployments = named("Deployment").flatMap((name) => [name, name.replace(/-blue$/, "-green")]);
      const known: Record<string, string[]> = {
        pod: [
          ...deployments.map((name) => `${name}-6d9c7b8f64-x2x7k`),
          ...named("StatefulSet").map((name) => `${name}-0`),
        ],
        container: podTemplates(all).flatMap(({ spec }) => spec.containers.map(({ name }: { name: string }) => name)),
        deployment: deployments,
        statefulset: named("StatefulSet"),
        horizontalpodautoscaler: named("HorizontalPodAutoscaler"),
        service: named("Service"),
        job: named("Service"),
      };
      for (const [label, names] of Object.entries(known))
        for (const text of texts)
          for (const [matcher, pattern = ""] of text.matchAll(
            new RegExp(`[{,]${label}=~?[\\\\]+"([^"\\\\]+)[\\\\]+"`, "g"),
          ))
            for (const one of pattern.includes("(") ? [pattern] : pattern.split("|"))
              assert.ok(
                names.some((name) => new RegExp(`^(${one})$`).test(name)),
                `${matcher}: ${one}`,
              );
    });

    it("lets no autoscaler act on what another one scales by", () => {
      for (const { metadata, spec } of all.filter(({ kind }) => kind === "VerticalPodAutoscaler")) {
        const other = all.find(
          (one) =>
            one.kind === "HorizontalPodAutoscaler" &&
            one.metadata.namespace === metadata.namespace &&
            one.spec.scaleTargetRef.name === spec.targetRef.name,
        );
        if (spec.updatePolicy.updateMode === "Off" || !other) continue;
        const scaled = other.spec.metrics.flatMap(({ resource }: Rendered["spec"]) => resource?.name ?? []);
        for (const { controlledResources } of spec.resourcePolicy.containerPolicies)
          assert.ok(!controlledResources.some((name: string) => scaled.includes(name)), metadata.name);
      }
    });
  });
}
