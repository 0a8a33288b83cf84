import assert from "node:assert/strict";
import { simulatedAddon, simulatedObjects } from "../../sandbox/simulated-addons.ts";

/** Identities as `kubectl get -o name` writes them. */
function names(addon: string, namespace?: string): string[] {
  return simulatedObjects(addon, namespace).map(
    ({ kind, metadata }) => `${kind}/${(metadata as { name: string }).name}`,
  );
}

describe("simulated add-ons", () => {
  it("have the kinds under the names that their real definitions have", () => {
    assert.deepEqual(names("verticalPodAutoscaler"), [
      "CustomResourceDefinition/verticalpodautoscalers.autoscaling.k8s.io",
      "CustomResourceDefinition/verticalpodautoscalercheckpoints.autoscaling.k8s.io",
    ]);
    const monitoring = names("monitoring");
    for (const plural of ["prometheuses", "prometheusrules", "servicemonitors", "probes"])
      assert.ok(monitoring.includes(`CustomResourceDefinition/${plural}.monitoring.coreos.com`), plural);
    assert.ok(names("flux").includes("CustomResourceDefinition/helmrepositories.source.toolkit.fluxcd.io"));
    assert.ok(names("flux").includes("CustomResourceDefinition/gitrepositories.source.toolkit.fluxcd.io"));
  });

  it("have their namespace, under the stack's name for it", () => {
    assert.equal(names("monitoring")[0], "Namespace/monitoring");
    assert.equal(names("monitoring", "observability")[0], "Namespace/observability");
    assert.ok(!names("verticalPodAutoscaler").some((name) => name.startsWith("Namespace/")));
  });

  it("are known by a label, so that they are told from real ones", () => {
    for (const { metadata } of simulatedObjects("certManager"))
      assert.equal((metadata as { labels: Record<string, string> }).labels[simulatedAddon], "certManager");
  });

  it("hold no APIService, which would keep namespaces from being deleted", () => {
    for (const addon of [
      "certManager",
      "ingressNginx",
      "monitoring",
      "velero",
      "verticalPodAutoscaler",
      "externalSecrets",
    ])
      assert.ok(!names(addon).some((name) => name.startsWith("APIService")));
  });
});
