import assert from "node:assert/strict";
import { Application } from "@kubernetes-models/argo-cd/argoproj.io/v1alpha1/Application";
import { HelmRelease } from "@kubernetes-models/flux-cd/helm.toolkit.fluxcd.io/v2/HelmRelease";
import { Kustomization } from "@kubernetes-models/flux-cd/kustomize.toolkit.fluxcd.io/v1/Kustomization";
import { GitRepository } from "@kubernetes-models/flux-cd/source.toolkit.fluxcd.io/v1/GitRepository";
import { deliveryObjects } from "../../../components/gitops/delivery-objects.ts";
import { Handover } from "../../../components/gitops/handover.ts";
import type { Deliveries, Delivery } from "../../../components/model/gitops.ts";
import type { SystemInput } from "../../../components/model/system.ts";
import { SettingsError } from "../../../settings/read.ts";
import { resolve } from "../../../settings/resolve.ts";
import { systems } from "../../../systems/index.ts";
import { asPreviewAndUpdate, record } from "../mocks.ts";

const repository = "https://github.com/your-org/your-app";
const cluster = JSON.stringify({ context: "c" });

/** The delivery of CodeLab that a stack's settings come to, with what its document might say of it. */
function chosen(gitops: unknown, documented: Deliveries = {}) {
  const codelab = { ...systems.codelab, gitops: documented } as SystemInput;
  const config = { "keelson:system": "codelab", "keelson:environment": "prod", "keelson:cluster": cluster };
  const settings = { ...config, "keelson:gitops": JSON.stringify(gitops) };
  return resolve({ config: settings, stack: "prod", systems: { codelab }, sandbox: undefined });
}
function objects(gitops: unknown, documented?: Deliveries) {
  const { platform } = chosen(gitops, documented);
  assert.ok(platform.delivery);
  return deliveryObjects(platform.delivery, { ...platform, system: platform.name });
}
function problems(gitops: unknown): readonly string[] {
  try {
    chosen(gitops);
  } catch (error) {
    assert.ok(error instanceof SettingsError, String(error));
    return error.problems;
  }
  return [];
}

describe("delivery from git", () => {
  it("by Argo CD is an Application that its API takes", () => {
    const [application] = objects({ argoCd: { repository, path: "deploy", valueFiles: ["values-prod.yaml"] } });
    new Application(application as ConstructorParameters<typeof Application>[0]).validate();
    assert.deepEqual(application?.metadata.name, "codelab-prod");
    assert.deepEqual(application?.spec, {
      project: "default",
      source: {
        repoURL: repository,
        targetRevision: "main",
        path: "deploy",
        helm: { valueFiles: ["values-prod.yaml"] },
      },
      destination: { server: "https://kubernetes.default.svc", namespace: "codelab" },
      syncPolicy: { automated: { prune: true, selfHeal: true }, syncOptions: ["CreateNamespace=true"] },
    });
  });

  it("by Flux is a GitRepository with a HelmRelease or a Kustomization, as their APIs take them", () => {
    const flux = { repository, path: "./charts/app", repositoryName: "app-repo" };
    const [source, release] = objects({ flux: { ...flux, kind: "HelmRelease", values: { replicas: 3 } } });
    new GitRepository(source as ConstructorParameters<typeof GitRepository>[0]).validate();
    new HelmRelease(release as ConstructorParameters<typeof HelmRelease>[0]).validate();
    assert.equal(release?.apiVersion, "helm.toolkit.fluxcd.io/v2");
    assert.deepEqual([release?.spec.interval, release?.spec.values], ["10m", { replicas: 3 }]);
    assert.equal(source?.metadata.name, "app-repo");
    const [, kustomization] = objects({ flux: { ...flux, kind: "Kustomization" } });
    new Kustomization(kustomization as ConstructorParameters<typeof Kustomization>[0]).validate();
    assert.deepEqual(kustomization?.spec.sourceRef, { kind: "GitRepository", name: "app-repo" });
  });

  it("by Pulumi Kubernetes Operator is a Stack that undoes drift and outlives its object", () => {
    const [stack] = objects({
      pulumiOperator: {
        repository,
        stack: "your-org/keelson/prod",
        serviceAccount: "deployer",
        accessTokenSecret: "cloud",
      },
    });
    assert.equal(stack?.apiVersion, "pulumi.com/v1");
    assert.deepEqual(stack?.spec, {
      stack: "your-org/keelson/prod",
      projectRepo: repository,
      branch: "main",
      serviceAccountName: "deployer",
      useLocalStackOnly: true,
      refresh: true,
      continueResyncOnCommitMatch: true,
      resyncFrequencySeconds: 600,
      destroyOnFinalize: false,
      envRefs: { PULUMI_ACCESS_TOKEN: { type: "Secret", secret: { name: "cloud", key: "accessToken" } } },
    });
  });

  it("has the documents' numbers where the stack only names the tool (000-GIT-1, 000-GIT-2)", () => {
    const { gitops } = systems["ai-assistant-mvp"] as { gitops: Deliveries };
    const [application] = objects({ argoCd: {} }, gitops);
    assert.deepEqual([application?.metadata.name, application?.metadata.namespace], ["ai-assistant-prod", "argocd"]);
    assert.deepEqual(application?.spec.source, {
      repoURL: "https://github.com/your-org/ai-assistant",
      targetRevision: "main",
      path: "deployment/helm/ai-assistant",
      helm: { valueFiles: ["values-production.yaml"] },
    });
    const [source, release] = objects({ flux: {} }, gitops);
    assert.equal(source?.metadata.name, "ai-assistant-repo");
    assert.deepEqual([release?.metadata.name, release?.spec.interval], ["ai-assistant", "10m"]);
    assert.deepEqual(release?.spec.values, {
      app: { image: { tag: "v1.0.0" } },
      ingress: { hosts: [{ host: "ai-assistant.production.com" }] },
    });
  });

  it("takes what the system's document says, and the stack's word over it", () => {
    const documented = { argoCd: { name: "documented", repository, path: "chart", revision: "v1" } };
    const [application] = objects({ argoCd: { revision: "v2" } }, documented);
    assert.equal(application?.metadata.name, "documented");
    assert.match(JSON.stringify(application), /"targetRevision":"v2"/);
  });

  it("needs none of the secrets that the system needs", () => {
    assert.deepEqual(problems({ argoCd: { repository, path: "deploy" } }), []);
    assert.deepEqual(chosen({ argoCd: { repository, path: "deploy" } }).secrets, {});
  });

  it("is by one tool, which is told all it has to know", () => {
    const oneOf = "exactly one of: argoCd, flux, pulumiOperator";
    assert.ok(
      problems({}).includes(`Pulumi.prod.yaml: keelson:gitops: names no tool; ${oneOf}`),
      problems({}).join("\n"),
    );
    const two = { argoCd: { repository, path: "a" }, flux: { repository, path: "a", kind: "Kustomization" } };
    assert.ok(problems(two).includes(`Pulumi.prod.yaml: keelson:gitops: names 2 tools: argoCd, flux; ${oneOf}`));
    assert.ok(
      problems({ argoCd: { path: "a" } }).includes(
        "Pulumi.prod.yaml: keelson:gitops.argoCd.repository: is missing; give a string",
      ),
      problems({ argoCd: { path: "a" } }).join("\n"),
    );
  });
});

describe("Handover", () => {
  asPreviewAndUpdate((preview) => {
    it("makes the tool's objects and nothing else", async () => {
      const delivery: Delivery = {
        tool: "flux",
        namespace: "flux-system",
        repository,
        branch: "main",
        path: "deploy",
        kind: "Kustomization",
        interval: "10m",
        values: {},
      };
      const model = { name: "codelab", environment: "prod", namespace: "codelab" } as const;
      const made = await record(preview, () => new Handover("codelab", { delivery, model }));
      assert.deepEqual(
        made.map(({ type }) => type),
        [
          "keelson:gitops:Handover",
          "kubernetes:source.toolkit.fluxcd.io/v1:GitRepository",
          "kubernetes:kustomize.toolkit.fluxcd.io/v1:Kustomization",
        ],
      );
    });
  });
});
