import type { Addons, IngressNginxAddon } from "../model/addons.ts";
import type { PodGroup, Relation } from "../model/relations.ts";
import { monitoringRelations, prometheus } from "../observability/monitoring-relations.ts";
import { veleroLabels } from "../operations/velero-values.ts";
import {
  externalSecretsLabels,
  externalSecretsParts,
  externalSecretsWebhookPort,
} from "../security/external-secrets-values.ts";
import { certManagerLabels } from "./cert-manager-values.ts";
import { ingressNginxLabels, ingressNginxRelease } from "./ingress-nginx-values.ts";

/** The controller behind the IngressClass, as one end of relations; undefined where the system relies on none. */
export function ingressController({ ingressNginx }: Pick<Addons, "ingressNginx">): PodGroup | undefined {
  return ingressNginx && controllerGroup(ingressNginx);
}

/** The pods of the controller of a class. */
export function controllerGroup({
  namespace,
  class: ingressClass,
}: Pick<IngressNginxAddon, "namespace" | "class">): PodGroup {
  return { id: `${ingressNginxRelease(ingressClass)}-controller`, namespace, labels: ingressNginxLabels(ingressClass) };
}

/** The pods that cert-manager makes for an HTTP-01 challenge, in the namespace of the Ingress; the controller sends them the question. */
export function challengeSolver(namespace: string): PodGroup {
  return { id: "acme-http01-solver", namespace, labels: { "acme.cert-manager.io/http01-solver": "true" } };
}

/** What a stack's own add-ons say to others and are told by them. An add-on that is only present has policies of its own. */
export function addonRelations(addons: Addons): Relation[] {
  return [
    ...certManagerRelations(addons),
    ...ingressNginxRelations(addons),
    ...monitoringRelations(addons),
    ...addonScrapes(addons),
    ...veleroRelations(addons),
    ...externalSecretsRelations(addons),
  ];
}

/** What solver pods in a namespace are told: the ingress controller passes Let's Encrypt's question on, cert-manager asks first. */
export function challengeRelations(addons: Addons, namespace: string): Relation[] {
  const controller = ingressController(addons);
  return addons.certManager && controller ? [challengeRelation(controller, namespace)] : [];
}

/** The ingress controller passes Let's Encrypt's question on to the solver pods of a namespace. */
export function challengeRelation(controller: PodGroup, namespace: string): Relation {
  return { from: controller, to: challengeSolver(namespace), ports: [{ port: 8089 }], note: "HTTP-01 challenge" };
}

/** Prometheus asks the add-ons that it has monitors for. */
function addonScrapes(addons: Addons): Relation[] {
  const from = prometheus(addons);
  const { certManager } = addons;
  const controller = ingressController(addons);
  if (!from) return [];
  return [
    ...(certManager ? [{ from, to: certManagerGroup(certManager.namespace, "controller"), port: 9402 }] : []),
    ...(controller ? [{ from, to: controller, port: 10254 }] : []),
  ].map(({ port, ...ends }) => ({ ...ends, ports: [{ port }], note: "metrics" }));
}

/** The pods of one part of cert-manager. */
export function certManagerGroup(namespace: string, part: "controller" | "webhook" | "cainjector"): PodGroup {
  return {
    id: part === "controller" ? "cert-manager" : `cert-manager-${part}`,
    namespace,
    labels: certManagerLabels(part),
  };
}

/** What cert-manager is told and says: to ingress-nginx too, where both are given. */
export function certManagerRelations(addons: Pick<Addons, "certManager" | "ingressNginx">): Relation[] {
  const { certManager } = addons;
  const controller = ingressController(addons);
  if (certManager?.ownership !== "own") return [];
  const group = (part: "controller" | "webhook" | "cainjector") => certManagerGroup(certManager.namespace, part);
  const toApiServer = (["controller", "webhook", "cainjector"] as const).map(
    (part): Relation => ({ from: group(part), to: "api-server", ports: [], note: "Kubernetes API" }),
  );
  return [
    ...toApiServer,
    { from: "control-plane", to: group("webhook"), ports: [{ port: 10250 }], note: "webhook" },
    { from: group("controller"), to: "internet", ports: [{ port: 443 }], note: "ACME server" },
    // Before it lets Let's Encrypt look at a challenge, cert-manager looks itself: at the load balancer's address, which
    // kube-proxy may lead straight to the ingress controller's pods.
    { from: group("controller"), to: "internet", ports: [{ port: 80 }], note: "a look at the challenge" },
    ...(controller
      ? [{ from: group("controller"), to: controller, ports: [{ port: 80 }], note: "a look at the challenge" }]
      : []),
  ];
}

/** What the ingress controller is told, by whom, and says. */
export function ingressNginxRelations(addons: Pick<Addons, "ingressNginx">): Relation[] {
  const controller = ingressController(addons);
  if (!controller || addons.ingressNginx?.ownership !== "own") return [];
  return [
    { from: controller, to: "api-server", ports: [], note: "Kubernetes API" },
    { from: "control-plane", to: controller, ports: [{ port: 8443 }], note: "webhook" },
    { from: "anywhere", to: controller, ports: [{ port: 80 }, { port: 443 }], note: "HTTP and HTTPS" },
  ];
}

/** What Velero says. */
export function veleroRelations({ velero }: Pick<Addons, "velero">): Relation[] {
  if (velero?.ownership !== "own") return [];
  const server: PodGroup = { id: "velero", namespace: velero.namespace, labels: veleroLabels };
  return [
    { from: server, to: "api-server", ports: [], note: "Kubernetes API" },
    { from: server, to: "internet", ports: [{ port: 443 }], note: "object storage" },
  ];
}

/** What External Secrets Operator is told and says. */
export function externalSecretsRelations({ externalSecrets }: Pick<Addons, "externalSecrets">): Relation[] {
  if (externalSecrets?.ownership !== "own") return [];
  const { namespace } = externalSecrets;
  const [controller, webhook, certController] = externalSecretsParts.map((part): PodGroup => {
    const labels = externalSecretsLabels(part);
    return { id: labels["app.kubernetes.io/name"] ?? part, namespace, labels };
  }) as [PodGroup, PodGroup, PodGroup];
  return [
    ...[controller, webhook, certController].map(
      (from): Relation => ({ from, to: "api-server", ports: [], note: "Kubernetes API" }),
    ),
    { from: "control-plane", to: webhook, ports: [{ port: externalSecretsWebhookPort }], note: "webhook" },
    { from: controller, to: "internet", ports: [{ port: 443 }], note: "secret store" },
  ];
}
