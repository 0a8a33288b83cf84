import { catalogue } from "../charts/catalogue.ts";
import type { ChartValues } from "../charts/chart.ts";
import { chosenImage, splitImage } from "../charts/images.ts";
import type { IngressNginxAddon } from "../model/addons.ts";
import { type Resources, resourceRequirements } from "../model/quantity.ts";

/** What ingress-nginx's chart is made of. */
export interface IngressNginxOptions extends Omit<IngressNginxAddon, "ownership" | "namespace"> {
  /** Registry that replaces the image's own, path kept. */
  registry?: string | undefined;
  /** Names of existing image pull Secrets. */
  pullSecrets?: string[] | undefined;
}

/**
 * Release name. With class nginx the controller is `ingress-nginx-controller`, as its documentation has it; that of another class
 * has names of its own, those of cluster roles, webhooks and the leader's lease included, so that both can be in one cluster.
 */
export function ingressNginxRelease(ingressClass: string): string {
  return ingressClass === "nginx" ? "ingress-nginx" : `ingress-nginx-${ingressClass}`;
}

/** Requests are the chart's own; it sets no limits. nginx takes about 100 MiB, and some more for each worker and many hosts. */
const controllerResources: Resources = {
  requests: { cpu: "100m", memory: "256Mi" },
  limits: { cpu: "1000m", memory: "1Gi" },
};

/** The values of ingress-nginx's chart (4.15). */
export function ingressNginxValues(options: IngressNginxOptions): ChartValues {
  const { class: ingressClass, highAvailability, registry, pullSecrets = [], metrics, service } = options;
  const image = splitImage(chosenImage(catalogue.ingressNginx.images.controller, options.image, registry));
  return {
    imagePullSecrets: pullSecrets.map((name) => ({ name })),
    controller: {
      image: { registry: image.registry, image: image.path, tag: image.tag, digest: image.digest },
      ingressClass,
      ingressClassResource: {
        name: ingressClass,
        enabled: true,
        default: false,
        controllerValue: `k8s.io/${ingressNginxRelease(ingressClass)}`,
      },
      resources: resourceRequirements(controllerResources),
      // Both are the chart's defaults, and each one's opposite lets whoever writes an Ingress run code here.
      allowSnippetAnnotations: false,
      enableAnnotationValidations: true,
      admissionWebhooks: {
        enabled: true,
        // The certificate comes from cert-manager: the chart's own Jobs are Helm hooks, which helm.v4.Chart drops.
        certManager: { enabled: true },
      },
      metrics: { enabled: metrics },
      service: {
        type: service.type,
        annotations: service.annotations,
        ...(service.externalTrafficPolicy ? { externalTrafficPolicy: service.externalTrafficPolicy } : {}),
      },
      ...(highAvailability
        ? {
            replicaCount: 2,
            // Renders no `replicas`, so that the autoscaler alone owns the number; the budget follows from minReplicas.
            autoscaling: {
              enabled: true,
              minReplicas: 2,
              maxReplicas: 6,
              targetCPUUtilizationPercentage: 70,
              targetMemoryUtilizationPercentage: 80,
            },
            topologySpreadConstraints: [
              {
                maxSkew: 1,
                topologyKey: "kubernetes.io/hostname",
                whenUnsatisfiable: "ScheduleAnyway",
                labelSelector: { matchLabels: ingressNginxLabels(ingressClass) },
              },
            ],
          }
        : { replicaCount: 1 }),
    },
    defaultBackend: { enabled: false },
  };
}

/** Labels of the pods of the controller behind a class. */
export function ingressNginxLabels(ingressClass: string): Record<string, string> {
  return {
    "app.kubernetes.io/name": "ingress-nginx",
    "app.kubernetes.io/instance": ingressNginxRelease(ingressClass),
    "app.kubernetes.io/component": "controller",
  };
}
