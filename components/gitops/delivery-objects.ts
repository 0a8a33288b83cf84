import type { ArgoCdDelivery, Delivery, FluxDelivery, PulumiOperatorDelivery } from "../model/gitops.ts";
import { standardLabels } from "../model/names.ts";

/** An object of one of the tools, of which everything is known. */
export interface DeliveryObject {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace: string; labels: Record<string, string> };
  spec: Record<string, unknown>;
}

/** What the objects are about. */
export interface Delivered {
  /** Name of the system; its environment's name follows it in default names. */
  system: string;
  environment: string;
  /** Namespace of the system. */
  namespace: string;
}

/** The objects that make a tool deliver a system; the later ones refer to the earlier. */
export function deliveryObjects(delivery: Delivery, delivered: Delivered): DeliveryObject[] {
  switch (delivery.tool) {
    case "argoCd":
      return [application(delivery, delivered)];
    case "flux":
      return fluxObjects(delivery, delivered);
    case "pulumiOperator":
      return [operatorStack(delivery, delivered)];
  }
}

function metadata(name: string, namespace: string, { system }: Delivered): DeliveryObject["metadata"] {
  return { name, namespace, labels: standardLabels(name, system, { component: "delivery" }) };
}

/** Without a finalizer: deleting the Application leaves what it delivered (argo-cd docs, "App Deletion"). */
function application(delivery: ArgoCdDelivery, delivered: Delivered): DeliveryObject {
  const { repository, revision, path, valueFiles, prune, selfHeal } = delivery;
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Application",
    metadata: metadata(nameOf(delivery, delivered), delivery.namespace, delivered),
    spec: {
      project: delivery.project,
      source: {
        repoURL: repository,
        targetRevision: revision,
        path,
        ...(valueFiles.length ? { helm: { valueFiles } } : {}),
      },
      destination: { server: delivery.server, namespace: delivery.targetNamespace ?? delivered.namespace },
      syncPolicy: { automated: { prune, selfHeal }, syncOptions: ["CreateNamespace=true"] },
    },
  };
}

function fluxObjects(delivery: FluxDelivery, delivered: Delivered): DeliveryObject[] {
  const { namespace, interval, path, values, kind } = delivery;
  const name = nameOf(delivery, delivered);
  const source = { kind: "GitRepository", name: delivery.repositoryName ?? name };
  const targetNamespace = delivery.targetNamespace ?? delivered.namespace;
  const repository: DeliveryObject = {
    apiVersion: "source.toolkit.fluxcd.io/v1",
    kind: "GitRepository",
    metadata: metadata(source.name, namespace, delivered),
    spec: { interval, url: delivery.repository, ref: { branch: delivery.branch } },
  };
  const release: DeliveryObject = {
    apiVersion: "helm.toolkit.fluxcd.io/v2",
    kind: "HelmRelease",
    metadata: metadata(name, namespace, delivered),
    spec: {
      interval,
      // Where the release keeps its history, so that `helm history` finds it beside the objects.
      ...{ releaseName: name, targetNamespace, storageNamespace: targetNamespace },
      chart: { spec: { chart: path, interval, sourceRef: source, reconcileStrategy: "Revision" } },
      install: { createNamespace: true, remediation: { retries: 3 } },
      upgrade: { remediation: { retries: 3, remediateLastFailure: true } },
      driftDetection: { mode: "enabled" },
      ...(Object.keys(values).length ? { values } : {}),
    },
  };
  const kustomization: DeliveryObject = {
    apiVersion: "kustomize.toolkit.fluxcd.io/v1",
    kind: "Kustomization",
    metadata: metadata(name, namespace, delivered),
    spec: { interval, path, sourceRef: source, targetNamespace, prune: true, wait: true, timeout: "10m" },
  };
  return [repository, kind === "HelmRelease" ? release : kustomization];
}

/**
 * P9 (b): `refresh` and `continueResyncOnCommitMatch` undo what is changed in the cluster; what leaves the program is deleted by
 * the engine. The stack outlives its Stack object.
 */
function operatorStack(delivery: PulumiOperatorDelivery, delivered: Delivered): DeliveryObject {
  const { accessTokenSecret, backend, directory, workspace } = delivery;
  return {
    apiVersion: "pulumi.com/v1",
    kind: "Stack",
    metadata: metadata(nameOf(delivery, delivered), delivery.namespace, delivered),
    spec: {
      stack: delivery.stack,
      projectRepo: delivery.repository,
      branch: delivery.branch,
      ...(directory ? { repoDir: directory } : {}),
      ...(backend ? { backend } : {}),
      serviceAccountName: delivery.serviceAccount,
      useLocalStackOnly: true,
      refresh: true,
      continueResyncOnCommitMatch: true,
      resyncFrequencySeconds: delivery.resyncSeconds,
      destroyOnFinalize: false,
      ...(accessTokenSecret
        ? {
            envRefs: {
              PULUMI_ACCESS_TOKEN: { type: "Secret", secret: { name: accessTokenSecret, key: "accessToken" } },
            },
          }
        : {}),
      ...(workspace ? { workspaceTemplate: workspace } : {}),
    },
  };
}

function nameOf({ name }: { name?: string | undefined }, { system, environment }: Delivered): string {
  return name ?? `${system}-${environment}`;
}
